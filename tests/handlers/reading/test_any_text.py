"""Every parser takes any text at all: it answers, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import (
    NameIndex,
    clean_text,
    find_closest_word,
    find_money,
    read_duration,
    read_lead,
    read_money,
    split_name,
)
from tests.handlers.reading.phrases import read

INDEX = NameIndex([(1, "Acme Ltd"), (2, "华为"), (3, "Blue Sky Studios")])
PARSERS: dict[str, Callable[[str], object]] = {
    "read_when": read,
    "read_duration": read_duration,
    "read_money": lambda text: read_money(text, "EUR"),
    "find_money": lambda text: find_money(text, "CNY"),
    "read_lead": lambda text: read_lead(text, "CN", "CNY"),
    "split_name": lambda text: split_name(text, INDEX),
    "find": INDEX.find,
    "find_closest_word": lambda text: find_closest_word(text, [("price", "p")], 75),
    "clean_text": lambda text: clean_text(text, 200),
}
LENGTH = 10_000
# A fair parser needs some 0.1 s for these; a runaway pattern needs minutes.
PATIENCE = 2.0  # seconds
PIECES = [
    "1",
    "1 ",
    "1,",
    "1:",
    "12/",
    "a ",
    "a  ",
    "from  ",
    "the ",
    "at ",
    "in 1 ",
    "Dec 3 ",
    "half a ",
    "three ",
    "(",
    "(a",
    "a@b.",
    "+1 ",
    "，",
    "：",
    "a：",
    "source: ",
    "十",
    "三天",
    "下",
    "下下周",
    "早",
    "12月",
    "万",
    "3万",
    "华",
    "王总",
    "的",
    "有限公司",
    "\u0301",
    "\ud800",
    "\u202e",
    "\x00",
    "\u0660",
    "İ",
    "ﷺ",
    "😀",
    "\n",
    " ",
    "'",
    "-",
    ".",
    "Ltd ",
    "& ",
    "Jane at ",
]
_PARTS = st.sampled_from([*PIECES, "tomorrow", "3pm", "明天", "Acme", "12k", "Friday", "bob@x.com"])


@pytest.mark.parametrize("name", PARSERS)
@given(text=st.one_of(st.text(max_size=300), st.lists(_PARTS, max_size=40).map("".join)))
def test_any_text_gets_an_answer(name: str, text: str) -> None:
    PARSERS[name](text)


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
def test_long_repetitions_end_soon(name: str) -> None:
    for piece in PIECES:
        text = (piece * LENGTH)[: LENGTH - 20]
        began = time.perf_counter()
        PARSERS[name](text + " tomorrow 12k")
        assert time.perf_counter() - began < PATIENCE, piece
