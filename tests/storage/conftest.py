"""Every test of memory runs on both databases, unless it is about one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.engine import Database
from tests import databases as dbs

Open = Callable[..., Database]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dbs.sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres(
    tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, worker_id: str
) -> Iterator[dbs.Postgres]:
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    with dbs.running_postgres(testrun_uid[:12], shared / "postgres.lock") as server:
        yield server


@pytest.fixture
def sqlite_files(tmp_path: Path, sqlite_template: Path) -> dbs.SqliteFiles:
    return dbs.SqliteFiles(tmp_path, sqlite_template)


@pytest.fixture
def postgres_databases(postgres: dbs.Postgres) -> Iterator[dbs.PostgresDatabases]:
    made = dbs.PostgresDatabases(postgres)
    yield made
    made.drop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest) -> dbs.Databases:
    """Makes databases of one kind; whoever asks for it runs once on each kind."""
    names = {"sqlite": "sqlite_files", "postgres": "postgres_databases"}
    made: dbs.Databases = request.getfixturevalue(names[request.param])
    return made


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens a database that is closed after the test; twice the same one is like two processes."""
    known: list[Database] = []

    def _open(url: str, busy_seconds: float = 20.0) -> Database:
        known.append(Database(url, busy_seconds=busy_seconds))
        return known[-1]

    yield _open
    for database in known:
        database.close()


@pytest.fixture
def database(databases: dbs.Databases, opened: Open) -> Database:
    return opened(databases.ready())


@pytest.fixture
def empty(databases: dbs.Databases, opened: Open) -> Database:
    return opened(databases.empty())
