"""Two spellings of one wording come out the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.normalise import MAX_CHARS, fold, squash, tokenize


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Ｔｏｏ　ＤＥＡＲ", "too dear"),
        ("Café", "cafe"),
        ("don’t", "don't"),
        ("soooooo", "soo"),
        ("贵贵贵贵", "贵"),
        ("沒有預算", "没有预算"),
        ("bud\u200bget", "budget"),
        ("1000", "1000"),
    ],
)
def test_spellings_are_evened_out(typed: str, plain: str) -> None:
    assert fold(typed) == plain


@given(st.text(max_size=200))
def test_folding_twice_reads_the_same(text: str) -> None:
    assert squash(fold(fold(text))) == squash(fold(text))


@given(st.text())
def test_pieces_hold_no_blanks(text: str) -> None:
    assert all(piece and not piece.isspace() for piece in tokenize(fold(text)))


def test_a_folded_text_is_bounded_even_where_one_sign_becomes_many() -> None:
    assert len(fold("\ufdfa" * MAX_CHARS)) <= MAX_CHARS
