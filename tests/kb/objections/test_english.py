"""English words as they are typed are expanded, and forms of one word share a stem."""

import pytest

from kb.objections.english import expand, expand_all, stem


@pytest.mark.parametrize(
    ("word", "full"),
    [
        ("can't", ["can", "not"]),
        ("won't", ["will", "not"]),
        ("shouldnt", ["should", "not"]),
        ("they're", ["they"]),
        ("mtg", ["meeting"]),
        ("roi", ["return", "on", "investment"]),
        ("plain", ["plain"]),
    ],
)
def test_contractions_and_abbreviations_are_written_out(word: str, full: list[str]) -> None:
    assert expand(word) == full


def test_the_trade_is_told_from_the_pronoun() -> None:
    assert expand_all(["it", "department"]) == ["informatics", "department"]
    assert expand_all(["it", "works"]) == ["it", "works"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("switching", "switch"),
        ("companies", "company"),
        ("hiring", "hire"),
        ("planned", "plan"),
        ("paid", "pays"),
        ("cheaper", "cheap"),
        ("boxes", "box"),
    ],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)
