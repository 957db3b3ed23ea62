"""A unit of work: all of it or nothing, and no update lost."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.engine import Database
from storage.tables.people_and_deals import Deal, Member
from storage.unit_of_work import UnitOfWork
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import (
    NOW,
    Undone,
    a_deal,
    a_member,
    add_member,
    add_team,
    at_once,
    deal_now,
    message_to,
)

THREADS = 4
ROUNDS = 200


def count_up(database: Database, deal: Deal, rounds: int) -> None:
    for _ in range(rounds):
        with database.work() as memory:
            mine = memory.deals.list_of_owner(deal.team_id, deal.owner_id)[0]
            memory.deals.lock(mine).nudges_sent += 1


def test_no_update_is_lost_among_threads(database: Database) -> None:
    deal = a_deal(database)
    at_once([lambda: count_up(database, deal, ROUNDS)] * THREADS)
    assert deal_now(database, deal).nudges_sent == THREADS * ROUNDS


def test_no_update_is_lost_among_processes(databases: Databases, opened: Open) -> None:
    url = databases.ready()
    deal = a_deal(opened(url))
    processes = [opened(url) for _ in range(THREADS)]
    at_once([partial(count_up, process, deal, 10) for process in processes])
    assert deal_now(processes[0], deal).nudges_sent == THREADS * 10


def join_a_team_that_is_not_there(memory: UnitOfWork) -> None:
    memory.members.add_member(Member(team_id=99, name="Wang Secret", created_at=NOW))


def fail_half_way(database: Database, member: Member, fail: Callable[[UnitOfWork], None]) -> None:
    with database.work() as memory:
        memory.members.add_member(Member(team_id=member.team_id, name="Bo", created_at=NOW))
        memory.outbox.put(message_to(member, "k"))
        fail(memory)


def give_up(memory: UnitOfWork) -> None:
    raise Undone


@pytest.mark.parametrize(
    ("error", "fail"), [(Undone, give_up), (IntegrityError, join_a_team_that_is_not_there)]
)
def test_work_that_fails_keeps_nothing(
    database: Database, error: type[Exception], fail: Callable[[UnitOfWork], None]
) -> None:
    member = a_member(database)
    with pytest.raises(error):
        fail_half_way(database, member, fail)
    with database.work() as memory:
        assert [m.name for m in memory.members.list_active(member.team_id)] == ["Ann"]
        assert memory.outbox.put(message_to(member, "k"))


def fail_inside_a_savepoint(memory: UnitOfWork, member: Member) -> None:
    with memory.savepoint():
        memory.outbox.put(message_to(member, "inside"))
        join_a_team_that_is_not_there(memory)


def test_a_savepoint_gives_up_only_what_was_done_inside_it(database: Database) -> None:
    member = a_member(database)
    with database.work() as memory:
        memory.outbox.put(message_to(member, "before"))
        with pytest.raises(IntegrityError):
            fail_inside_a_savepoint(memory, member)
        memory.outbox.put(message_to(member, "after"))
    with database.work() as memory:
        new = [memory.outbox.put(message_to(member, k)) for k in ("before", "inside", "after")]
    assert new == [False, True, False]


def test_a_savepoint_left_in_peace_keeps_everything(database: Database) -> None:
    member = a_member(database)
    with database.work() as memory, memory.savepoint():
        memory.outbox.put(message_to(member, "k"))
    with database.work() as memory:
        assert not memory.outbox.put(message_to(member, "k"))


def test_flush_gives_new_rows_their_ids(database: Database) -> None:
    with database.work() as memory:
        member = add_member(memory, add_team(memory))
        memory.members.add_audit(member.team_id, member.id, "joined", NOW, role="rep")
        memory.flush()
        assert member.id > 0


@pytest.mark.parametrize("broken", [{"team_id": 99}, {"created_at": None}])
def test_an_error_of_the_database_does_not_tell_what_was_to_be_kept(
    database: Database, broken: dict[str, Any]
) -> None:
    member = a_member(database)
    row: dict[str, Any] = {"team_id": member.team_id, "name": "Wang Secret", "created_at": NOW}
    with pytest.raises(IntegrityError) as refused, database.work() as memory:
        memory.members.add_member(Member(**(row | broken)))
    assert "Wang Secret" not in "".join(traceback.format_exception(refused.value))


def test_work_in_two_threads_of_one_process_never_overlaps_on_a_file(
    sqlite_files: Databases, opened: Open
) -> None:
    database = opened(sqlite_files.ready())
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(20):
            with database.work() as memory:
                inside.append(threading.get_ident())
                memory.members.list_teams()
                most.append(len(inside))
                inside.pop()

    at_once([work] * 4)
    assert set(most) == {1}
