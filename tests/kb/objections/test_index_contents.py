"""An index brought up to date finds what one built anew finds; the older one stays as it was."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.objections import index_contents
from kb.objections.card import Card, LearnedWording
from kb.objections.context_boost import ContextBoost
from kb.objections.normalise import fold, squash
from kb.objections.search import EXACT, CardIndex, Hit
from tests.kb.objections.sample import CARDS, card

SPARE = [
    card("wait", "en", "We would rather wait a quarter", ["Not in this quarter"]),
    card("lock", "en", "We are bound by a contract", ["Our contract runs until June"]),
    card("wait", "zh", "我们想再等一个季度", ["这个季度不行"]),
    card("lock", "zh", "合同还没有到期", []),
]
EVERY = [*CARDS, *SPARE]
WORDS = ["wait", "contract", "quarter", "dear", "excel", "boss", "等", "合同", "贵", "软件"]
BASE = CardIndex(CARDS)
UNCHANGED = {text: BASE.search(text) for card in EVERY for text in card.wordings}

wordings = st.lists(st.sampled_from(WORDS), min_size=2, max_size=5).map(" ".join)
learned = st.builds(LearnedWording, wordings, st.floats(0.1, 1.0))
edited = st.builds(
    lambda old, said, taught: replace(
        old, phrasings=(*said, *old.phrasings), learned=tuple(taught)
    ),
    st.sampled_from(EVERY),
    st.lists(wordings, max_size=2),
    st.lists(learned, max_size=2),
)
gone = st.sampled_from([one.id for one in EVERY])
changes = st.lists(st.tuples(st.lists(edited, max_size=3), st.lists(gone, max_size=3)), max_size=5)


@pytest.fixture(autouse=True, scope="module")
def _put_behind() -> Iterable[None]:
    """So few cards would be built anew at once, and nothing be put behind them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_contents, "REBUILD_BELOW", 0)
        patch.setattr(index_contents, "MAX_PATCHED", 2.0)
        yield


def after(
    steps: Iterable[tuple[list[Card], list[int | str]]],
) -> tuple[CardIndex, dict[int | str, Card]]:
    index, cards = BASE, {one.id: one for one in CARDS}
    for put, left in steps:
        index = index.with_changes(put, left)
        cards = {number: one for number, one in cards.items() if number not in left}
        cards |= {one.id: one for one in put}
    return index, cards


def exact(hits: list[Hit]) -> set[int | str]:
    return {hit.card_id for hit in hits if hit.score == EXACT}


@settings(max_examples=20)
@given(changes)
def test_what_is_said_in_so_many_words_is_found_as_in_an_index_built_anew(
    steps: list[tuple[list[Card], list[int | str]]],
) -> None:
    index, cards = after(steps)
    anew = CardIndex(cards.values())
    assert len(index) == len(anew) == len(cards)
    for text in {text for one in EVERY for text in one.wordings}:
        assert exact(index.find_nearest(text, limit=9)) == exact(anew.find_nearest(text, limit=9))
    for one in cards.values():
        for text in one.wordings:
            assert one.id in exact(index.find_nearest(text, limit=9))


@settings(max_examples=20)
@given(changes, st.sampled_from([text for one in EVERY for text in one.wordings]))
def test_a_mistyped_wording_finds_first_what_an_index_built_anew_finds_first(
    steps: list[tuple[list[Card], list[int | str]]], text: str
) -> None:
    index, cards = after(steps)
    anew = CardIndex(cards.values())
    slipped = text[:-2] + text[-1:]
    ours, theirs = index.find_nearest(slipped, limit=9), anew.find_nearest(slipped, limit=9)
    assert {hit.card_id for hit in ours} <= cards.keys()
    if theirs and exact(theirs) == set():
        best = next(hit.score for hit in theirs if hit.card_id == ours[0].card_id)
        assert best == pytest.approx(theirs[0].score, abs=0.1)


@settings(max_examples=10)
@given(changes)
def test_an_index_that_was_handed_out_stays_as_it_was(
    steps: list[tuple[list[Card], list[int | str]]],
) -> None:
    after(steps)
    assert {text: BASE.search(text) for text in UNCHANGED} == UNCHANGED


@settings(max_examples=25)
@given(
    changes,
    st.dictionaries(
        st.sampled_from([one.id for one in EVERY]), st.tuples(st.just(0), st.integers(0, 99))
    ),
)
def test_neither_changes_nor_learning_nor_boost_bury_an_exact_wording(
    steps: list[tuple[list[Card], list[int | str]]], outcomes: dict[int | str, tuple[int, int]]
) -> None:
    index, cards = after(steps)
    boost = ContextBoost("offer", "retail", outcomes)
    for one in cards.values():
        for text in one.wordings:
            first = index.search(text, boost=boost)[0]
            assert squash(fold(text)) in {squash(fold(w)) for w in cards[first.card_id].wordings}


def test_what_was_learned_comes_after_what_is_written_and_before_what_is_alike() -> None:
    mine = replace(SPARE[0], learned=(LearnedWording("the fiscal year is not over", 1.0),))
    other = replace(SPARE[1], phrasings=("The fiscal year is not over!",))
    taught = BASE.with_changes([mine])
    assert EXACT > taught.search("The fiscal year is NOT over")[0].score > 0.9
    assert taught.search("The fiscal year is NOT over")[0].card_id == mine.id
    both = taught.with_changes([other])
    assert [h.card_id for h in both.search("the fiscal year is not over")][:2] == [
        other.id,
        mine.id,
    ]


def test_the_more_a_wording_was_used_the_surer_it_is() -> None:
    def score(worth: float) -> float:
        taught = replace(SPARE[0], learned=(LearnedWording("fiscal year", worth),))
        return BASE.with_changes([taught]).search("fiscal year")[0].score

    scores = [score(worth) for worth in (0.1, 0.3, 0.5, 0.8, 1.0)]
    assert scores == sorted(scores)
    assert scores[0] < scores[2] < scores[4]


def test_a_wording_both_written_and_learned_counts_as_written() -> None:
    twice = replace(SPARE[0], learned=(LearnedWording(SPARE[0].objection.upper(), 0.2),))
    assert BASE.with_changes([twice]).search(SPARE[0].objection)[0].why == "exact"


def test_a_card_given_twice_is_there_once() -> None:
    old = replace(SPARE[0], objection="An older wording of it")
    index = BASE.with_changes([old, SPARE[0]])
    assert not exact(index.search(old.objection))
    assert len(index) == len(CARDS) + 1


def test_a_card_that_is_not_there_can_leave() -> None:
    index = BASE.with_changes([], ["nobody"])
    assert len(index) == len(CARDS)


def test_all_cards_can_leave_and_come_back() -> None:
    empty = BASE.with_changes([], [one.id for one in CARDS])
    assert empty.search("a spreadsheet does the job") == []
    again = empty.with_changes(CARDS)
    assert again.search("a spreadsheet does the job")[0].card_id == "en:excel"


def test_once_much_has_changed_all_is_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_contents, "MAX_PATCHED", 0.2)
    index, anew = BASE, CardIndex(EVERY)
    for one in [*SPARE, *SPARE]:
        index = index.with_changes([one])
    index = index.with_changes(CARDS[:8])
    for text in ("wait a qarter", "contract bound", "等季度"):
        ours = {hit.card_id: hit.score for hit in index.search(text)}
        assert ours == pytest.approx({hit.card_id: hit.score for hit in anew.search(text)})
