"""Brings a database to the newest schema; an old file keeps everything it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from storage.engine import CorruptDatabase, Database, NoDatabase

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7305, 1)"


def upgrade(database: Database, revision: str = "head") -> None:
    """Runs the migrations that the database has not had yet; it may be empty.

    Raises NoDatabase where it cannot be reached, opened or written, or is not of a Repmate that
    this one can follow, and CorruptDatabase where it is damaged.
    """
    with _raise_no_database():
        if revision == "head" and _is_newest(database):
            _check_writable(database)
            return
    from alembic import command  # noqa: PLC0415 0.3 s, and mostly there is nothing to migrate
    from alembic.util import CommandError  # noqa: PLC0415 as above

    try:
        with _raise_no_database(), schema_transaction(database) as connection:
            command.upgrade(configuration(connection), revision)
    except CommandError as error:  # its words: can't locate revision identified by '9999'
        raise NoDatabase(
            "the database was made by a newer Repmate, or by another program "
            f"(this Repmate knows schemas up to {get_newest_revision()}): {error}"
        ) from error


def check_integrity(database: Database) -> None:
    """Reads every page of an SQLite file once; raises CorruptDatabase where one is damaged.

    Some 0.2 s for 100 MB. PostgreSQL finds a damaged page when it reads it.
    """
    if not database.is_sqlite:
        return
    with _connect(database) as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if found != "ok":
        name = Path(str(database.engine.url.database)).name
        raise CorruptDatabase(f"the database {name} is damaged ({' '.join(found.split())})")


def get_newest_revision() -> str:
    """The newest revision: migrations follow one another, and a file's name begins with its own."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("*.py"))


def _is_newest(database: Database) -> bool:
    with _connect(database) as connection, connection.begin():
        if not inspect(connection).has_table("alembic_version"):
            return False
        current = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
    return [tuple(row) for row in current] == [(get_newest_revision(),)]


@contextmanager
def schema_transaction(database: Database) -> Iterator[Connection]:
    """One transaction on the schema: kept whole or not at all, one process at a time."""
    with _connect(database) as connection:
        if not database.is_sqlite:
            with connection.begin():
                _wait_for_others(connection)
                yield connection
            return
        with _without_foreign_keys(connection), connection.begin():
            yield connection
            _check_references(connection)


@contextmanager
def _raise_no_database() -> Iterator[None]:
    """Turns what a driver says of a database it cannot open, read or write into NoDatabase."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        raise NoDatabase(f"the database does not open: {_describe(error)}") from error


def _describe(error: DBAPIError) -> str:
    """The driver's words in one line."""
    return " ".join(str(error.orig).split())


def _check_writable(database: Database) -> None:
    """Writes and takes it back: a read-only file opens, and begins a transaction, like any."""
    with _connect(database) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        connection.rollback()


def _connect(database: Database) -> Connection:
    with _raise_no_database():
        return database.engine.connect()


def _wait_for_others(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql(_ONE_AT_A_TIME)


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    # To change a table, SQLite copies it, drops the old one and renames the new one: with foreign
    # keys on, the drop fails on the rows that name it. Inside a transaction this switch is dead.
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise ValueError(f"a migration leaves rows that name what is not there, in: {tables}")


def configuration(connection: Connection | None) -> Config:
    """Alembic's configuration, on an open connection to run migrations."""
    from alembic.config import Config  # noqa: PLC0415 as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
