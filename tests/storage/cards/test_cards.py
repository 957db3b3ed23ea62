"""Cards: every change grows the team's version; look-ups are their member's and their team's."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select

from storage.engine import Database
from storage.tables.cards import Card, LookUp, Phrasing
from storage.tables.people_and_deals import Member
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import NOW, a_member, add_member, at_once


@pytest.fixture
def ann(database: Database) -> Member:
    return a_member(database)


def card(team_id: int, key: str = "price", *phrasings: str, **columns: Any) -> Card:
    values: dict[str, Any] = {
        "team_id": team_id,
        "key": key,
        "language": "en",
        "objection": "It costs too much",
        "say": "What would it cost to wait?",
        "stages": ["offer", "demo"],
        "changed_at": NOW,
    }
    made = Card(**(values | columns))
    made.phrasings = [Phrasing(team_id=team_id, text=text) for text in phrasings]
    return made


def add(database: Database, *cards: Card) -> None:
    with database.work() as memory:
        memory.cards.add(cards)


def version(database: Database, team_id: int) -> int:
    with database.work() as memory:
        return memory.members.get_team(team_id).cards_version


def only(database: Database, team_id: int) -> Card:
    with database.work() as memory:
        (found,) = memory.cards.list_all(team_id)
        return found


def test_a_card_is_kept_with_all_it_says(database: Database, ann: Member) -> None:
    add(database, card(ann.team_id, "price", "too dear", "太贵了", proof="3 of 4 stay"))
    found = only(database, ann.team_id)
    assert (found.key, found.stages, found.proof) == ("price", ["offer", "demo"], "3 of 4 stay")
    assert [each.text for each in found.phrasings] == ["too dear", "太贵了"]
    with database.work() as memory:
        again = memory.cards.get(ann.team_id, found.id)
        assert again is not None
        assert again.say == "What would it cost to wait?"


def test_the_version_grows_with_cards_added(database: Database, ann: Member) -> None:
    before = version(database, ann.team_id)
    add(database, card(ann.team_id, "price"), card(ann.team_id, "time"))
    between = version(database, ann.team_id)
    add(database, card(ann.team_id, "trust"))
    assert before < between < version(database, ann.team_id)


@pytest.mark.parametrize("phrasings", [None, [], ["new"]])
def test_the_version_grows_with_a_card_changed(
    database: Database, ann: Member, phrasings: list[str] | None
) -> None:
    add(database, card(ann.team_id))
    before = version(database, ann.team_id)
    with database.work() as memory:
        memory.cards.save_change(memory.cards.list_all(ann.team_id)[0], phrasings)
    assert version(database, ann.team_id) > before


def test_another_team_s_version_stays(database: Database, ann: Member) -> None:
    stranger = a_member(database)
    before = version(database, stranger.team_id)
    add(database, card(ann.team_id))
    assert version(database, stranger.team_id) == before


def test_cards_of_two_teams_grow_both_versions(database: Database, ann: Member) -> None:
    teams = [ann.team_id, a_member(database).team_id]
    before = [version(database, team_id) for team_id in teams]
    add(database, *(card(team_id) for team_id in teams))
    assert all(version(database, t) > v for t, v in zip(teams, before, strict=True))


def change_say(database: Database, team_id: int, say: str) -> None:
    with database.work() as memory:
        mine = memory.cards.list_all(team_id)[0]
        mine.say = say
        memory.cards.save_change(mine)


def test_changes_at_the_same_moment_each_grow_the_version(
    databases: Databases, opened: Open
) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(4)]
    team_id = a_member(known[0]).team_id
    add(known[0], card(team_id))
    before = version(known[0], team_id)
    at_once([partial(change_say, each, team_id, f"{n}") for n, each in enumerate(known)])
    assert version(known[0], team_id) == before + 4


def test_new_phrasings_replace_the_old_ones_and_leave_none_behind(
    database: Database, ann: Member
) -> None:
    add(database, card(ann.team_id, "price", "too dear", "costly"))
    with database.work() as memory:
        memory.cards.save_change(memory.cards.list_all(ann.team_id)[0], ["costly", "no budget"])
    found = only(database, ann.team_id)
    assert [each.text for each in found.phrasings] == ["costly", "no budget"]
    with database.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Phrasing)).scalar_one() == 2


def test_a_change_without_phrasings_leaves_them(database: Database, ann: Member) -> None:
    add(database, card(ann.team_id, "price", "too dear"))
    change_say(database, ann.team_id, "And what does it bring?")
    found = only(database, ann.team_id)
    assert (found.say, [each.text for each in found.phrasings]) == (
        "And what does it bring?",
        ["too dear"],
    )


def test_a_retired_card_is_there_and_not_in_use(database: Database, ann: Member) -> None:
    add(database, card(ann.team_id, "price"), card(ann.team_id, "time", state="retired"))
    with database.work() as memory:
        assert [each.key for each in memory.cards.list_approved(ann.team_id)] == ["price"]
        both = memory.cards.list_all(ann.team_id)
        assert [each.key for each in both] == ["price", "time"]
        assert memory.cards.get(ann.team_id, both[1].id) is not None


def test_an_idea_has_one_card_a_language(database: Database, ann: Member) -> None:
    add(database, card(ann.team_id), card(ann.team_id, language="zh"))
    with pytest.raises(IntegrityError):
        add(database, card(ann.team_id))
    with database.work() as memory:
        assert len(memory.cards.list_all(ann.team_id)) == 2


def look_up(database: Database, member: Member, query: str, **columns: Any) -> LookUp:
    asked = LookUp(
        team_id=member.team_id, member_id=member.id, query=query, **({"at": NOW} | columns)
    )
    with database.work() as memory:
        return memory.lookups.add(asked)


def test_a_look_up_is_its_member_s_and_their_team_s_manager_s(
    database: Database, ann: Member
) -> None:
    with database.work() as memory:
        bo = add_member(memory, memory.members.get_team(ann.team_id), "Bo")
    stranger = a_member(database)
    asked = look_up(database, ann, "dear", shown=[3, 1])
    with database.work() as memory:
        found = memory.lookups.get(ann.team_id, ann.id, asked.id)
        assert found is not None
        assert (found.query, found.shown, found.landed) == ("dear", [3, 1], None)
        assert memory.lookups.get(ann.team_id, bo.id, asked.id) is None
        assert memory.lookups.get(stranger.team_id, ann.id, asked.id) is None
        assert memory.lookups.get_of_team(ann.team_id, asked.id) is not None
        assert memory.lookups.get_of_team(stranger.team_id, asked.id) is None


def test_what_became_of_a_look_up_is_kept(database: Database, ann: Member) -> None:
    add(database, card(ann.team_id))
    asked, used = look_up(database, ann, "dear"), only(database, ann.team_id)
    with database.work() as memory:
        mine = memory.lookups.get(ann.team_id, ann.id, asked.id)
        assert mine is not None
        mine.used_card_id, mine.landed, mine.shown = used.id, True, [used.id]
        memory.lookups.save_change(mine)
    with database.work() as memory:
        found = memory.lookups.get(ann.team_id, ann.id, asked.id)
        assert found is not None
        assert (found.used_card_id, found.landed, found.shown) == (used.id, True, [used.id])


def test_a_team_s_look_ups_come_newest_first(database: Database, ann: Member) -> None:
    with database.work() as memory:
        bo = add_member(memory, memory.members.get_team(ann.team_id), "Bo")
    for member, query in ((ann, "1"), (bo, "2"), (ann, "3")):
        look_up(database, member, query, at=NOW - timedelta(hours=int(query)))
    with database.work() as memory:
        assert [each.query for each in memory.lookups.list_newest(ann.team_id)] == ["3", "2", "1"]
        assert [each.query for each in memory.lookups.list_newest(ann.team_id, limit=1)] == ["3"]
