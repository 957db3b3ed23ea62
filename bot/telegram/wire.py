"""The HTTP transport of Bot API requests: one aiohttp session, and no token in any error.

The token is part of every URL (https://core.telegram.org/bots/api#making-requests), so no error
raised here repeats an URL, chains an exception that might, or shows a page that some proxy made
of it.
"""

from __future__ import annotations

import errno
import io
import json
import logging
import os
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

Timeout = float | None

ANSWER_BYTES: Final = 32 * 1024 * 1024  # Telegram serves files of at most 20 MB
# Without it the library warns at every 429, from inside RetryAfter itself; with it retry_after is
# a timedelta, as it will be in the library's next major version.
os.environ.setdefault("PTB_TIMEDELTA", "true")

LONGEST_RECEIPT: Final = 64 * 1024  # bytes of an answer to anything but getUpdates
_REFUSALS = range(400, 600)
_NO_RESULT = b'{"ok":true,"result":null}'
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Would end the part's header line, or its quoted value, inside a multipart body.
_UNSAFE_IN_NAME = str.maketrans(dict.fromkeys((*range(32), 127), "_"))


class AiohttpRequest(BaseRequest):
    """The transport for a `telegram.Bot`; give the same object as `request` and
    `get_updates_request`, so that a process has one client.

    Timeouts are in seconds; None means no limit. A long poll's read timeout comes with the call
    (telegram.Bot adds the poll's own time to `read_timeout`); an upload may take
    `upload_timeout` longer. `proxy` is an URL such as http://127.0.0.1:3128.
    """

    def __init__(
        self,
        *,
        connections: int = 256,
        read_timeout: Timeout = 10.0,
        upload_timeout: Timeout = 30.0,
        connect_timeout: Timeout = 5.0,
        pool_timeout: Timeout = 5.0,
        proxy: str | None = None,
    ) -> None:
        self._connections = connections
        self._read = read_timeout
        self._upload = upload_timeout
        self._connect = connect_timeout
        self._pool = pool_timeout
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        # Below INFO the library writes the token (Bot.__init__) and what customers are told.
        library = logging.getLogger("telegram")
        library.setLevel(max(library.level, logging.INFO))

    @property
    def read_timeout(self) -> Timeout:
        """Seconds to wait for the next bytes of an answer."""
        return self._read

    async def initialize(self) -> None:
        """Open the session. Harmless when it is open."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the session and its connections. Harmless when it is closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; answer with the status code and the body.

        Raises TimedOut when a timeout passed, BadRequest for text that cannot be encoded, and
        NetworkError for everything else that kept an answer from arriving.
        """
        if self._session is None:
            raise NetworkError("the connection to Telegram is closed")
        upload = request_data is not None and request_data.contains_files
        write = _choose_timeout(write_timeout, self._upload if upload else 0.0)
        pool = _choose_timeout(pool_timeout, self._pool)
        connect = _choose_timeout(connect_timeout, self._connect)
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=_add(pool, connect),
            sock_connect=connect,
            sock_read=_add(_choose_timeout(read_timeout, self._read), write),
        )
        try:
            return await self._exchange(self._session, url, method, request_data, timeout)
        except aiohttp.ConnectionTimeoutError:
            raise TimedOut("no connection in time, so nothing was sent") from None
        except TimeoutError:
            raise TimedOut("no answer in time, so it may have been sent") from None
        except UnicodeEncodeError:
            raise BadRequest("strings must be encoded in UTF-8") from None
        except NetworkError:
            raise
        except Exception as error:  # noqa: BLE001 - else its repr, URL and all, becomes a message
            raise NetworkError(_describe(error)) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON object in an answer. Raises NetworkError when there is none."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("the answer is not one of Telegram's")
        return answer

    async def _exchange(
        self,
        session: aiohttp.ClientSession,
        url: str,
        method: str,
        data: RequestData | None,
        timeout: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        body, headers = _make_body(data)
        async with session.request(
            method,
            url,
            data=body,
            headers=headers,
            timeout=timeout,
            proxy=self._proxy,
            # A redirect would carry the token to wherever it points.
            allow_redirects=False,
        ) as response:
            answer = await _read(response)
            if response.status >= HTTPStatus.MULTIPLE_CHOICES:
                return response.status, _refusal(answer)
            if response.content_type == "application/json":
                return _complete(response.status, answer)
            return response.status, answer


def _choose_timeout(given: object, default: Timeout) -> Timeout:
    """The timeout of this call: PTB passes a marker object where the caller gave none."""
    return given if given is None or isinstance(given, int | float) else default


def _add(first: Timeout, second: Timeout) -> Timeout:
    return None if first is None or second is None else first + second


def _make_body(data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    if data is None:
        return None, {}
    if not data.contains_files:
        return data.url_encoded_parameters().encode(), _FORM
    # Quoted fields would reach Telegram as percent signs in the file's name.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        # aiohttp sends a file object in chunks, but bytes in one go that holds up the loop.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        safe_name = filename.translate(_UNSAFE_IN_NAME)
        form.add_field(name, stream, filename=safe_name, content_type=mime_type)
    return form, {}


async def _read(response: aiohttp.ClientResponse) -> bytes:
    answer = bytearray()
    async for chunk in response.content.iter_any():
        answer += chunk
        if len(answer) > ANSWER_BYTES:
            raise NetworkError("the answer is longer than any that Telegram gives")
    return bytes(answer)


def _complete(status: int, answer: bytes) -> tuple[int, bytes]:
    """A successful answer as the library takes it: with a result, if only null.

    Telegram has done what was asked; that its answer can't be read must not have it done again.
    """
    if len(answer) > LONGEST_RECEIPT:  # updates, which are too long to be parsed twice
        return status, answer
    try:
        found = AiohttpRequest.parse_json_payload(answer)
    except NetworkError:
        return status, _NO_RESULT
    if found.get("ok") is False:  # a refusal all the same
        code = found.get("error_code")
        if isinstance(code, int) and code in _REFUSALS:
            return code, answer
        return HTTPStatus.BAD_REQUEST, answer
    return status, answer if "result" in found else _NO_RESULT


def _refusal(answer: bytes) -> bytes:
    """The body of a refusal, or an empty object for a page that is not Telegram's."""
    try:
        AiohttpRequest.parse_json_payload(answer)
    except NetworkError:
        return b"{}"
    return answer


def _describe(error: Exception) -> str:
    """What went wrong, by name only: the error's own text may hold the URL."""
    number = error.errno if isinstance(error, OSError) else None
    reason = errno.errorcode.get(number or 0, "")
    return f"{type(error).__name__} {reason}".rstrip()
