"""A Slack for tests: starts, is scripted by the test, and says what the app did."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.botapi.pulse import Pulse
from tests.fakes.slackapi.clock import Clock
from tests.fakes.slackapi.deliveries import Deliveries
from tests.fakes.slackapi.door import Door
from tests.fakes.slackapi.manifests import AGENT
from tests.fakes.slackapi.posting import Posting
from tests.fakes.slackapi.rates import Rates
from tests.fakes.slackapi.script import SUBSCRIPTIONS, Script
from tests.fakes.slackapi.sockets import Sockets
from tests.fakes.slackapi.watch import Watch
from tests.fakes.slackapi.workspaces import Workspace
from tests.fakes.slackapi.world import AppIdentity, World

FIRST = "T0HARBOUR"


class SlackApi(Script, Watch):
    """Slack, on loopback and in the test's own event loop: `async with SlackApi() as api`.

    Give the app `api.base_url`, and `api.app_token` with `api.bot_token` for Socket Mode, or call
    `api.post_to(url)` for delivery over HTTP, signed with `api.signing_secret`. The clock stands
    still until `advance`, or follows `now` (Unix seconds). Rate limits are enforced once
    `enforce_rates` is true. The app has the agent's view, as every new one, or by `view` the
    assistant's of old. A bug of the fake itself is raised when the block ends.
    """

    def __init__(
        self, *, now: Callable[[], float] | None = None, port: int = 0, view: str = AGENT
    ) -> None:
        started = time.time()  # noqa: TID251 - a server's clock
        self.pulse = Pulse()
        self.world = World(Clock(now or (lambda: started)), view=view)
        self.deliveries = Deliveries(self.world.clock, self.pulse)
        self.sockets = Sockets(self.world, self.deliveries, self.pulse)
        self.door = Door(self.world, Rates(self.world.clock), self.sockets, self.pulse)
        self.subscriptions = set(SUBSCRIPTIONS[view])
        self.deliveries.carrier = self.sockets
        self.posting: Posting | None = None
        self.team: Workspace = self.workspace(FIRST)
        self._runner: web.AppRunner | None = None
        self._port = port

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
        self._runner = web.AppRunner(
            self.door.app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.2
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = int(self._runner.addresses[0][1])
        self.world.root_url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Refuse connections from now on; what is scripted and recorded stays."""
        runner, self._runner = self._runner, None
        if runner is not None:
            self.door.close()
            if self.posting is not None:
                await self.posting.close()
            await self.sockets.close_all()
            await runner.cleanup()

    def post_to(self, url: str) -> Posting:
        """Deliver over HTTP from now on, everything to this address."""
        self.posting = Posting(self.world, self.deliveries, url)
        self.deliveries.carrier = self.posting
        return self.posting

    async def connected(self, sockets: int = 1, timeout: float = 60.0) -> None:
        """Wait until so many sockets are open."""
        if not await self.pulse.until(lambda: len(self.sockets.open) >= sockets, timeout):
            raise AssertionError(f"only {len(self.sockets.open)} sockets within {timeout} s")

    @property
    def app(self) -> AppIdentity:
        """The app's ids and secrets."""
        return self.world.app

    @property
    def base_url(self) -> str:
        """What slack_sdk calls base_url."""
        return f"{self.world.root_url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's token in the first workspace."""
        return self.team.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token of Socket Mode."""
        return self.world.app.app_token

    @property
    def signing_secret(self) -> str:
        """The secret that requests over HTTP are signed with."""
        return self.world.app.signing_secret

    @property
    def enforce_rates(self) -> bool:
        """Whether calls beyond Slack's rates are answered with 429."""
        return self.door.enforce_rates

    @enforce_rates.setter
    def enforce_rates(self, on: bool) -> None:
        self.door.enforce_rates = on
