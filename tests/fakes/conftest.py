"""A fake Bot API and the real library's Bot talking to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.telegram.wire import AiohttpRequest
from tests.fakes.botapi import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    wire = AiohttpRequest(read_timeout=5.0)
    bot = Bot(
        api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        request=wire,
        get_updates_request=wire,
    )
    async with bot:
        yield bot
