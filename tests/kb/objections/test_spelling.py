"""A mistyped word is mended to a word in use; a word in use stays as it is."""

import pytest

from kb.objections.spelling import Spelling


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("expnsive", "expensive"),
        ("biulding", "building"),
        ("teh", "the"),
        ("cntrct", "contract"),
        ("contrakct", "contract"),
        ("zebra", "zebra"),
    ],
)
def test_a_slip_is_mended_towards_words_in_use(typed: str, meant: str) -> None:
    spelling = Spelling.of_words(["expensive", "building", "contract", "spreadsheet"])
    assert spelling.mend(typed) == meant


def test_a_begun_last_word_is_finished_only_if_one_word_fits() -> None:
    spelling = Spelling.of_words(["spreadsheet", "contract", "contractor", "contrast"])
    assert spelling.finish("spreads") == "spreadsheet"
    assert spelling.finish("contra") == "contra"


def test_words_added_later_are_known_and_mended_to_and_the_older_spelling_stays() -> None:
    older = Spelling.of_words(["expensive"])
    newer = older.with_words(["doubloon"])
    assert newer.mend("dubloon") == "doubloon"
    assert newer.mend("expnsive") == "expensive"
    assert older.mend("dubloon") == "dubloon"
    assert newer.knows("doubloon")
    assert not older.knows("doubloon")


def test_nothing_is_made_anew_for_words_that_are_known() -> None:
    spelling = Spelling.of_words(["expensive"])
    assert spelling.with_words(["expensive"]) is spelling
