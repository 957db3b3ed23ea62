"""The real Bolt app and SDK clients, pointed at the fake, for tests of the fake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slackapi import SlackApi


def client_of(api: SlackApi, token: str = "") -> AsyncWebClient:
    """The SDK's client of the Web API; it would ask twice by itself when a connection is cut."""
    return AsyncWebClient(token or api.bot_token, base_url=api.base_url, retry_handlers=[])


def app_of(api: SlackApi) -> AsyncApp:
    """A Bolt app of the first workspace."""
    return AsyncApp(client=client_of(api), signing_secret=api.signing_secret)


@asynccontextmanager
async def in_socket_mode(api: SlackApi, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app, connected."""
    client = client_of(api, api.app_token)
    handler = AsyncSocketModeHandler(app, api.app_token, web_client=client, ping_interval=60.0)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's, untyped
    try:
        await api.connected()
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's, untyped
