"""The database, SQLite or PostgreSQL: opened here, and units of work on it are handed out.

Which of its errors may pass is decided here, once (`is_temporary`), and which say that the file is
damaged (`CorruptDatabase`); work is tried again while the database is busy by the one policy of
bot/limits/busy_database.py.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, ExceptionContext, create_engine, event, exc, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from storage.fair_lock import FairLock
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    import psycopg  # a bot on SQLite does not have to load it

BUSY_SECONDS = 5.0
_JOURNAL_PAUSE = 0.01  # seconds between two tries to set the journal of a new file
# PostgreSQL's SQLSTATE codes: connection lost, deadlock or conflict, too many clients, lock
# timeout, shutting down or starting up (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_BUSY_STATES = ("08", "40", "53300", "55P03", "57P01", "57P02", "57P03")
# The same for what cannot be written: no room, read-only, a failing disk.
_UNWRITABLE_STATES = ("25006", "53100", "53200", "58030")
_UNWRITABLE_CODES = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
)
# What a damaged file or page answers: data or index corrupted, bad block.
_CORRUPT_STATES = ("XX001", "XX002")
_CORRUPT_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BAD_TEXT = "Could not decode to UTF-8"  # Python's own words for text no SQLite writes; no code
DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
_NO_STATE = ("ConnectionTimeout", "OperationalError")  # psycopg's, where no server answered


class Busy(Exception):
    """The database did not take the work now; nothing of it was kept, and it may be tried again."""


class Unwritable(Busy):
    """The database cannot be written now: its disk is full, read-only or failing."""


class NoDatabase(ValueError):
    """There is no database that can be opened at this address."""


class CorruptDatabase(Exception):
    """The database is damaged: nothing that is read from it can be trusted any more."""


class Database:
    """One database. `url` is an SQLAlchemy URL: `sqlite:///file.db` or `postgresql+psycopg://...`.

    Raises NoDatabase for any other. Work waits up to `busy_seconds` for what somebody else holds:
    the file, a row, a connection. Inside a process, work on SQLite is taken one at a time, in
    order of asking: its own busy handler sleeps and is not fair.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = normalise_url(url)
        try:
            self._engine = _make_engine(self.url, busy_seconds)
        except (ValueError, exc.ArgumentError):  # their words may repeat an address's password
            raise NoDatabase(
                "this is not the address of an SQLite or PostgreSQL database"
            ) from None
        self._lock = FairLock() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return make_url(self.url).get_backend_name() == "sqlite"

    @property
    def engine(self) -> Engine:
        """The engine, for migrations and for the storage's own tests."""
        return self._engine

    @contextmanager
    def work(self, *, ahead: bool = False) -> Iterator[UnitOfWork]:
        """One transaction: committed at the end, undone by any error.

        With `ahead` it goes before all that wait for their turn. Raises Busy where the database
        is locked or away, CorruptDatabase where it is damaged; all else passes through.
        """
        with (
            self._wait_for_turn(ahead=ahead),
            _raise_busy(),
            Session(self._engine, expire_on_commit=False) as session,
        ):
            yield UnitOfWork(session)
            session.commit()

    def _wait_for_turn(self, *, ahead: bool) -> AbstractContextManager[Any]:
        if self._lock is None:
            return nullcontext()
        return self._lock.ahead() if ahead else self._lock

    def close(self) -> None:
        """Gives back every connection."""
        self._engine.dispose()


def normalise_url(url: str) -> str:
    """The URL with the driver Repmate uses for PostgreSQL; others as they are."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


@contextmanager
def _raise_busy() -> Iterator[None]:
    """Turns the driver's errors that may pass into Busy or Unwritable; others stay as they are."""
    try:
        yield
    except exc.TimeoutError as error:  # every connection is in use
        raise Busy from error
    except DBAPIError as error:
        if _is_unwritable(error.orig):
            raise Unwritable from error
        if is_temporary(error):
            raise Busy from error
        raise


def is_temporary(error: Exception) -> bool:
    """Whether an error is the database's, and the same work may be taken by it later."""
    if not isinstance(error, DBAPIError):
        return False
    cause = error.orig
    return error.connection_invalidated or _is_busy(cause) or _is_unwritable(cause)


