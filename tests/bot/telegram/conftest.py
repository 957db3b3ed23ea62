"""A fake Telegram that one person has written to, and the real adapter serving there."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

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
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema and no rows, made once."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    made(path).close()
    return path


@pytest.fixture
def database(empty_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the test's own, at `tmp_path / "test.db"`."""
    shutil.copy(empty_file, tmp_path / "test.db")
    database = Database(f"sqlite:///{tmp_path / 'test.db'}", busy_seconds=0.05)
    yield database
    database.close()


@pytest.fixture
async def served(api: BotApi, database: Database, tmp_path: Path) -> AsyncIterator[Served]:
    """The adapter, serving."""
    async with serving(api, database, tmp_path / "test.db") as served:
        yield served
