"""Lines made safe to keep."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import clean_text, remove_spans
from handlers.reading.clean import LONGEST, fold_in_place
from kb.objections.exchange.tidy import tidy
from kb.objections.normalise import simplify

JOINERS = "\u200c\u200d" + "".join(map(chr, range(0xE0030, 0xE0080)))  # within an emoji or a word


def test_unseen_characters_go_and_breaks_become_spaces() -> None:
    assert clean_text("a\x00b\u202e c\u200b\ud800 d\n\t e", 50) == "ab c\ufffd d e"


def test_a_line_is_cut_and_composed() -> None:
    assert clean_text("e\u0301" * 10, 4) == "é" * 4


@given(text=st.text(max_size=400), limit=st.integers(0, 100))
def test_a_cleaned_line_can_be_kept_anywhere(text: str, limit: int) -> None:
    line = clean_text(text, limit)
    assert len(line) <= limit
    plain = "".join(char for char in line if char not in JOINERS)
    assert not {unicodedata.category(char) for char in plain} & {"Cc", "Cf", "Cs"}
    assert clean_text(line, limit) == line
    line.encode("utf-8")


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "👨\u200d👩\u200d👧\u200d👦",
            "👩🏽\u200d💻",
            "❤\ufe0f\u200d🔥",
            "🏳\ufe0f\u200d🌈",
            "🐦\u200d⬛",
        ),
        *("🙂\u200d↔\ufe0f", "🧑🏻\u200d❤\ufe0f\u200d🧑🏿", "👍🏽", "🇫🇷", "1\ufe0f⃣"),
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        *("می\u200cخواهم", "क्\u200dष"),
    ],
)
def test_a_joined_emoji_or_word_stays_whole(typed: str) -> None:
    assert clean_text(f" so {typed} ok", 50) == f"so {typed} ok"
    assert tidy(f" so {typed} ok") == f"so {typed} ok"


@pytest.mark.parametrize(
    "hidden",
    [
        *("A\u200dcme", "华\u200d为", "A\u200ccme", "\u200d👍", "👍\u200d", "👍\u200d\u200b👍"),
        *("🏴\U000e0067", "a\U000e0067\U000e007f", "\u202e👍\u200d"),
    ],
)
def test_a_joiner_or_tag_that_joins_nothing_goes(hidden: str) -> None:
    seen = "".join(char for char in hidden if unicodedata.category(char) != "Cf")
    assert clean_text(hidden, 50) == tidy(hidden) == seen


def test_an_emoji_cut_in_the_middle_leaves_no_joiner() -> None:
    assert clean_text("👩\u200d💻", 2) == "👩"


@given(text=st.text("👩👍\u200d\u200c\ufe0f🏴\U000e0067\U000e007fبa \u0301", max_size=40))
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    line = clean_text(text, 30)
    assert clean_text(line, 30) == line
    assert tidy(tidy(text)) == tidy(text)


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
