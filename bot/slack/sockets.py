"""Socket Mode: one socket for everything that Slack sends, and a watch over it.

The library reconnects by itself, mostly. Where it does not (it tries a refused address for ever),
we give it a new address, then a new client. If nothing helps for minutes the process is asked to
end, so that its supervisor restarts it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import stopwatch
from bot.slack.api import quiet_logger

PING_SECONDS = 5.0
CHECK_SECONDS = 2.0
NEW_ADDRESS_AFTER = 10.0  # seconds without a connection
NEW_CLIENT_AFTER = 60.0
GIVE_UP_AFTER = 300.0
log = structlog.get_logger()


class Sockets:
    """The socket of one app. `give_up` is called when it has been away for five minutes."""

    def __init__(
        self,
        bolt: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        sleep: Callable[[float], Awaitable[None]],
        give_up: Callable[[], None],
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self._bolt = bolt
        self._app_token = app_token
        self._client = client
        self._sleep = sleep
        self._give_up = give_up
        self._ping_seconds = ping_seconds
        self._handler: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._connected_at = self._address_at = self._client_at = stopwatch()

    async def run(self) -> None:
        """Receives until it is cancelled."""
        try:
            self._connect()
            await self._watch()
        finally:
            await self._disconnect()

    def _connect(self) -> None:
        handler = AsyncSocketModeHandler(
            self._bolt,
            self._app_token,
            logger=quiet_logger,
            web_client=self._client,
            ping_interval=self._ping_seconds,
        )
        self._handler = handler
        # It tries until it connects, and cannot be waited for without end.
        connecting = handler.connect_async()  # type: ignore[no-untyped-call]  # the library's
        self._connecting = asyncio.create_task(connecting, name="slack socket")

    async def _disconnect(self) -> None:
        handler, self._handler = self._handler, None
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        if handler is None:
            return
        client = handler.client
        tasks = [
            task
            for task in (
                client.message_processor,
                client.current_session_monitor,
                client.message_receiver,
            )
            if task is not None
        ]
        await handler.close_async()  # type: ignore[no-untyped-call]  # the library's
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        connected = False
        while True:
            await self._sleep(CHECK_SECONDS)
            was_connected = connected
            connected = self._handler is not None and await self._handler.client.is_connected()
            if was_connected != connected:
                log.info("slack connected" if connected else "slack disconnected")
            if connected:
                self._connected_at = self._address_at = self._client_at = stopwatch()
            else:
                await self._repair(stopwatch())

    async def _repair(self, now: float) -> None:
        """Tries the next remedy, by how long there has been no connection."""
        if now - self._connected_at > GIVE_UP_AFTER:
            log.error("no connection to slack for minutes")
            self._connected_at = now
            self._give_up()
        elif now - self._client_at > NEW_CLIENT_AFTER:
            log.warning("making a new client for slack's socket")
            self._address_at = self._client_at = now
            await self._disconnect()
            self._connect()
        elif now - self._address_at > NEW_ADDRESS_AFTER and self._handler is not None:
            self._address_at = now
            self._handler.client.wss_uri = None
