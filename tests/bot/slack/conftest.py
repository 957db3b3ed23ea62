from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.slack.serving import Served, serving
from tests.fakes.slackapi import SlackApi


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    async with SlackApi() as api:
        yield api


@pytest.fixture
async def with_pane(tmp_path: Path) -> AsyncIterator[Served]:
    """An app that has the assistant's view still, as those made before July 2026."""
    async with SlackApi(view="assistant") as api, serving(api, tmp_path / "slack.db") as served:
        yield served


@pytest.fixture
async def served(api: SlackApi, tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(api, tmp_path / "slack.db") as served:
        yield served
