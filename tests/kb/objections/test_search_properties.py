"""Rules of the look-up that hold for any text whatever."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.objections.normalise import MAX_CHARS, fold, squash
from kb.objections.search import CardIndex
from tests.kb.objections.sample import CARDS, card

INDEX = CardIndex(CARDS)
WORDINGS = [(item.id, text) for item in CARDS for text in item.wordings]
anything = st.text(max_size=300)


@settings(max_examples=150, deadline=None)
@given(anything)
def test_any_text_is_answered_within_bounds(query: str) -> None:
    hits = INDEX.search(query)
    assert len(hits) <= 3
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)
    assert len({hit.card_id for hit in hits}) == len(hits)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WORDINGS), st.sampled_from(["", " ", "!", "。", "  ?", "\u200b", "\n"]))
def test_an_exact_wording_always_comes_first(wording: tuple[str, str], noise: str) -> None:
    card_id, text = wording
    assert INDEX.search(noise + text.upper() + noise)[0].card_id == card_id


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(WORDINGS), st.lists(st.text(min_size=1, max_size=40), max_size=4))
def test_a_new_card_never_worsens_an_unrelated_exact_match(
    wording: tuple[str, str], phrasings: list[str]
) -> None:
    card_id, text = wording
    others = [phrase for phrase in phrasings if squash(fold(phrase)) != squash(fold(text))]
    grown = CardIndex([card("new", "en", text + " and more", others), *CARDS])
    before, after = INDEX.search(text)[0], grown.search(text)[0]
    assert (after.card_id, after.score) == (card_id, before.score)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_text_can_be_a_card(texts: list[str]) -> None:
    index = CardIndex([card("odd", "zh", texts[0], texts[1:])])
    for text in texts:
        readable = squash(fold(text))
        assert bool(readable) == (bool(index.search(text)) and index.search(text)[0].score > 0.9)


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    padded = "x " * (MAX_CHARS // 2) + "a spreadsheet does the job"
    assert [hit.card_id for hit in INDEX.find_nearest(padded)] == [
        hit.card_id for hit in INDEX.find_nearest(padded[:MAX_CHARS])
    ]
