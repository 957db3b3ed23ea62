"""Calls Slack's Web API for a workspace: in turn, on one session, without a secret in an error."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.limits.rate_limiter import Key, RateLimiter
from bot.slack.errors import Calls, SlackCallError, call_error_of
from bot.slack.rate_limits import keys_of
from bot.slack.workspaces import Workspace

TIMEOUT = 15.0  # seconds of one call
UPLOAD_TIMEOUT = 120.0
ANSWERS = "hooks.slack.com"
FILES = ".slack.com"
LONGEST_TURN = 5.0  # seconds that what nobody waits for waits here, and not in the outbox
Json = dict[str, Any]
Told = Callable[[Key, float], Awaitable[None]]
# The library's own lines quote bodies and addresses; what is worth telling we tell ourselves.
quiet = logging.getLogger("bot.slack.library")
quiet.setLevel(logging.CRITICAL + 1)


class Api:
    """Slack's Web API at `base_url`. `open` before use, `close` at the end.

    `told` keeps the waits that Slack asks for.
    """

    def __init__(self, base_url: str, pace: RateLimiter, told: Told) -> None:
        self._told = told
        self.base_url = base_url.rstrip("/") + "/"
        self._pace = pace
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
        found = self._clients.get(token)
        if found is None:
            if len(self._clients) > 1000:
                self._clients.clear()
            found = self._clients[token] = AsyncWebClient(
                token or None,
                base_url=self.base_url,
                session=self._session,
                logger=quiet,
                retry_handlers=[],
            )
        return found

    async def call(
        self, workspace: Workspace, calls: Calls, method: str, **arguments: object
    ) -> Json:
        """A method's answer, in its turn; raises SlackCallError, and Held where nobody waits."""
        named = arguments.get("channel") or arguments.get("channel_id") or ""
        keys = keys_of(workspace.tenant, method, str(named))
        at_most = None if calls.patient else LONGEST_TURN

        async def at_its_turn() -> Json:
            await self._pace.acquire(keys, calls.rest, urgent=calls.urgent, at_most=at_most)
            try:
                return await self.once(workspace.token, method, arguments)
            except SlackCallError as trouble:
                if trouble.retry_after is not None:
                    # Slack counts by method and workspace; one told to wait holds up no other.
                    await self._told(keys[-1], trouble.retry_after)
                raise

        return await calls.make(at_its_turn)

    async def once(self, token: str, method: str, arguments: Mapping[str, object]) -> Json:
        """One call, out of turn: what a trigger or a handshake does not wait for."""
        form = {name: _formed(value) for name, value in arguments.items() if value is not None}
        try:
            answer = await self.client(token).api_call(method, data=form)
        except Exception as error:  # noqa: BLE001 - else its words, address and all, travel on
            raise call_error_of(error) from None
        if not isinstance(answer.data, dict):
            raise SlackCallError("no answer of Slack's", answer.status_code)
        return answer.data

    async def respond(self, url: str, body: Json, calls: Calls) -> None:
        """Posts to the address Slack gave for one interaction; raises SlackCallError."""
        await calls.make(lambda: self._respond(url, body))

    async def upload(self, url: str, content: bytes, calls: Calls) -> None:
        """Sends a file's content to the address Slack gave for it; raises SlackCallError."""
        await calls.make(lambda: self._upload(url, content))

    async def download(self, workspace: Workspace, url: str, most: int, calls: Calls) -> bytes:
        """A file's content, at most `most` bytes and one; raises SlackCallError.

        The token goes to nobody but Slack.
        """
        if not self._is_slacks(url, FILES):
            raise SlackCallError("no address of Slack's", HTTPStatus.BAD_REQUEST)
        return await calls.make(lambda: self._download(workspace.token, url, most))

    def is_answer_address(self, url: str) -> bool:
        """Whether answers may be posted there."""
        return self._is_slacks(url, ANSWERS)

    async def _respond(self, url: str, body: Json) -> None:
        if not self.is_answer_address(url):
            raise SlackCallError("no address of Slack's", HTTPStatus.BAD_REQUEST)
        await self._post(url, json=body)

    async def _upload(self, url: str, content: bytes) -> None:
        if not self._is_slacks(url, FILES):
            raise SlackCallError("no address of Slack's", HTTPStatus.BAD_REQUEST)
        timeout = aiohttp.ClientTimeout(total=UPLOAD_TIMEOUT)
        await self._post(url, data=content, timeout=timeout)

    async def _post(self, url: str, **options: Any) -> None:
        try:
            async with self._open_session().post(url, allow_redirects=False, **options) as answer:
                if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                    raise await _refused(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise call_error_of(error) from None

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
            raise call_error_of(error) from None
        return bytes(content)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise SlackCallError("the connection to Slack is closed")
        return self._session

    def _is_slacks(self, url: str, domain: str) -> bool:
        said, own = urlsplit(url), urlsplit(self.base_url)
        if (said.scheme, said.netloc) == (own.scheme, own.netloc):
            return True
        host = said.hostname or ""
        return said.scheme == "https" and host.endswith(domain)


async def _refused(answer: aiohttp.ClientResponse) -> SlackCallError:
    waits = answer.headers.get("Retry-After", "")
    seconds = float(waits) if waits.isascii() and waits.isdigit() else None
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return SlackCallError("ratelimited", answer.status, seconds or 1.0)
    said = (await answer.content.read(2000)).decode("utf-8", "replace")
    known = [code for code in ("used_url", "expired_url", "account_inactive") if code in said]
    return SlackCallError(known[0] if known else f"http {answer.status}", answer.status)


def _formed(value: object) -> str | bytes:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | bytes):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
