"""A Bot API server for tests: starts, is scripted by the test, and says what the bot did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.botapi.door import Door
from tests.fakes.botapi.pulse import Pulse
from tests.fakes.botapi.rates import Rates
from tests.fakes.botapi.script import Script
from tests.fakes.botapi.updates import UpdateQueue
from tests.fakes.botapi.watch import Watch
from tests.fakes.botapi.world import World

BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:" + "not-a-real-token_" * 2 + "x"


class BotApi(Script, Watch):
    """Telegram, on loopback and in the test's own event loop: `async with BotApi() as api`.

    Give the bot `api.token`, `api.base_url` and `api.base_file_url`. `now` dates the messages,
    `monotonic` drives the rate limits (on when `enforce_rates` is true). A bug of the fake itself
    is raised when the block ends.
    """

    token = TOKEN

    def __init__(
        self,
        *,
        username: str = "RepmateBot",
        first_update_id: int = 500_000_001,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),  # noqa: TID251 - a server's clock
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        pulse = Pulse()
        bot = {"id": BOT_ID, "is_bot": True, "first_name": "Repmate", "username": username}
        world = World(bot, UpdateQueue(pulse, first_update_id), now)
        Script.__init__(self, world)
        rates = Rates(monotonic or (lambda: asyncio.get_running_loop().time()))
        door = Door(world, self.faults, rates, pulse, self.token)
        Watch.__init__(self, world, door, pulse)
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()
        if self.door.crashes:
            raise self.door.crashes[0]

    async def start(self) -> None:
        """Serve, after a `stop` on the same port. `async with` starts it by itself."""
        self.door.open()
        # The access log would write the token, as part of the path.
        self._runner = web.AppRunner(
            self.door.app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Refuse connections from now on; what is scripted and recorded stays."""
        runner, self._runner = self._runner, None
        if runner is not None:
            self.door.close()
            await runner.cleanup()

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls base_url: the token is appended to it."""
        return f"http://127.0.0.1:{self._port}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot calls base_file_url."""
        return f"http://127.0.0.1:{self._port}/file/bot"

    @property
    def enforce_rates(self) -> bool:
        """Whether sends and edits beyond Telegram's rates are answered with 429."""
        return self.door.enforce_rates

    @enforce_rates.setter
    def enforce_rates(self, on: bool) -> None:
        self.door.enforce_rates = on
