"""Members: who is in a team, whose deals they read, which accounts they are known by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from storage.engine import Database
from storage.scope import Scope
from storage.tables.people_and_deals import Audit, Identity, Member
from storage.unit_of_work import UnitOfWork
from tests.storage.world import (
    HOUR,
    NOW,
    a_member,
    account_of,
    add_member,
    add_team,
    examples_on_a_database,
    not_kept,
)

DAY = timedelta(days=1)


@pytest.fixture
def ann(database: Database) -> Member:
    return a_member(database)


def colleague(database: Database, of: Member, name: str = "Bo", **columns: Any) -> Member:
    with database.work() as memory:
        return add_member(memory, memory.members.get_team(of.team_id), name, **columns)


def test_a_member_is_found_in_their_own_team_only(database: Database, ann: Member) -> None:
    stranger = a_member(database)
    with database.work() as memory:
        found = memory.members.get(ann.team_id, ann.id)
        assert found is not None
        assert (found.name, found.role, found.created_at) == ("Ann", "rep", NOW)
        assert memory.members.get(stranger.team_id, ann.id) is None
        assert memory.members.get(ann.team_id, 999) is None


def test_a_removed_member_is_nowhere_but_in_the_history(database: Database, ann: Member) -> None:
    bo = colleague(database, ann)
    with database.work() as memory:
        gone = memory.members.get(ann.team_id, bo.id)
        assert gone is not None
        assert memory.members.remove(gone, NOW)
    with database.work() as memory:
        assert memory.members.get(ann.team_id, bo.id) is None
        assert [each.name for each in memory.members.list_active(ann.team_id)] == ["Ann"]
        assert memory.members.get_name(ann.team_id, bo.id) == "Bo"
        assert memory.members.get_name(a_stranger(memory).team_id, bo.id) == ""


def a_stranger(memory: UnitOfWork) -> Member:
    return add_member(memory, add_team(memory, "South"))


def test_a_member_removed_in_this_very_work_is_gone_at_once(
    database: Database, ann: Member
) -> None:
    bo = colleague(database, ann)
    with database.work() as memory:
        gone = memory.members.get(ann.team_id, bo.id)
        assert gone is not None
        memory.members.remove(gone, NOW)
        assert memory.members.get(ann.team_id, bo.id) is None


def test_members_come_oldest_first(database: Database, ann: Member) -> None:
    names = ["Zed", "Bo", "Cy"]
    for name in names:
        colleague(database, ann, name)
    with database.work() as memory:
        assert [each.name for each in memory.members.list_active(ann.team_id)] == ["Ann", *names]


def test_teams_come_oldest_first(database: Database) -> None:
    with database.work() as memory:
        made = [add_team(memory, name) for name in ("North", "East", "South")]
    with database.work() as memory:
        assert [team.name for team in memory.members.list_teams()] == ["North", "East", "South"]
        assert memory.members.get_team(made[1].id).name == "East"


def test_a_rep_reads_their_own_deals_and_an_admin_all_of_the_team(
    database: Database, ann: Member
) -> None:
    admin = colleague(database, ann, role="admin")
    with database.work() as memory:
        assert memory.members.get_scope(ann) == Scope(ann.team_id, frozenset({ann.id}))
        assert memory.members.get_scope(admin) == Scope(ann.team_id, None)


def test_a_rep_with_people_below_them_still_reads_only_their_own(
    database: Database, ann: Member
) -> None:
    colleague(database, ann, manager_id=ann.id)
    with database.work() as memory:
        assert memory.members.get_scope(ann) == Scope(ann.team_id, frozenset({ann.id}))


def below(managers: list[int | None], top: int) -> set[int]:
    """Who is at or below `top`: each asks upward, along `managers`, for at most their number."""

    def reports(who: int) -> bool:
        for _ in managers:
            if who == top:
                return True
            boss = managers[who]
            if boss is None:
                return False
            who = boss
        return who == top

    return {who for who in range(len(managers)) if reports(who)}


@examples_on_a_database
@given(data=st.data(), size=st.integers(1, 7))
def test_a_manager_reads_all_below_them_however_deep_and_even_in_a_circle(
    database: Database, data: st.DataObject, size: int
) -> None:
    managers = data.draw(
        st.lists(st.none() | st.integers(0, size - 1), min_size=size, max_size=size)
    )
    with not_kept(database) as memory:
        team = add_team(memory)
        stranger = a_stranger(memory)
        people = [add_member(memory, team, str(n), role="manager") for n in range(size)]
        for person, boss in zip(people, managers, strict=True):
            person.manager_id = None if boss is None else people[boss].id
        stranger.manager_id = people[0].id
        memory.flush()
        scopes = [memory.members.get_scope(person) for person in people]
        ids, team_id = [person.id for person in people], team.id
    for top, scope in enumerate(scopes):
        assert scope == Scope(team_id, frozenset(ids[who] for who in below(managers, top)))


def test_a_manager_still_reads_the_deals_of_those_who_left(database: Database, ann: Member) -> None:
    boss = colleague(database, ann, role="manager")
    left = colleague(database, ann, "Cy", manager_id=boss.id, removed_at=NOW)
    with database.work() as memory:
        assert memory.members.get_scope(boss) == Scope(boss.team_id, frozenset({boss.id, left.id}))


def known(database: Database, identity: Identity) -> Identity:
    with database.work() as memory:
        return memory.members.save_identity(identity)


def test_an_account_is_told_by_its_platform_too(database: Database, ann: Member) -> None:
    bo = colleague(database, ann)
    known(database, account_of(ann, "7"))
    known(database, account_of(bo, "7", platform="slack"))
    with database.work() as memory:
        found = [memory.members.find_identity(platform, "7") for platform in ("telegram", "slack")]
        assert [one.member_id if one else None for one in found] == [ann.id, bo.id]
        assert memory.members.find_identity("terminal", "7") is None


def test_accounts_come_last_active_first(database: Database, ann: Member) -> None:
    hours = {"1": 2, "2": 5, "3": 1, "4": 5}
    for account_id, ago in hours.items():
        known(database, account_of(ann, account_id, last_active_at=NOW - HOUR * ago))
    known(database, account_of(colleague(database, ann), "5"))
    with database.work() as memory:
        found = [one.account_id for one in memory.members.list_identities(ann.team_id, ann.id)]
    assert found == ["3", "1", "2", "4"]


def test_an_account_known_anew_moves_to_whoever_it_is_now(database: Database, ann: Member) -> None:
    stranger = a_member(database)
    first = known(database, account_of(ann, "7", address="7", reachable=False))
    moved = known(database, account_of(stranger, "7", address="8", last_active_at=NOW + HOUR))
    with database.work() as memory:
        now = memory.members.find_identity("telegram", "7")
        assert memory.members.list_identities(ann.team_id, ann.id) == []
    assert now is not None
    assert (now.id, moved.id) == (first.id, first.id)
    assert (now.team_id, now.member_id) == (stranger.team_id, stranger.id)
    assert (now.address, now.reachable, now.last_active_at) == ("8", True, NOW + HOUR)


def test_facts_about_people_are_only_added(database: Database, ann: Member) -> None:
    for kind in ("joined", "role_changed"):
        with database.work() as memory:
            memory.members.add_audit(ann.team_id, ann.id, kind, NOW, role="rep", by=3)
    with database.engine.connect() as connection:
        rows = connection.execute(select(Audit.kind, Audit.data, Audit.at)).all()
    assert [tuple(row) for row in rows] == [
        (kind, {"role": "rep", "by": 3}, NOW) for kind in ("joined", "role_changed")
    ]


def test_digests_are_due_for_those_who_are_there_the_longest_due_first(
    database: Database, ann: Member
) -> None:
    dues = {"Bo": NOW, "Cy": NOW - DAY, "Di": NOW + HOUR, "Ed": None}
    for name, due in dues.items():
        colleague(database, ann, name, digest_due_at=due)
    colleague(database, ann, "Fay", digest_due_at=NOW - DAY, removed_at=NOW)
    with database.work() as memory:
        assert [each.name for each in memory.members.list_due_digests(NOW)] == ["Cy", "Bo"]
        assert [each.name for each in memory.members.list_due_digests(NOW, limit=1)] == ["Cy"]
        assert memory.members.next_digest_at() == NOW - DAY
        assert memory.members.list_due_digests(NOW - 2 * DAY) == []


def test_without_digests_none_is_next(database: Database, ann: Member) -> None:
    with database.work() as memory:
        assert memory.members.next_digest_at() is None
