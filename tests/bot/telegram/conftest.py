"""A fake Telegram that one person has written to, and the real adapter serving there."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import pytest
import structlog

from storage.engine import Database
from tests.bot.telegram.serving import Served, made, serving
from tests.fakes.botapi import BotApi


@pytest.fixture(autouse=True)
def logs_in_plain_words() -> Iterator[None]:
    """Sends our log where the libraries' goes, so that caplog sees both."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.user(1, wrote=True)
        yield api


@pytest.fixture(scope="session")
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with the newest schema. Opening one for each test would cost most of its time."""
    database = made(tmp_path_factory.mktemp("database") / "test.db", busy_seconds=0.05)
    yield database
    database.close()


@pytest.fixture
def database(one_database: Database) -> Iterator[Database]:
    """An empty database."""
    yield one_database
    with closing(sqlite3.connect(one_database.url.removeprefix("sqlite:///"))) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'")
        for (name,) in tables.fetchall():
            if name != "alembic_version":
                connection.execute(f'delete from "{name}"')  # noqa: S608 - our own tables
        connection.commit()


@pytest.fixture
async def served(api: BotApi, database: Database) -> AsyncIterator[Served]:
    """The adapter, serving."""
    async with serving(api, database) as served:
        yield served
