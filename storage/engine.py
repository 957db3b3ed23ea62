"""Opens the database, SQLite or PostgreSQL, and hands out units of work on it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from storage.unit_of_work import UnitOfWork

BUSY_SECONDS = 5.0
_LOCKED = ("locked", "busy", "could not serialize", "deadlock")


class Busy(Exception):
    """The database did not take the work now; nothing of it was kept, and it may be tried again."""


class Database:
    """One database. `url` is an SQLAlchemy URL: `sqlite:///file.db` or `postgresql+psycopg://...`.

    Work on SQLite is taken one at a time inside a process, in order of asking: its own busy
    handler sleeps and is not fair.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = normal_url(url)
        self._engine = _engine(self.url, busy_seconds)
        self._turn: AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return make_url(self.url).get_backend_name() == "sqlite"

    @property
    def engine(self) -> Engine:
        """The engine, for migrations and for the storage's own tests."""
        return self._engine

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """One transaction: committed at the end, undone by any error.

        Raises Busy where the database is locked or away; all else passes through.
        """
        with self._turn, _busy_named(), Session(self._engine, expire_on_commit=False) as session:
            yield UnitOfWork(session)
            session.commit()

    def close(self) -> None:
        """Gives back every connection."""
        self._engine.dispose()


def normal_url(url: str) -> str:
    """The URL with the driver Repmate uses for PostgreSQL; others as they are."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


@contextmanager
def _busy_named() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        cause = str(error.orig).casefold()
        if error.connection_invalidated or any(word in cause for word in _LOCKED):
            raise Busy from error
        if type(error.orig).__name__ in ("ConnectionTimeout", "OperationalError") and _away(cause):
            raise Busy from error
        raise


def _away(cause: str) -> bool:
    return any(word in cause for word in ("connection", "shutting down", "starting up"))


def _engine(url: str, busy_seconds: float) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=10, hide_parameters=True)
    engine = create_engine(
        url,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin a transaction only at the first write, and two readers that then
    # write would lose an update: we begin it ourselves, at once, as a writer.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
