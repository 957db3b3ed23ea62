"""A unit of work: all of it or nothing, no update lost, and Busy rather than endless waiting."""

from __future__ import annotations

import sqlite3
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.engine import Busy, Database
from storage.tables import Deal, Member
from storage.unit_of_work import UnitOfWork
from tests.databases import Databases, PostgresDatabases
from tests.storage.conftest import Open
from tests.storage.world import (
    NOW,
    Undone,
    a_deal,
    a_member,
    add_member,
    add_team,
    at_once,
    message_to,
    nudge_on,
)

THREADS = 4
ROUNDS = 200


def deal_now(database: Database, deal: Deal) -> Deal:
    with database.work() as memory:
        return memory.deals.owned_by(deal.team_id, deal.owner_id)[0]


def count_up(database: Database, deal: Deal, rounds: int) -> None:
    for _ in range(rounds):
        with database.work() as memory:
            mine = memory.deals.owned_by(deal.team_id, deal.owner_id)[0]
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
    memory.members.join(Member(team_id=99, name="Wang Secret", created_at=NOW))


def fail_half_way(database: Database, member: Member, fail: Callable[[UnitOfWork], None]) -> None:
    with database.work() as memory:
        memory.members.join(Member(team_id=member.team_id, name="Bo", created_at=NOW))
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
        assert [m.name for m in memory.members.active(member.team_id)] == ["Ann"]
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
        memory.members.audit(member.team_id, member.id, "joined", NOW, role="rep")
        memory.flush()
        assert member.id > 0


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Somebody else's transaction that will not end: on the file, or on the rows of the teams."""
    if database.is_sqlite:
        with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    url = database.url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE deal SET nudges_sent = 7")
        yield
        connection.rollback()


def nudge_and_lock(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        memory.nudges.make(nudge_on(deal, "stall"))
        memory.deals.lock(memory.deals.owned_by(deal.team_id, deal.owner_id)[0])


def test_a_database_held_too_long_is_busy_and_keeps_nothing_and_works_after(
    databases: Databases, opened: Open
) -> None:
    database = opened(databases.ready(), busy_seconds=0.05)
    deal = a_deal(database)
    with held(database), pytest.raises(Busy):
        nudge_and_lock(database, deal)
    assert deal_now(database, deal).nudges_sent == 0
    with database.work() as memory:
        assert memory.nudges.open_for(deal.team_id, deal.id) == []
    nudge_and_lock(database, deal)
    with database.work() as memory:
        assert len(memory.nudges.open_for(deal.team_id, deal.id)) == 1


def ask_for_too_many_connections(database: Database) -> None:
    with ExitStack() as held_open:
        for _ in range(50):
            held_open.enter_context(database.work()).members.teams()


@pytest.mark.postgres
def test_a_server_out_of_connections_is_busy_and_works_after(
    postgres_databases: PostgresDatabases, opened: Open
) -> None:
    database = opened(postgres_databases.ready(), busy_seconds=0.05)
    with pytest.raises(Busy):
        ask_for_too_many_connections(database)
    with database.work() as memory:
        assert memory.members.teams() == []


def be_dropped_half_way(database: Database, server: PostgresDatabases) -> None:
    with database.work() as memory:
        add_team(memory)
        server.disconnect()
        memory.members.teams()


@pytest.mark.postgres
def test_a_server_that_drops_us_is_busy_and_works_after(
    postgres_databases: PostgresDatabases, opened: Open
) -> None:
    database = opened(postgres_databases.ready())
    with pytest.raises(Busy):
        be_dropped_half_way(database, postgres_databases)
    with database.work() as memory:
        assert memory.members.teams() == []


@pytest.mark.postgres
def test_a_server_that_is_away_is_busy(tmp_path: Path, opened: Open) -> None:
    database = opened(f"postgres://nobody@/none?host={tmp_path}")
    with pytest.raises(Busy), database.work() as memory:
        memory.members.teams()


def test_an_error_of_the_database_is_not_called_busy(databases: Databases, opened: Open) -> None:
    database = opened(databases.empty())
    with pytest.raises(DBAPIError, match="team"), database.work() as memory:
        memory.members.teams()


@pytest.mark.parametrize("broken", [{"team_id": 99}, {"created_at": None}])
def test_an_error_of_the_database_does_not_tell_what_was_to_be_kept(
    database: Database, broken: dict[str, Any]
) -> None:
    member = a_member(database)
    row: dict[str, Any] = {"team_id": member.team_id, "name": "Wang Secret", "created_at": NOW}
    with pytest.raises(IntegrityError) as refused, database.work() as memory:
        memory.members.join(Member(**(row | broken)))
    assert "Wang Secret" not in "".join(traceback.format_exception(refused.value))


def lock_in_order(database: Database, deals: list[Deal], met: threading.Barrier) -> bool:
    with suppress(Busy), database.work() as memory:
        memory.deals.lock(memory.deals.of_customer(deals[0].team_id, deals[0].customer_id)[0])
        met.wait()
        memory.deals.lock(memory.deals.of_customer(deals[1].team_id, deals[1].customer_id)[0])
        return True
    return False


@pytest.mark.postgres
def test_of_two_that_wait_for_each_other_one_is_busy(
    postgres_databases: PostgresDatabases, opened: Open
) -> None:
    database = opened(postgres_databases.ready())
    first, second, met = a_deal(database), a_deal(database), threading.Barrier(2)
    passed = at_once(
        [
            lambda: lock_in_order(database, [first, second], met),
            lambda: lock_in_order(database, [second, first], met),
        ]
    )
    assert sorted(passed) == [False, True]


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
                memory.members.teams()
                most.append(len(inside))
                inside.pop()

    at_once([work] * 4)
    assert set(most) == {1}
