"""A telegram.Bot on our transport, connected to the fake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot

from bot.telegram.wire import AiohttpRequest
from tests.fakes.botapi import BotApi


@asynccontextmanager
async def connected(api: BotApi, request: AiohttpRequest | None = None) -> AsyncIterator[Bot]:
    request = request or AiohttpRequest()
    bot = Bot(
        api.token,
        base_url=api.base_url,
        base_file_url=api.base_file_url,
        request=request,
        get_updates_request=request,
    )
    async with bot:
        yield bot
