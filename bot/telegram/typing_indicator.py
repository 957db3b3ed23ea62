"""Shows "typing…" and releases the pressed button while an answer is worked out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.limits.backoff import Sleep
from bot.telegram.api import Api
from bot.telegram.errors import Calls, summarize
from bot.telegram.inbound import Incoming
from bot.telegram.outbound import Outbound

SOON = 0.5  # seconds within which an answer needs no typing
TYPING_SECONDS = 4.0  # Telegram shows "typing…" for five
Result = TypeVar("Result")
log = structlog.get_logger()


class TypingIndicator:
    """Shows one person that their answer is being worked out."""

    def __init__(self, api: Api, outbound: Outbound, incoming: Incoming, sleep: Sleep) -> None:
        self._api = api
        self._outbound = outbound
        self._heard = incoming
        self._sleep = sleep
        self.button_released = not incoming.callback_id

    async def show_while(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The work's result. When it takes longer than a moment, the button is released first."""
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task}, timeout=SOON)
            while not task.done():
                await self._show_once()
                await asyncio.wait({task}, timeout=TYPING_SECONDS)
            return task.result()
        finally:
            task.cancel()  # of no effect when it is done

    async def release_button(self, toast: str = "", *, patient: bool = True) -> None:
        """Answers the pressed button, once; a failure does not stop the answer."""
        if self.button_released:
            return
        try:
            calls = Calls(self._sleep, patient=patient)
            await self._outbound.answer_callback(self._heard.callback_id, toast, calls)
            self.button_released = True
        except TelegramError as error:
            log.info("button not released", reason=summarize(error))

    async def _show_once(self) -> None:
        await self.release_button(patient=False)
        if self._heard.request.in_group or self._heard.query_id:
            return
        try:
            await self._api.send_chat_action(self._heard.chat_id, ChatAction.TYPING)
        except TelegramError as error:
            log.debug("typing not shown", reason=summarize(error))
