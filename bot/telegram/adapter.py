"""The Telegram adapter: starts and stops receiving, and sends messages that Repmate starts."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from telegram import User
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
from bot.telegram.errors import Calls, make_delivery_error, make_held_error, summarize
from bot.telegram.handling import TelegramHandler
from bot.telegram.inbound import PLATFORM, Incoming, Me
from bot.telegram.menu import set_menu
from bot.telegram.outbound import Outbound, Place
from bot.telegram.poller import Poller
from bot.telegram.rate_limits import make_limiter
from handlers.contract.reply import Reply
from storage.engine import CorruptDatabase

FINISH_SECONDS = 10.0  # for answers under way when the bot stops
log = structlog.get_logger()


class TokenRefused(ValueError):
    """Telegram does not know this token: copy it again from @BotFather into TELEGRAM_TOKEN."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class NotTelegram(ValueError):
    """What answers at TELEGRAM_BASE_URL is no Bot API: its getMe describes no bot."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class TelegramAdapter:
    """One bot on Telegram, by long polling. `sleep` waits so many seconds.

    It sends at most `messages_a_second` in all, and keeps Telegram's other rates; 0 keeps none.
    """

    platform = PLATFORM

    def __init__(
        self,
        app: App,
        token: str,
        base_url: str,
        base_file_url: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        messages_a_second: float = 0.0,
    ) -> None:
        self._app = app
        self._api = Api(token, base_url, base_file_url)
        limiter = make_limiter(messages_a_second)
        self._saved_limits = SavedLimits(app, PLATFORM, limiter)
        self._outbound = Outbound(self._api, limiter, self._saved_limits.hold)
        self._lanes = Lanes()
        self._sleep = sleep
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Starts to receive; where Telegram can't be reached yet, as soon as it can.

        Raises TokenRefused and NotTelegram.
        """
        await self._saved_limits.restore()
        await self._api.open()
        me: Me | None = None
        try:
            me = await self._identify()
        except InvalidToken:
            raise TokenRefused from None
        except TelegramError as error:
            log.warning("telegram not reachable, trying again", reason=summarize(error))
        self._serving = asyncio.create_task(self._serve(me), name="telegram")

    async def stop(self) -> None:
        """Stops receiving, finishes the answers under way and closes every connection.

        Stored arrivals that are not answered by then are answered after the next start.
        """
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        await self._lanes.drain(FINISH_SECONDS)
        await self._api.close_client()

    async def send(self, address: Address, reply: Reply) -> Sent:
        """Sends a message that Repmate starts; raises DeliveryError."""
        if not address.chat.lstrip("-").isdecimal():
            raise DeliveryError("the address is no chat of Telegram's")
        place = Place(int(address.chat))
        try:
            calls = Calls(self._sleep, patient=False, urgent=False)
            if reply.replaces:
                return Sent(await self._outbound.replace(reply, calls))
            return Sent(await self._outbound.show(reply, place, calls))
        except TelegramError as error:
            raise make_delivery_error(error) from None
        except RateLimited as held:
            raise make_held_error(held) from None

    async def _serve(self, me: Me | None) -> None:
        failures = 0
        while me is None:
            await self._sleep(wait_before(failures, longest=60.0))
            failures += 1
            try:
                me = await self._identify()
            except (TelegramError, NotTelegram) as error:
                log.warning("telegram not reachable, trying again", reason=summarize(error))
        inbox = PlatformInbox(self._app, PLATFORM, self._sleep_in_lane)
        handler = TelegramHandler(
            self._app, self._api, self._outbound, me, inbox, self._sleep_in_lane
        )
        worker = Worker(inbox, self._lanes, handler)

        def say_busy(incoming: Incoming, key: str) -> None:
            lane = f"busy {incoming.request.account.id}"
            self._lanes.put(lane, partial(handler.say_busy, incoming, key))

        poller = Poller(self._api, me, inbox, worker, self._sleep_in_lane, say_busy)
        resumed = await self._resume(worker, me)
        log.info("telegram serving", bot=me.username, resumed=resumed)
        async with asyncio.TaskGroup() as group:
            group.create_task(set_menu(self._api))
            group.create_task(poller.run())

    async def _resume(self, worker: Worker, me: Me) -> int:
        for attempt in itertools.count():
            try:
                return await worker.resume(f"{me.id}:")
            except CorruptDatabase:  # the process ends
                raise
            except Exception:
                log.exception("resuming unanswered arrivals failed")
                await self._sleep(wait_before(attempt, longest=60.0))
        raise AssertionError  # for the type checker: counting never ends

    async def _identify(self) -> Me:
        """Asks Telegram who we are, and deletes a stale webhook, since we receive by polling."""
        user = await self._fetch_own_user()
        await self._api.delete_webhook()
        username = user.username or ""
        self._app.invite_links[PLATFORM] = lambda secret: f"https://t.me/{username}?start={secret}"
        return Me(user.id, username)

    async def _fetch_own_user(self) -> User:
        try:
            user = await self._api.get_me()
        except (AttributeError, KeyError, TypeError, ValueError):  # the library's, at its fields
            raise NotTelegram from None
        if user.is_bot is not True or not isinstance(user.id, int):
            raise NotTelegram
        return user

    async def _sleep_in_lane(self, seconds: float) -> None:
        """Waits inside a job, while another lane may take its place."""
        async with self._lanes.lend_place():
            await self._sleep(seconds)
