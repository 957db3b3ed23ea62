"""A second opinion finds what words cannot, and moves nothing that the look-up is sure of."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.card import Card
from kb.objections.search import CardIndex
from kb.objections.semantic.embedding_compare import Comparer
from kb.objections.semantic.meaning import Likeness, SecondOpinion
from kb.objections.semantic.semantic_index import SemanticIndex
from tests.encoders import Model
from tests.kb.objections.sample import CARDS, card

FAR_FETCHED = "no gold in our coffers"
INDEX = CardIndex(CARDS)


def opinion(cards: Sequence[Card], model: Model) -> SecondOpinion:
    comparer = Comparer(model)
    if unread := comparer.list_unread(cards):
        comparer.read(unread)
    vectors = comparer.place(cards)
    return lambda texts: comparer.compare(vectors, texts)


def never(_texts: tuple[str, ...]) -> Likeness | None:
    raise AssertionError("asked although it was sure")


def silent(_texts: tuple[str, ...]) -> Likeness | None:
    return None


ADVISED = SemanticIndex(INDEX, opinion(CARDS, Model({FAR_FETCHED: "This costs a fortune"})))


def test_a_card_that_shares_no_word_with_the_query_is_found_by_meaning() -> None:
    assert "en:dear" not in [hit.card_id for hit in INDEX.search(FAR_FETCHED)]
    best = ADVISED.search(FAR_FETCHED)[0]
    assert (best.card_id, best.why) == ("en:dear", "meaning: This costs a fortune")


@pytest.mark.parametrize("one", CARDS)
def test_an_exact_wording_is_never_moved_and_never_asked_about(one: Card) -> None:
    index = SemanticIndex(INDEX, never)
    for wording in one.wordings:
        assert index.search(wording, limit=10) == INDEX.search(wording, limit=10)


def test_nobody_is_asked_while_the_look_up_is_sure() -> None:
    [sure, *_] = INDEX.search("costs a fortune")
    assert sure.sure
    assert SemanticIndex(INDEX, never).search("costs a fortune")[0] == sure


def test_nobody_is_asked_about_nothing() -> None:
    assert SemanticIndex(INDEX, never).search("   ") == []


@given(st.text(max_size=200))
def test_without_an_opinion_everything_is_as_without_an_advisor(query: str) -> None:
    assert SemanticIndex(INDEX, silent).find_nearest(query) == INDEX.find_nearest(query)


@given(st.text(max_size=200))
def test_any_text_is_safe_and_each_card_is_named_once_in_falling_order(query: str) -> None:
    hits = ADVISED.find_nearest(query, limit=5)
    assert len({hit.card_id for hit in hits}) == len(hits) <= 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_only_cards_of_the_language_asked_for_are_found() -> None:
    assert all(str(hit.card_id)[:2] == "zh" for hit in ADVISED.find_nearest(FAR_FETCHED, "zh", 10))


def test_the_objections_inside_a_mail_are_found_without_asking_for_each() -> None:
    mail = "Thanks for the call. This costs a fortune, to be honest. And my director decides here."
    assert SemanticIndex(INDEX, never).find_inside(mail) == INDEX.find_inside(mail)


def test_what_an_opinion_leaves_out_cannot_be_found_by_it() -> None:
    others = [one for one in CARDS if one.id != "en:dear"]
    index = SemanticIndex(INDEX, opinion(others, Model({FAR_FETCHED: "This costs a fortune"})))
    assert "en:dear" not in [hit.card_id for hit in index.find_nearest(FAR_FETCHED, limit=50)]


def test_an_index_without_cards_finds_nothing() -> None:
    assert SemanticIndex(CardIndex([]), opinion([], Model())).search("anything") == []


def test_a_newer_index_has_to_be_advised_anew() -> None:
    newer = SemanticIndex(INDEX, never).with_changes([card("x", "en", "Nothing like it", [])])
    assert type(newer) is CardIndex
