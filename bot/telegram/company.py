"""Keeps a person company while their answer is worked out: "typing…", and no spinning button."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.telegram.api import Api
from bot.telegram.inbound import Heard
from bot.telegram.outbound import Outbound
from bot.telegram.trouble import Calls

SOON = 0.5  # seconds within which an answer needs no company
TYPING = 4.0  # Telegram shows "typing…" for five
Result = TypeVar("Result")
log = structlog.get_logger()


class Company:
    """What one person sees while they wait. `answered` tells whether their button was let go."""

    def __init__(self, api: Api, outbound: Outbound, heard: Heard, calls: Calls) -> None:
        self._api = api
        self._outbound = outbound
        self._heard = heard
        self._calls = calls
        self.answered = False

    async def during(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The work's result. When it takes longer than a moment, a button is let go at once."""
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task}, timeout=SOON)
            while not task.done():
                await self._show()
                await asyncio.wait({task}, timeout=TYPING)
            return task.result()
        finally:
            task.cancel()  # of no effect when it is done

    async def let_go(self, toast: str) -> None:
        """Answers the pressed button, once."""
        if self._heard.callback_id and not self.answered:
            self.answered = True
            await self._outbound.answer_callback(self._heard.callback_id, toast, self._calls)

    async def _show(self) -> None:
        try:
            await self.let_go("")
            if not self._heard.request.in_group and not self._heard.query_id:
                await self._api.send_chat_action(self._heard.chat_id, ChatAction.TYPING)
        except TelegramError as error:
            log.debug("no company", reason=str(error))
