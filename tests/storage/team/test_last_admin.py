"""A team never loses its last admin, whoever acts at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from storage.engine import Database
from storage.tables.people_and_deals import Member, Role
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import NOW, a_member, add_member, add_team, at_once

ROUNDS = 4


def team_of(database: Database, *roles: str) -> list[Member]:
    """The members of a new team with these roles; another team has an admin of its own."""
    with database.work() as memory:
        add_member(memory, add_team(memory, "South"), role="admin")
        team = add_team(memory)
        return [add_member(memory, team, f"{n}", role=role) for n, role in enumerate(roles)]


def demote(database: Database, member: Member, role: Role = Role.REP) -> bool:
    with database.work() as memory:
        found = memory.members.get(member.team_id, member.id)
        return found is not None and memory.members.change_role(found, role)


def remove(database: Database, member: Member) -> bool:
    with database.work() as memory:
        found = memory.members.get(member.team_id, member.id)
        return found is not None and memory.members.remove(found, NOW)


def admins(database: Database, member: Member) -> int:
    with database.work() as memory:
        return memory.members.count_admins(member.team_id)


Act = Callable[[Database, Member], bool]
acts = pytest.mark.parametrize("act", [demote, remove], ids=["demoted", "removed"])


@acts
def test_the_last_admin_stays(database: Database, act: Act) -> None:
    admin, _, _ = team_of(database, "admin", "rep", "manager")
    assert not act(database, admin)
    assert admins(database, admin) == 1


@acts
def test_one_of_two_admins_may_go_and_then_the_other_stays(database: Database, act: Act) -> None:
    first, second = team_of(database, "admin", "admin")
    assert act(database, first)
    assert not act(database, second)
    assert admins(database, first) == 1


@acts
def test_an_admin_who_left_does_not_count(database: Database, act: Act) -> None:
    first, second = team_of(database, "admin", "admin")
    assert remove(database, first)
    assert not act(database, second)


@acts
def test_whoever_is_no_admin_may_go(database: Database, act: Act) -> None:
    admin, rep = team_of(database, "admin", "manager")
    assert act(database, rep)
    assert admins(database, admin) == 1


def test_the_last_admin_may_be_made_admin_again(database: Database) -> None:
    (admin,) = team_of(database, "admin")
    assert demote(database, admin, Role.ADMIN)
    assert admins(database, admin) == 1


def test_a_new_role_is_there_at_once_and_stays(database: Database) -> None:
    _, rep = team_of(database, "admin", "rep")
    with database.work() as memory:
        found = memory.members.get(rep.team_id, rep.id)
        assert found is not None
        assert memory.members.change_role(found, Role.ADMIN)
        assert (found.role, memory.members.count_admins(rep.team_id)) == ("admin", 2)
    assert admins(database, rep) == 2


def test_a_team_without_members_has_no_admin(database: Database) -> None:
    assert admins(database, a_member(database)) == 0


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("second_act", [demote, remove], ids=["demoted", "removed"])
def test_two_admins_who_end_each_other_at_the_same_moment_leave_one(
    databases: Databases, opened: Open, processes: int, second_act: Act
) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(processes)]
    for _ in range(ROUNDS):
        first, second = team_of(known[0], "admin", "admin")
        both = [partial(demote, known[0], second), partial(second_act, known[-1], first)]
        assert sorted(at_once(both)) == [False, True]
        assert admins(known[0], first) == 1


def test_many_admins_who_all_leave_at_the_same_moment_leave_one(
    databases: Databases, opened: Open
) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(5)]
    team = team_of(known[0], *["admin"] * 5)
    ways: list[Act] = [demote, remove]
    gone = at_once([partial(ways[n % 2], known[n], member) for n, member in enumerate(team)])
    assert (sum(gone), admins(known[0], team[0])) == (4, 1)
