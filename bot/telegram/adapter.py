"""Telegram as a platform: starts and stops receiving, and sends what Repmate says by itself."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from telegram.error import InvalidToken, TelegramError

from bot.app import App
from bot.inbound.inbox import PlatformInbox
from bot.inbound.lanes import Lanes
from bot.inbound.worker import Worker
from bot.limits.backoff import wait_before
from bot.limits.rate_limiter import RateLimited
from bot.limits.saved_limits import SavedLimits
from bot.port import Address, DeliveryError, Sent
from bot.telegram.api import Api
from bot.telegram.errors import Calls, delivery_error, held_back, summary
from bot.telegram.handling import TelegramAnswering
from bot.telegram.inbound import PLATFORM, Incoming, Me
from bot.telegram.menu import set_menu
from bot.telegram.outbound import Outbound, Place
from bot.telegram.poller import Poller
from bot.telegram.rate_limits import telegram_pace
from handlers.contract.reply import Reply

FINISHING = 10.0  # seconds that answers under way have when the bot stops
log = structlog.get_logger()


class TokenRefused(ValueError):
    """Telegram does not know this token: copy it again from @BotFather into TELEGRAM_TOKEN."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class TelegramAdapter:
    """One bot on Telegram, by long polling. `pause` waits so many seconds.

    It keeps Telegram's rates at `messages_a_second` in all; with 0 it keeps none.
    """

    platform = PLATFORM

    def __init__(
        self,
        app: App,
        token: str,
        base_url: str,
        base_file_url: str,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        messages_a_second: float = 0.0,
    ) -> None:
        self._app = app
        self._api = Api(token, base_url, base_file_url)
        pace = telegram_pace(messages_a_second)
        self._holds = SavedLimits(app, PLATFORM, pace)
        self._outbound = Outbound(self._api, pace, self._holds.hold)
        self._lanes = Lanes()
        self._pause = pause
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to receive; where Telegram can't be reached yet, as soon as it can.

        Raises TokenRefused.
        """
        await self._holds.restore()
        await self._api.open()
        me: Me | None = None
        try:
            me = await self._hello()
        except InvalidToken:
            raise TokenRefused from None
        except TelegramError as error:
            log.warning("telegram not reached, trying on", reason=summary(error))
        self._serving = asyncio.create_task(self._serve(me), name="telegram")

    async def stop(self) -> None:
        """Stops receiving, finishes the answers under way and closes every connection.

        What is kept and not answered by then is answered after the next start.
        """
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        await self._lanes.drain(FINISHING)
        await self._api.close_client()

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Sends a message that Repmate starts; raises DeliveryError."""
        if not address.chat.lstrip("-").isdecimal():
            raise DeliveryError("the address is no chat of Telegram's")
        place = Place(int(address.chat))
        try:
            calls = Calls(self._pause, patient=False, urgent=False)
            if reply.replaces:
                return Sent(await self._outbound.replace(reply, calls))
            return Sent(await self._outbound.show(reply, place, calls))
        except TelegramError as error:
            raise delivery_error(error) from None
        except RateLimited as held:
            raise held_back(held) from None

    async def _serve(self, me: Me | None) -> None:
        failures = 0
        while me is None:
            await self._pause(wait_before(failures, longest=60.0))
            failures += 1
            try:
                me = await self._hello()
            except TelegramError as error:
                log.warning("telegram not reached, trying on", reason=summary(error))
        inbox = PlatformInbox(self._app, PLATFORM, self._rest)
        answering = TelegramAnswering(self._app, self._api, self._outbound, me, inbox, self._rest)
        worker = Worker(inbox, self._lanes, answering)

        def say_busy(heard: Incoming, key: str) -> None:
            lane = f"busy {heard.request.account.id}"
            self._lanes.put(lane, partial(answering.say_busy, heard, key))

        poller = Poller(self._api, me, inbox, worker, self._rest, say_busy)
        resumed = await self._resumed(worker, me)
        log.info("telegram serving", bot=me.username, resumed=resumed)
        async with asyncio.TaskGroup() as group:
            group.create_task(set_menu(self._api))
            group.create_task(poller.run())

    async def _resumed(self, worker: Worker, me: Me) -> int:
        for attempt in itertools.count():
            try:
                return await worker.resume(f"{me.id}:")
            except Exception:
                log.exception("what was left open could not be taken up")
                await self._pause(wait_before(attempt, longest=60.0))
        raise AssertionError  # for the type checker: counting never ends

    async def _hello(self) -> Me:
        """Who we are; from now on updates come by polling, so a stale webhook has to go."""
        user = await self._api.get_me()
        await self._api.delete_webhook()
        username = user.username or ""
        self._app.invite_links[PLATFORM] = lambda secret: f"https://t.me/{username}?start={secret}"
        return Me(user.id, username)

    async def _rest(self, seconds: float) -> None:
        """Waits inside a lane, whose place another may take meanwhile."""
        async with self._lanes.aside():
            await self._pause(seconds)
