"""Lines made safe to keep."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import clean_text, remove_spans
from handlers.reading.clean import fold_in_place


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