def _is_unwritable(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.OperationalError):
        return _get_code(cause) in _UNWRITABLE_CODES
    return str(getattr(cause, "sqlstate", "")) in _UNWRITABLE_STATES


def _is_busy(cause: BaseException | None) -> bool:
    """Whether the same work may pass later. By codes: a server's words are in its language."""
    if isinstance(cause, sqlite3.OperationalError):
        return _get_code(cause) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_BUSY_STATES)
    return type(cause).__name__ in _NO_STATE and "connection" in str(cause)


def _get_code(cause: BaseException | None) -> int:
    """SQLite's primary result code; 0 for an error that Python's own module raises."""
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


def _is_corruption(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return _get_code(cause) in _CORRUPT_CODES or str(cause).startswith(_BAD_TEXT)
    return str(getattr(cause, "sqlstate", "")) in _CORRUPT_STATES


def _raise_corrupt(context: ExceptionContext) -> None:
    """Raises CorruptDatabase in the place of the driver's own error that says so.

    In the place where it happens: whoever handles the errors of one message must not take damage
    to the database for a fault of that message.
    """
    cause = context.original_exception
    if not _is_corruption(cause):
        return
    name = Path(str(context.engine.url.database if context.engine else "")).name
    if _get_code(cause) == sqlite3.SQLITE_NOTADB:
        raise CorruptDatabase(f"{name} is no SQLite database, or damaged at its beginning")
    words = str(cause).splitlines()[0]
    reason = "its text is not UTF-8" if words.startswith(_BAD_TEXT) else words
    raise CorruptDatabase(f"the database {name} is damaged ({reason})") from cause


def _make_engine(url: str, busy_seconds: float) -> Engine:
    if make_url(url).drivername not in DRIVERS:
        raise exc.ArgumentError
    if make_url(url).get_backend_name() == "sqlite":
        return _make_sqlite_engine(url, busy_seconds)
    return _make_postgres_engine(url, busy_seconds)


def _make_postgres_engine(url: str, busy_seconds: float) -> Engine:
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=10, pool_timeout=busy_seconds, hide_parameters=True
    )

    def _prepare(connection: psycopg.Connection, _entry: ConnectionPoolEntry) -> None:
        wait = f"{busy_seconds * 1000:.0f}ms"  # without it a held row is waited for endlessly
        connection.execute("SELECT set_config('lock_timeout', %s, false)", (wait,))
        connection.commit()

    event.listen(engine, "connect", _prepare)
    event.listen(engine, "handle_error", _raise_corrupt)
    event.listen(engine, "handle_error", _remove_row_values)
    return engine


def _remove_row_values(context: ExceptionContext) -> None:
    """Leaves only the first line of an error's words."""
    # An error's details quote the refused row, and errors are logged: their first line must do.
    cause = context.original_exception
    first_line = getattr(getattr(cause, "diag", None), "message_primary", None)
    if first_line and context.sqlalchemy_exception is not None:
        cause.args = (first_line,)
        context.sqlalchemy_exception.args = (f"({type(cause).__name__}) {first_line}",)


def _make_sqlite_engine(url: str, busy_seconds: float) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "handle_error", _raise_corrupt)
    event.listen(engine, "connect", partial(_prepare_sqlite_connection, busy_seconds))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_sqlite_connection(
    busy_seconds: float, connection: sqlite3.Connection, _entry: ConnectionPoolEntry
) -> None:
    # The driver would begin a transaction only at the first write, and two readers that then
    # write would lose an update: we begin it ourselves, at once, as a writer.
    connection.isolation_level = None
    try:
        _write_ahead(connection, busy_seconds)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:  # a file that is no database opens all the same, and answers with this
        connection.close()
        raise


def _write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Sets the journal to write-ahead; waits while another does the same to a new file.

    SQLite answers at once that the file is locked, whatever the connection's timeout: two that
    change the journal both hold a shared lock, and to wait would be a deadlock.
    Source: https://sqlite.org/c3ref/busy_handler.html
    """
    for left in reversed(range(1 + math.ceil(busy_seconds / _JOURNAL_PAUSE))):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
        time.sleep(_JOURNAL_PAUSE)  # noqa: TID251 as SQLite's own busy handler does
