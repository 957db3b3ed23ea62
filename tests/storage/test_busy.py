"""Busy: what may be tried again is told from what is broken, and nobody waits without end."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from storage.engine import Busy, Database
from storage.tables.people_and_deals import Deal
from tests.databases import Databases, PostgresDatabases
from tests.storage.conftest import Open
from tests.storage.world import a_deal, add_team, at_once, deal_now, nudge_on


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
        memory.deals.lock(memory.deals.list_of_owner(deal.team_id, deal.owner_id)[0])


def test_a_database_held_too_long_is_busy_and_keeps_nothing_and_works_after(
    databases: Databases, opened: Open
) -> None:
    database = opened(databases.ready(), busy_seconds=0.05)
    deal = a_deal(database)
    with held(database), pytest.raises(Busy):
        nudge_and_lock(database, deal)
    assert deal_now(database, deal).nudges_sent == 0
    with database.work() as memory:
        assert memory.nudges.list_open(deal.team_id, deal.id) == []
    nudge_and_lock(database, deal)
    with database.work() as memory:
        assert len(memory.nudges.list_open(deal.team_id, deal.id)) == 1


def ask_for_too_many_connections(database: Database) -> None:
    with ExitStack() as held_open:
        for _ in range(50):
            held_open.enter_context(database.work()).members.list_teams()


@pytest.mark.postgres
def test_a_server_out_of_connections_is_busy_and_works_after(
    postgres_databases: PostgresDatabases, opened: Open
) -> None:
    database = opened(postgres_databases.ready(), busy_seconds=0.05)
    with pytest.raises(Busy):
        ask_for_too_many_connections(database)
    with database.work() as memory:
        assert memory.members.list_teams() == []


def be_dropped_half_way(database: Database, server: PostgresDatabases) -> None:
    with database.work() as memory:
        add_team(memory)
        server.disconnect()
        memory.members.list_teams()


@pytest.mark.postgres
def test_a_server_that_drops_us_is_busy_and_works_after(
    postgres_databases: PostgresDatabases, opened: Open
) -> None:
    database = opened(postgres_databases.ready())
    with pytest.raises(Busy):
        be_dropped_half_way(database, postgres_databases)
    with database.work() as memory:
        assert memory.members.list_teams() == []


@pytest.mark.postgres
def test_a_server_that_is_away_is_busy(tmp_path: Path, opened: Open) -> None:
    database = opened(f"postgres://nobody@/none?host={tmp_path}")
    with pytest.raises(Busy), database.work() as memory:
        memory.members.list_teams()


def test_an_error_of_the_database_is_not_called_busy(databases: Databases, opened: Open) -> None:
    database = opened(databases.empty())
    with pytest.raises(DBAPIError, match="team"), database.work() as memory:
        memory.members.list_teams()


def lock_in_order(database: Database, deals: list[Deal], met: threading.Barrier) -> bool:
    with suppress(Busy), database.work() as memory:
        memory.deals.lock(memory.deals.list_of_customer(deals[0].team_id, deals[0].customer_id)[0])
        met.wait()
        memory.deals.lock(memory.deals.list_of_customer(deals[1].team_id, deals[1].customer_id)[0])
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
