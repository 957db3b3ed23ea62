"""A fake Telegram that one person has written to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.botapi import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.user(1, wrote=True)
        yield api
