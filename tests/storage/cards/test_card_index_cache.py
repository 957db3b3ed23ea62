"""Every process finds what its team's cards say now, and reads only those that have changed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from handlers.objections import index_cache
from handlers.objections.index_cache import CardIndexCache
from kb.objections.card import Card as CardFacts
from kb.objections.learning import HALF_LIFE
from kb.objections.search import EXACT, CardIndex
from storage.cards.cards import Cards
from storage.engine import Database
from storage.tables.cards import Card, LearnedPhrasing
from storage.tables.people_and_deals import Member
from tests.databases import Databases
from tests.storage.cards.test_cards import card
from tests.storage.conftest import Open
from tests.storage.world import NOW, a_member, at_once

DEAR, BOSS, DATA = "it costs a fortune", "the boss decides alone", "our data stays at home"


@pytest.fixture
def ann(database: Database) -> Member:
    return a_member(database)


def add(database: Database, team_id: int, *said: str) -> None:
    with database.work() as memory:
        memory.cards.add([card(team_id, text, objection=text) for text in said])


def index(cache: CardIndexCache, database: Database, team_id: int, days: float = 0) -> CardIndex:
    with database.work() as memory:
        now = NOW + timedelta(days=days)
        return cache.index(memory, memory.members.get_team(team_id), now)


def finds(found: CardIndex, text: str) -> bool:
    return any(hit.score == EXACT for hit in found.search(text))


def change(database: Database, team_id: int, said: str, **columns: str) -> None:
    with database.work() as memory:
        changed = next(each for each in memory.cards.list_all(team_id) if each.objection == said)
        for name, value in columns.items():
            setattr(changed, name, value)
        memory.cards.save_change(changed)


def test_another_process_finds_what_was_added_edited_and_retired_at_its_next_query(
    databases: Databases, opened: Open
) -> None:
    url = databases.ready()
    mine, other = opened(url), opened(url)
    team_id, cache = a_member(mine).team_id, CardIndexCache()
    add(mine, team_id, DEAR, BOSS)
    assert not finds(index(cache, other, team_id), DATA)
    add(mine, team_id, DATA)
    assert finds(index(cache, other, team_id), DATA)
    change(mine, team_id, DEAR, objection="far above our wallet")
    assert finds(index(cache, other, team_id), "far above our wallet")
    assert not finds(index(cache, other, team_id), DEAR)
    change(mine, team_id, BOSS, state="retired")
    assert not finds(index(cache, other, team_id), BOSS)
    change(mine, team_id, BOSS, state="approved")
    assert finds(index(cache, other, team_id), BOSS)


def test_what_a_transaction_has_changed_is_its_own_until_it_commits(
    database: Database, ann: Member
) -> None:
    cache = CardIndexCache()
    add(database, ann.team_id, DEAR)
    index(cache, database, ann.team_id)
    with suppress(ZeroDivisionError), database.work() as memory:
        memory.cards.add([card(ann.team_id, BOSS, objection=BOSS)])
        assert finds(cache.index(memory, memory.members.get_team(ann.team_id), NOW), BOSS)
        raise ZeroDivisionError
    # Another change takes the version that was never committed.
    add(database, ann.team_id, DATA)
    now = index(cache, database, ann.team_id)
    assert (finds(now, BOSS), finds(now, DATA)) == (False, True)


def test_teams_have_indexes_of_their_own(database: Database, ann: Member) -> None:
    cache, stranger = CardIndexCache(), a_member(database)
    add(database, ann.team_id, DEAR)
    add(database, stranger.team_id, BOSS)
    assert finds(index(cache, database, ann.team_id), DEAR)
    assert not finds(index(cache, database, stranger.team_id), DEAR)
    assert finds(index(cache, database, stranger.team_id), BOSS)


def test_no_more_than_the_changed_cards_are_taken_anew(
    database: Database, ann: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def watched(each: Card, now: object) -> CardFacts:
        taken.append(each.objection)
        return make(each, NOW)

    make = index_cache.make_search_card
    monkeypatch.setattr(index_cache, "make_search_card", watched)
    cache = CardIndexCache()
    add(database, ann.team_id, DEAR, BOSS)
    for _ in range(2):
        index(cache, database, ann.team_id)
    assert taken == [DEAR, BOSS]
    add(database, ann.team_id, DATA)
    for _ in range(2):
        index(cache, database, ann.team_id)
    assert taken == [DEAR, BOSS, DATA]


def test_an_index_is_the_same_object_until_something_changes(
    database: Database, ann: Member
) -> None:
    cache = CardIndexCache()
    add(database, ann.team_id, DEAR)
    first = index(cache, database, ann.team_id)
    assert index(cache, database, ann.team_id) is first
    assert index(cache, database, ann.team_id, days=0.5) is first
    add(database, a_member(database).team_id, BOSS)
    assert index(cache, database, ann.team_id) is first


def teach(database: Database, team_id: int, said: str, wording: str, weight: float) -> None:
    with database.work() as memory:
        taught = next(each for each in memory.cards.list_all(team_id) if each.objection == said)
        taught.learned.append(
            LearnedPhrasing(
                team_id=team_id, text=wording, text_key=wording, weight=weight, uses=1, at=NOW
            )
        )
        memory.cards.bump_version(taught)


def score(found: CardIndex, text: str) -> float:
    return max((hit.score for hit in found.find_nearest(text)), default=0.0)


def test_what_was_learned_is_found_by_every_process_and_fades_in_all_of_them(
    databases: Databases, opened: Open
) -> None:
    url = databases.ready()
    mine, other = opened(url), opened(url)
    team_id, cache = a_member(mine).team_id, CardIndexCache()
    add(mine, team_id, DEAR, BOSS)
    untaught = score(index(cache, other, team_id), "wallet empty")
    teach(mine, team_id, DEAR, "wallet empty", 0.8)
    fresh = score(index(cache, other, team_id), "wallet empty")
    older = score(index(cache, other, team_id, days=60), "wallet empty")
    ended = score(index(cache, other, team_id, days=4 * HALF_LIFE.days), "wallet empty")
    assert EXACT > fresh > older > ended == untaught


def test_weights_are_read_anew_once_a_day_at_most(
    database: Database, ann: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    plain = Cards.list_with_learned_phrasings

    def counted(cards: Cards, team_id: int) -> Iterable[Card]:
        asked.append(team_id)
        return plain(cards, team_id)

    monkeypatch.setattr(Cards, "list_with_learned_phrasings", counted)
    cache = CardIndexCache()
    add(database, ann.team_id, DEAR)
    for days in (0, 0.4, 0.9, 1.1, 1.2, 2.0):
        index(cache, database, ann.team_id, days)
    assert len(asked) == 1


def test_many_threads_and_changes_at_once_leave_nothing_out(
    databases: Databases, opened: Open
) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(4)]
    team_id, cache = a_member(known[0]).team_id, CardIndexCache()
    add(known[0], team_id, DEAR)

    def change_and_look(number: int) -> None:
        add(known[number], team_id, f"{BOSS} {number}")
        assert finds(index(cache, known[number], team_id), f"{BOSS} {number}")

    at_once([partial(change_and_look, number) for number in range(4)])
    last = index(cache, known[0], team_id)
    assert all(finds(last, f"{BOSS} {number}") for number in range(4))
    assert len(last) == 5
