"""Lines made safe to keep."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import clean_text, remove_spans
from handlers.reading.clean import LONGEST, fold_in_place, simplify


def test_unseen_characters_go_and_breaks_become_spaces() -> None:
    assert clean_text("a\x00b\u202e c\u200b\ud800 d\n\t e", 50) == "ab c\ufffd d e"


def test_a_line_is_cut_and_composed() -> None:
    assert clean_text("e\u0301" * 10, 4) == "é" * 4


@given(text=st.text(max_size=400), limit=st.integers(0, 100))
def test_a_cleaned_line_can_be_kept_anywhere(text: str, limit: int) -> None:
    line = clean_text(text, limit)
    assert len(line) <= limit
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Cs"}
    assert clean_text(line, limit) == line
    line.encode("utf-8")


@given(text=st.text(max_size=400))
def test_folding_moves_no_character(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


def test_cutting_tidies_the_separators_around_the_cut() -> None:
    assert remove_spans("tomorrow, call Acme", [(0, 8)]) == "call Acme"
    assert remove_spans("明天给华为打电话", [(0, 2)]) == "给华为打电话"


def test_folding_lowers_narrows_and_simplifies() -> None:
    assert fold_in_place("ＡＣＭＥ　１２Ｋ，華為。") == "acme 12k;华为."
    assert fold_in_place("1，200") == "1,200"
    assert len(fold_in_place("a" * (LONGEST + 5))) == LONGEST


def test_traditional_characters_become_simplified_ones() -> None:
    assert simplify("華為 台積電 Acme") == "华为 台积电 Acme"


@given(
    text=st.text(alphabet="ab ,;", max_size=30),
    spans=st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=4),
)
def test_cutting_never_adds_a_word(text: str, spans: list[tuple[int, int]]) -> None:
    ordered = [(min(pair), max(pair)) for pair in spans]
    left = remove_spans(text, ordered)
    assert len(left) <= len(text)
    assert left == left.strip()
