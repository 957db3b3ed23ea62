"""The cache of card indexes: few teams at a time, and what a search is given of a card.

What several processes see of each other's changes: tests/storage/cards/test_card_index_cache.py.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from handlers.objections import index_cache
from handlers.objections.index_cache import CardIndexCache, make_search_card
from kb.objections.learning import HALF_LIFE
from kb.objections.search import CardIndex
from kb.states import CardState
from storage.tables.cards import Card, LearnedPhrasing, Phrasing
from tests.office import Office


class Undone(Exception):
    """Ends a transaction that is not to be committed."""


def find(cache: CardIndexCache, office: Office, who: str) -> CardIndex:
    """The index of this person's team."""
    query = "select team_id from member where name = ?"
    with office.app.database.work() as memory:
        team = memory.members.get_team(office.one(query, who))
        return cache.index(memory, team, office.clock.now())


def test_the_team_not_heard_of_for_longest_leaves_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.forgets_cards(but="price-%")
    monkeypatch.setattr(index_cache, "MAX_TEAMS", 1)
    cache = CardIndexCache()
    first = find(cache, office, "Ann")
    assert find(cache, office, "Bo") is first
    find(cache, office, "Eve")
    assert find(cache, office, "Ann") is not first


def test_an_index_with_changes_not_yet_committed_is_kept_from_others(office: Office) -> None:
    office.forgets_cards(but="price-%")
    cache, now = CardIndexCache(), office.clock.now()
    before = find(cache, office, "Ann")
    with suppress(Undone), office.app.database.work() as memory:
        card = Card(team_id=1, key="own-1", language="en", objection="Only qwrtz", say="Yes.",
                    state=CardState.APPROVED, changed_at=now)  # fmt: skip
        memory.cards.add([card])
        own = cache.index(memory, memory.members.get_team(1), now)
        assert own.search("only qwrtz")[0].card_id == card.id
        assert cache.index(memory, memory.members.get_team(1), now) is not before
        raise Undone
    assert find(cache, office, "Ann") is before


def learned(text: str, weight: float, at: datetime, undone_at: datetime | None) -> LearnedPhrasing:
    return LearnedPhrasing(
        team_id=1, text=text, text_key=text, weight=weight, at=at, undone_at=undone_at
    )


def test_a_search_is_given_what_was_learned_strongest_first_without_what_was_dropped(
    office: Office,
) -> None:
    now = office.clock.now()
    card = Card(
        id=7, team_id=1, key="own-1", language="en", objection="Only qwrtz", say="Yes.",
        changed_at=now, phrasings=[Phrasing(team_id=1, text="qwrtz or nothing")],
        learned=[
            learned("faint", 0.5, now, None),
            learned("faded away", 1.0, now - 20 * HALF_LIFE, None),
            learned("strong", 1.0, now, None),
            learned("dropped", 1.0, now, now - timedelta(days=1)),
        ],
    )  # fmt: skip
    found = make_search_card(card, now)
    assert found.phrasings == ("qwrtz or nothing",)
    assert [each.text for each in found.learned] == ["strong", "faint"]
