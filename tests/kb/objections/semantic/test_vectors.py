"""The vectors of cards: close to the true ones, each text once, gone with the last who had it."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.card import Card
from kb.objections.semantic.embedding_compare import Comparer
from kb.objections.semantic.meaning import list_card_texts, measure_scale, split_query
from kb.objections.semantic.vectors import CardVectors, VectorTable
from tests.encoders import DIMENSIONS, Model, vector
from tests.kb.objections.sample import CARDS, ENGLISH, card

TEXTS = st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=600, unique=True)


def placed(
    comparer: Comparer, cards: Sequence[Card], before: CardVectors | None = None
) -> CardVectors:
    unread = comparer.list_unread(cards, before)
    if unread:
        comparer.read(unread)
    return comparer.place(cards, before)


@given(TEXTS, st.text(min_size=1, max_size=40))
def test_a_byte_a_dimension_keeps_the_likeness_of_any_texts(texts: list[str], asked: str) -> None:
    table = VectorTable(DIMENSIONS)
    table.put(texts, np.stack([vector(text) for text in texts]))
    found = table.compare(vector(asked)[np.newaxis], table.find_rows(texts))
    assert np.allclose(found, [vector(text) @ vector(asked) for text in texts], atol=0.03)


def test_a_text_that_several_teams_have_is_read_and_kept_once() -> None:
    model = Model()
    comparer = Comparer(model)
    placed(comparer, ENGLISH)
    model.read.clear()
    placed(comparer, list(ENGLISH))
    assert model.read == []
    assert len(comparer) == len({text for one in ENGLISH for text in list_card_texts(one)})


def test_only_a_card_that_changed_is_read_again() -> None:
    model = Model()
    comparer = Comparer(model)
    before = placed(comparer, CARDS)
    model.read.clear()
    changed = card("dear", "en", "That is daylight robbery", [])
    placed(comparer, [changed, *CARDS[1:]], before)
    assert set(model.read) == {"That is daylight robbery"}


def test_a_text_nobody_has_any_more_is_forgotten_and_its_place_used_again() -> None:
    comparer = Comparer(Model())
    own = card("own", "en", "Only this team hears that", [])
    first, other = placed(comparer, [own, *ENGLISH]), placed(comparer, ENGLISH)
    kept = len(comparer)
    comparer.release(first)
    assert len(comparer) == kept - 1
    placed(comparer, [card("new", "en", "Something else altogether", [])])
    likeness = comparer.compare(other, ["this costs a fortune"])
    assert likeness is not None
    assert likeness.cards[int(np.argmax(likeness.wording))].id == "en:dear"


def test_vectors_that_were_replaced_give_no_opinion() -> None:
    comparer = Comparer(Model())
    before = placed(comparer, ENGLISH)
    placed(comparer, CARDS, before)
    assert comparer.compare(before, ["too dear"]) is None


def test_a_card_is_as_near_as_its_best_wording_and_its_answer_is_told_apart() -> None:
    comparer = Comparer(Model())
    likeness = comparer.compare(placed(comparer, CARDS), ["i must ask upstairs first"])
    assert likeness is not None
    place = likeness.places["en:boss"]
    assert int(np.argmax(likeness.wording)) == place
    assert likeness.wording[place] > likeness.answer[place]


def test_a_text_that_could_not_be_read_is_like_no_other() -> None:
    comparer = Comparer(Model())
    odd = card("odd", "en", "Unreadable", [])
    comparer.pass_over("Unreadable")
    likeness = comparer.compare(comparer.place([odd]), ["Unreadable"])
    assert likeness is not None
    assert likeness.wording[0] <= 0


def test_no_cards_are_like_nothing() -> None:
    comparer = Comparer(Model())
    likeness = comparer.compare(comparer.place([]), ["anything"])
    assert likeness is not None
    assert len(likeness.wording) == 0


def test_a_scale_makes_models_comparable_whatever_their_cosines() -> None:
    plain, narrow = Model(), Model()

    def squeezed(texts: Sequence[str], /) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        # One more dimension, the same for all, puts every cosine between 0.9 and 1.
        found = np.hstack([0.3 * narrow(texts), np.full((len(texts), 1), 0.9, np.float32)])
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    asked = ["this costs a fortune"]
    comparers = Comparer(plain), Comparer(squeezed)
    wide, tight = (c.compare(placed(c, CARDS), asked) for c in comparers)
    assert measure_scale(squeezed).centre > 0.9
    assert wide is not None
    assert tight is not None
    assert np.allclose(wide.wording, tight.wording, atol=1.0)


def test_of_a_pasted_mail_each_clause_is_asked_about() -> None:
    mail = "Hi Tom, thanks for the call. The quote is far too high for us. Also my boss objects."
    texts = split_query(mail)
    assert len(texts) > 2
    assert split_query("too dear") == ("too dear",)
    assert split_query("  ") == ()
