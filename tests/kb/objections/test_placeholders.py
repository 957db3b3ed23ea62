"""A card's blanks: filled from the deal, in both languages, and never read twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.placeholders import fill_blanks

DEAL = {"customer": "Acme", "amount": "€12,000", "competitor": "Globex"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{customer} pays {amount}", "Acme pays €12,000"),
        ("Against { Competitor }", "Against Globex"),
        ("{客户}和{竞争对手}", "Acme和Globex"),
        ("｛金额｝", "€12,000"),
    ],
)
def test_blanks_are_filled_by_their_names_in_both_languages(line: str, said: str) -> None:
    assert fill_blanks(line, DEAL) == said


@pytest.mark.parametrize("line", ["{}", "{whatever}", "{0}", "{customer", "{{x}}", "a { b } c"])
def test_other_braces_stay_as_they_are(line: str) -> None:
    assert fill_blanks(line, DEAL) == line


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert fill_blanks("{customer}", {"customer": "{amount}", "amount": "12"}) == "{amount}"


def test_a_blank_without_a_value_stays() -> None:
    assert fill_blanks("{competitor}", {}) == "{competitor}"


@given(st.text())
def test_any_text_without_braces_is_left_alone(text: str) -> None:
    plain = text.translate(dict.fromkeys(map(ord, "{}｛｝")))
    assert fill_blanks(plain, DEAL) == plain
