"""Damage to an SQLite file is told from every other error, wherever it is met."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.engine import Busy, CorruptDatabase, Database
from storage.migrate import check_integrity
from tests.databases import SqliteFiles
from tests.storage.conftest import Open
from tests.storage.world import NOW, add_team

PAGE = 4096


@pytest.fixture
def database(sqlite_files: SqliteFiles, opened: Open) -> Database:
    found = opened(sqlite_files.ready())
    with found.work() as memory:
        add_team(memory)
    return found


def path_of(database: Database) -> Path:
    database.close()  # empties the write-ahead log
    return Path(str(make_url(database.url).database))


def destroy(database: Database, table: str) -> None:
    path = path_of(database)
    with closing(sqlite3.connect(path)) as connection:
        query = "select rootpage from sqlite_master where name = ?"
        (page,) = connection.execute(query, (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(bytes(PAGE))


def test_a_destroyed_page_is_damage_even_where_a_savepoint_catches_errors(
    database: Database,
) -> None:
    destroy(database, "team")
    with (
        pytest.raises(CorruptDatabase, match=r"is damaged \(database disk image is malformed\)"),
        database.work() as memory,
        memory.savepoint(),
    ):
        memory.members.get_team(1)


def test_text_that_sqlite_never_wrote_is_damage(database: Database) -> None:
    path = path_of(database)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update team set name = cast(x'ff' as text)")
        connection.commit()
    with pytest.raises(CorruptDatabase, match="not UTF-8"), database.work() as memory:
        memory.members.get_team(1)


def test_all_pages_are_looked_at_before_serving(database: Database) -> None:
    check_integrity(database)
    destroy(database, "card")
    with pytest.raises(CorruptDatabase, match="is damaged"):
        check_integrity(database)


def test_a_database_that_is_only_locked_is_not_damaged(database: Database, opened: Open) -> None:
    other = opened(database.url, busy_seconds=0.05)
    with database.work() as memory:
        memory.inbox.take("telegram", "1", NOW)
        with pytest.raises(Busy), other.work() as late:
            late.inbox.take("telegram", "2", NOW)
