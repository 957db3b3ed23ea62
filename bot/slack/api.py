"""Calls of Slack's Web API: within its rates, on one session, and with no secret in an error."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.limits.rate_limiter import Key, RateLimiter
from bot.slack.errors import Calls, SlackCallError, make_call_error
from bot.slack.rate_limits import make_keys
from bot.slack.workspaces import Workspace

TIMEOUT = 15.0  # seconds of one call
UPLOAD_TIMEOUT = 120.0
ANSWER_HOST = "hooks.slack.com"
FILE_DOMAIN = ".slack.com"
LONGEST_WAIT_FOR_TURN = 5.0  # seconds; a message of the outbox then waits in the outbox
Json = dict[str, Any]
HoldKey = Callable[[Key, float], Awaitable[None]]
# What people see at once: to call these again would show it twice.
_SENDS = frozenset(
    """assistant.threads.setSuggestedPrompts chat.postEphemeral chat.postMessage chat.update
    files.completeUploadExternal views.open views.publish views.push views.update""".split()
)
log = structlog.get_logger()
# The library's log lines quote bodies and addresses; what is worth logging we log ourselves.
quiet_logger = logging.getLogger("bot.slack.library")
quiet_logger.setLevel(logging.CRITICAL + 1)


class Api:
    """Slack's Web API at `base_url`. `open` before use, `close` at the end.

    `hold` saves the waits that Slack asks for.
    """

    def __init__(self, base_url: str, limiter: RateLimiter, hold: HoldKey) -> None:
        self._hold = hold
        self.base_url = base_url.rstrip("/") + "/"
        self._limiter = limiter
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, AsyncWebClient] = {}

    def __repr__(self) -> str:
        """Without any token."""
        return "Api()"

    async def open(self) -> None:
        """Opens the one session that all calls share."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
                connector=aiohttp.TCPConnector(limit=100, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def close(self) -> None:
        """Closes the session. Harmless when it is closed."""
        session, self._session = self._session, None
        self._clients.clear()
        if session is not None:
            await session.close()

    def client(self, token: str = "") -> AsyncWebClient:
        """The library's client for a token, on our session; it neither retries nor logs."""
        client = self._clients.get(token)
        if client is None:
            if len(self._clients) > 1000:
                self._clients.clear()
            client = self._clients[token] = AsyncWebClient(
                token or None,
                base_url=self.base_url,
                session=self._session,
                logger=quiet_logger,
                retry_handlers=[],
            )
        return client

    async def call(
        self, workspace: Workspace, calls: Calls, method: str, **arguments: object
    ) -> Json:
        """A method's answer, within the rates; raises SlackCallError.

        Raises RateLimited too where `calls` is not patient.
        """
        channel = arguments.get("channel") or arguments.get("channel_id") or ""
        keys = make_keys(workspace.tenant, method, str(channel))
        at_most = None if calls.patient else LONGEST_WAIT_FOR_TURN

        async def call_in_turn() -> Json:
            await self._limiter.acquire(keys, calls.sleep, urgent=calls.urgent, at_most=at_most)
            try:
                return await self.call_once(workspace.token, method, arguments)
            except SlackCallError as error:
                if error.retry_after is not None:
                    # Slack counts by method and workspace: one that must wait holds up no other.
                    await self._hold(keys[-1], error.retry_after)
                raise

        return await calls.make(call_in_turn)

    async def call_once(self, token: str, method: str, arguments: Mapping[str, object]) -> Json:
        """One call outside of the rate limiter, for handshakes and triggers, which can't wait.

        Empty where Slack has shown something and its answer can't be read.
        """
        form = {name: _encode(value) for name, value in arguments.items() if value is not None}
        try:
            answer = await self.client(token).api_call(method, data=form)
        except Exception as error:  # noqa: BLE001 - else its text, with an address in it, is passed on
            failure = make_call_error(error)
            if failure.unreadable and method in _SENDS:
                log.warning("slack's answer can't be read: taken as sent", method=method)
                return {}
            raise failure from None
        if not isinstance(answer.data, dict):
            raise SlackCallError("not an answer of Slack's", answer.status_code)
        return answer.data

    async def respond(self, url: str, body: Json, calls: Calls) -> None:
        """Posts to the address Slack gave for one interaction; raises SlackCallError."""
        await calls.make(lambda: self._respond(url, body))

    async def upload(self, url: str, content: bytes, calls: Calls) -> None:
        """Sends a file's content to the address Slack gave for it; raises SlackCallError."""
        await calls.make(lambda: self._upload(url, content))

    async def download(self, workspace: Workspace, url: str, most: int, calls: Calls) -> bytes:
        """A file's content, at most a little over `most` bytes; raises SlackCallError.

        The token is sent to Slack's own hosts only.
        """
        if not self._is_slack_url(url, FILE_DOMAIN):
            raise SlackCallError("not an address of Slack's", HTTPStatus.BAD_REQUEST)
        return await calls.make(lambda: self._download(workspace.token, url, most))

    def is_answer_address(self, url: str) -> bool:
        """Whether answers may be posted there."""
        return self._is_slack_url(url, ANSWER_HOST)

    async def _respond(self, url: str, body: Json) -> None:
        if not self.is_answer_address(url):
            raise SlackCallError("not an address of Slack's", HTTPStatus.BAD_REQUEST)
        await self._post(url, json=body)

    async def _upload(self, url: str, content: bytes) -> None:
        if not self._is_slack_url(url, FILE_DOMAIN):
            raise SlackCallError("not an address of Slack's", HTTPStatus.BAD_REQUEST)
        timeout = aiohttp.ClientTimeout(total=UPLOAD_TIMEOUT)
        await self._post(url, data=content, timeout=timeout)

    async def _post(self, url: str, **options: Any) -> None:
        try:
            async with self._open_session().post(url, allow_redirects=False, **options) as answer:
                if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                    raise await _read_refusal(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise make_call_error(error) from None

    async def _download(self, token: str, url: str, most: int) -> bytes:
        content = bytearray()
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self._open_session().get(
                url, headers=headers, allow_redirects=False
            ) as answer:
                if answer.status != HTTPStatus.OK or answer.content_type == "text/html":
                    raise SlackCallError("file not given", answer.status or HTTPStatus.FORBIDDEN)
                async for chunk in answer.content.iter_any():
                    content += chunk
                    if len(content) > most:
                        break
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise make_call_error(error) from None
        return bytes(content)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise SlackCallError("the connection to Slack is closed")
        return self._session

    def _is_slack_url(self, url: str, domain: str) -> bool:
        said, own = urlsplit(url), urlsplit(self.base_url)
        if (said.scheme, said.netloc) == (own.scheme, own.netloc):
            return True
        host = said.hostname or ""
        return said.scheme == "https" and host.endswith(domain)


async def _read_refusal(answer: aiohttp.ClientResponse) -> SlackCallError:
    waits = answer.headers.get("Retry-After", "")
    seconds = float(waits) if waits.isascii() and waits.isdigit() else None
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return SlackCallError("ratelimited", answer.status, seconds or 1.0)
    said = (await answer.content.read(2000)).decode("utf-8", "replace")
    known = [code for code in ("used_url", "expired_url", "account_inactive") if code in said]
    return SlackCallError(known[0] if known else f"http {answer.status}", answer.status)


def _encode(value: object) -> str | bytes:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | bytes):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
