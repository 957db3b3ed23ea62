"""HTTP: one address for everything that Slack sends, behind any proxy.

Each request's signature is checked before its body is parsed. Whatever is wrong with it, the answer
is the same, and nothing of it is stored or logged.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import structlog
import uvicorn
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.slack.signature import is_signed

EVENTS = "/slack/events"
BODY_BYTES = 2_000_000  # Slack's views are at most 250 kB
log = structlog.get_logger()


class TooLong(Exception):
    """The body is longer than any of Slack's."""


def make_web_app(
    bolt: AsyncApp, secret: str, now: Callable[[], float], more: Sequence[BaseRoute] = ()
) -> Starlette:
    """The application to serve. `now` gives Unix seconds. Without a secret nothing is received."""

    async def receive(request: Request) -> Response:
        try:
            body = await _read_body(request)
        except (TooLong, ClientDisconnect):
            return _refuse()
        headers = request.headers
        signature = headers.get("x-slack-signature", "")
        timestamp = headers.get("x-slack-request-timestamp", "")
        if not is_signed(secret, timestamp, signature, body, now()):
            log.warning("request without slack's signature refused")
            return _refuse()
        return await _dispatch(bolt, body, dict(headers))

    async def report_health(_request: Request) -> Response:
        return Response("ok")

    events = [Route(EVENTS, receive, methods=["POST"])] if secret else []
    return Starlette(routes=[*events, Route("/health", report_health), *more])


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises ValueError, which names the settings, where it can't."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = f"SLACK_HOST and SLACK_PORT: nothing can listen at {host}, {port}"
        raise ValueError(f"{reason} ({type(error).__name__})") from None


class Web:
    """Serves an application at a listening socket, without taking over the process's signals."""

    def __init__(self, app: Starlette, at: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=5,
        )
        self._server = _Server(config)
        self._at = at

    async def run(self) -> None:
        """Serves until it is cancelled; requests under way are answered to their end."""
        serving = asyncio.create_task(self._server.serve([self._at]), name="slack http")
        try:
            await asyncio.shield(serving)
        finally:
            self._server.should_exit = True
            await serving


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Any:
        """Does nothing: the process handles signals itself."""
        yield


async def _dispatch(bolt: AsyncApp, body: bytes, headers: dict[str, Any]) -> Response:
    try:
        request = AsyncBoltRequest(body=body.decode(), headers=headers)
    except ValueError:  # signed, and yet no text or no JSON
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    answer = await bolt.async_dispatch(request)
    return Response(
        answer.body, answer.status, {name: each[0] for name, each in answer.headers.items()}
    )


async def _read_body(request: Request) -> bytes:
    """The body, read as far as any of Slack's goes; raises TooLong."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise TooLong
    return bytes(body)


def _refuse() -> Response:
    return Response(status_code=HTTPStatus.UNAUTHORIZED)
