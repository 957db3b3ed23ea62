"""SQLite's switches: set on every connection, since most of them end with it."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from storage.engine import Database, normalise_url
from tests.databases import SqliteFiles
from tests.storage.conftest import Open
from tests.storage.world import at_once

FULL = 2
CONNECTIONS = 3
ROUNDS = 40


@pytest.fixture
def engine(sqlite_files: SqliteFiles, opened: Open) -> Engine:
    return opened(sqlite_files.ready(), busy_seconds=0.25).engine


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", FULL),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 250),
    ],
)
def test_every_connection_has_the_switch(engine: Engine, pragma: str, value: object) -> None:
    with ExitStack() as held:
        raw = [held.enter_context(engine.connect()) for _ in range(CONNECTIONS)]
        drivers = [connection.connection.cursor() for connection in raw]
        found = {driver.execute(f"PRAGMA {pragma}").fetchone()[0] for driver in drivers}
    assert found == {value}


def test_a_new_file_may_be_opened_by_many_at_once(sqlite_files: SqliteFiles, opened: Open) -> None:
    """SQLite refuses at once, without waiting, whoever sets the journal while another does."""
    for _ in range(ROUNDS):
        url = sqlite_files.empty()
        databases = [opened(url) for _ in range(CONNECTIONS)]
        connections = at_once([database.engine.connect for database in databases])
        for connection in connections:
            connection.close()


def test_an_acknowledged_commit_survives_the_loss_of_the_process(
    sqlite_files: SqliteFiles, opened: Open
) -> None:
    writer, reader = (opened(url) for url in [sqlite_files.ready()] * 2)
    with writer.work() as memory:
        teams = len(memory.members.list_teams())
    with reader.work() as memory:
        assert len(memory.members.list_teams()) == teams


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (
            "postgres://a:b@host/db?sslmode=require",
            "postgresql+psycopg://a:b@host/db?sslmode=require",
        ),
        ("postgresql://host/db", "postgresql+psycopg://host/db"),
        ("postgresql+psycopg://host/db", "postgresql+psycopg://host/db"),
        ("sqlite:///repmate.db", "sqlite:///repmate.db"),
    ],
)
def test_a_postgresql_url_gets_our_driver_and_others_stay(given: str, used: str) -> None:
    assert normalise_url(given) == used


def test_the_database_knows_its_kind() -> None:
    assert [Database(url).is_sqlite for url in ("sqlite://", "postgres://host/db")] == [True, False]
