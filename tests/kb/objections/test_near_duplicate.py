"""A card that says again what another says is found; one of its own is not."""

from dataclasses import replace

import pytest

from kb.objections.card import Card
from kb.objections.near_duplicate import find_duplicate, pick_most_named
from kb.objections.search import CardIndex, Hit
from tests.kb.objections.sample import CARDS, card

INDEX = CardIndex(CARDS)


@pytest.mark.parametrize("one", CARDS, ids=lambda one: str(one.id))
def test_no_card_of_the_sample_repeats_another(one: Card) -> None:
    assert find_duplicate(one, INDEX) is None


@pytest.mark.parametrize("one", CARDS, ids=lambda one: str(one.id))
def test_a_copy_of_a_card_is_its_duplicate(one: Card) -> None:
    assert find_duplicate(replace(one, id="copy"), INDEX) == one.id


def test_the_same_objection_is_enough_whatever_else_the_card_says() -> None:
    other = card("new", "en", "This costs a fortune!", ["We run a zoo", "Elephants eat hay"])
    assert find_duplicate(other, INDEX) == "en:dear"


def test_one_wording_in_common_is_not_enough() -> None:
    other = card("new", "en", "We run a zoo", ["Elephants eat hay", "The quote is far too high"])
    assert find_duplicate(other, INDEX) is None


def test_what_is_sure_by_a_hair_is_no_duplicate_where_there_are_few_wordings() -> None:
    hits = [Hit("a", 0.8, "words"), Hit("a", 0.8, "words")]
    assert pick_most_named(hits) is None
    assert pick_most_named([*hits, Hit("a", 0.8, "words")]) == "a"
