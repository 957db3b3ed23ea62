"""What was learned, what was typed in vain, and how often a line landed: asked by team and time."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.engine import Database
from storage.tables.cards import LearnedPhrasing, LookUp
from storage.tables.people_and_deals import Member
from storage.unit_of_work import UnitOfWork
from tests.databases import Databases
from tests.storage.cards.test_cards import card
from tests.storage.conftest import Open
from tests.storage.world import NOW, a_member, add_member, at_once

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann(database: Database) -> Member:
    return a_member(database)


def add_card(database: Database, team_id: int, key: str = "price", **columns: Any) -> int:
    with database.work() as memory:
        memory.cards.add([card(team_id, key, **columns)])
        return next(each.id for each in memory.cards.list_all(team_id) if each.key == key)


def learned(team_id: int, card_id: int, text: str = "dear", **columns: Any) -> LearnedPhrasing:
    values: dict[str, Any] = {"text": text, "text_key": text, "weight": 0.5, "at": NOW} | columns
    return LearnedPhrasing(team_id=team_id, card_id=card_id, **values)


def look_up(database: Database, member: Member, **columns: Any) -> LookUp:
    with database.work() as memory:
        values: dict[str, Any] = {"query": "dear", "at": NOW} | columns
        return memory.lookups.add(LookUp(team_id=member.team_id, member_id=member.id, **values))


def test_a_card_learns_a_wording_once(database: Database, ann: Member) -> None:
    number = add_card(database, ann.team_id)
    with database.work() as memory:
        memory.learned.save(learned(ann.team_id, number))
    with pytest.raises(IntegrityError), database.work() as memory:
        memory.learned.save(learned(ann.team_id, number))


def strengthen(database: Database, team_id: int, card_id: int) -> None:
    with database.work() as memory:
        taught = memory.cards.get(team_id, card_id)
        assert taught is not None
        assert taught.learned  # read before the others have written, where that can be
        memory.cards.bump_version(taught)
        known = memory.learned.find(team_id, card_id, "dear")
        assert known is not None
        known.weight, known.uses = known.weight + 0.1, known.uses + 1


def test_uses_at_the_same_moment_all_count(databases: Databases, opened: Open) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(4)]
    team_id = a_member(known[0]).team_id
    number = add_card(known[0], team_id)
    with known[0].work() as memory:
        memory.learned.save(learned(team_id, number, weight=0.0))
    at_once([partial(strengthen, each, team_id, number) for each in known])
    with known[0].work() as memory:
        found = memory.learned.find(team_id, number, "dear")
        assert found is not None
        assert (round(found.weight, 6), found.uses) == (0.4, 4)


def test_the_taught_cards_are_the_approved_ones_with_something_not_undone(
    database: Database, ann: Member
) -> None:
    keys = {key: add_card(database, ann.team_id, key) for key in ("a", "b", "c")}
    retired = add_card(database, ann.team_id, "d", state="retired")
    with database.work() as memory:
        memory.learned.save(learned(ann.team_id, keys["a"]))
        memory.learned.save(learned(ann.team_id, keys["a"], "pricey"))
        memory.learned.save(learned(ann.team_id, keys["b"], undone_at=NOW))
        memory.learned.save(learned(ann.team_id, retired))
        assert [each.key for each in memory.cards.list_with_learned_phrasings(ann.team_id)] == ["a"]


def in_vain(memory: UnitOfWork, member: Member) -> list[str]:
    found = memory.lookups.list_unanswered(member.team_id, member.id, NOW - 3 * MINUTE, NOW)
    return [each.query for each in found]


def test_what_was_typed_in_vain_is_the_members_own_and_of_that_time(
    database: Database, ann: Member
) -> None:
    with database.work() as memory:
        bo = add_member(memory, memory.members.get_team(ann.team_id), "Bo")
    look_up(database, ann, query="long ago", tier="nothing", at=NOW - 4 * MINUTE)
    look_up(database, ann, query="later", tier="nothing", at=NOW + MINUTE)
    look_up(database, ann, query="found", tier="sure")
    look_up(database, bo, query="bo's", tier="nothing")
    for minutes in (3, 2, 1, 0):
        look_up(database, ann, query=f"{minutes}", tier="nothing", at=NOW - minutes * MINUTE)
    with database.work() as memory:
        assert in_vain(memory, ann) == ["0", "1", "2"]
        assert in_vain(memory, bo) == ["bo's"]


def test_lines_that_landed_and_did_not_are_counted_by_card_since_then(
    database: Database, ann: Member
) -> None:
    one, other = (add_card(database, ann.team_id, key) for key in ("a", "b"))
    for number, landed in ((one, True), (one, True), (one, False), (other, False), (one, None)):
        look_up(database, ann, used_card_id=number, landed=landed)
    look_up(database, ann, used_card_id=other, landed=True, at=NOW - timedelta(days=99))
    look_up(database, ann, landed=True)
    with database.work() as memory:
        since = NOW - timedelta(days=90)
        assert memory.lookups.count_landed(ann.team_id, since) == {one: (2, 1), other: (0, 1)}
        assert memory.lookups.count_landed(nobodys_team(memory), since) == {}


def nobodys_team(memory: UnitOfWork) -> int:
    return max(each.id for each in memory.members.list_teams()) + 1
