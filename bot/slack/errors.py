"""Slack's errors: which are temporary, which mean that nobody can be reached, how long to wait."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.limits.rate_limiter import RateLimited
from bot.limits.retried_calls import RetriedCalls
from bot.port import DeliveryError

# https://docs.slack.dev/reference/methods/chat.postMessage#errors and the errors of all methods.
_TEMPORARY = frozenset(
    """fatal_error internal_error ratelimited rate_limited request_timeout service_unavailable
    team_added_to_org accesslimited timeout""".split()
)
# The workspace has uninstalled us: nothing can be sent until it installs the app again.
_UNINSTALLED = frozenset(
    "account_inactive app_uninstalled invalid_auth not_authed token_expired token_revoked".split()
)
_UNREACHABLE = frozenset(
    """cannot_dm_bot channel_not_found is_archived messages_tab_disabled not_in_channel
    user_disabled user_not_found user_not_visible users_not_found""".split()
)


class SlackCallError(Exception):
    """A call that failed; it repeats nothing that was sent, and no address.

    `code` is Slack's error code, or the name of the network error; `retry_after` is in seconds,
    where Slack names a wait. `unsure`: the call may have succeeded and only its answer was lost.
    `unreadable`: Slack took the call, and what it answered is not its JSON.
    """

    def __init__(
        self,
        code: str,
        status: int = 0,
        retry_after: float | None = None,
        *,
        unsure: bool = False,
        unreadable: bool = False,
    ) -> None:
        super().__init__(code)
        self.unsure = unsure or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self.unreadable = unreadable
        self.code = code
        self.status = status
        self.retry_after = retry_after

    @property
    def is_temporary(self) -> bool:
        """Whether the same call may succeed later."""
        server = self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        network = self.status == 0
        return (
            network or server or self.unreadable or self.is_rate_limited or self.code in _TEMPORARY
        )

    @property
    def is_rate_limited(self) -> bool:
        """Whether it was refused because of too many calls."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or self.retry_after is not None

    @property
    def is_uninstalled(self) -> bool:
        """Whether the workspace has revoked our token or uninstalled the app."""
        return self.code in _UNINSTALLED

    @property
    def is_gone(self) -> bool:
        """Whether nobody can be reached there any more."""
        return self.is_uninstalled or self.code in _UNREACHABLE


class Calls(RetriedCalls):
    """Calls to the Web API; each raises SlackCallError."""

    failure = SlackCallError

    def is_temporary(self, error: Exception) -> bool:
        """Whether the same call may succeed later."""
        return isinstance(error, SlackCallError) and error.is_temporary

    def get_retry_after(self, error: Exception) -> float | None:
        """The seconds Slack asks us to wait; None where it names none."""
        return error.retry_after if isinstance(error, SlackCallError) else None


def make_call_error(error: Exception) -> SlackCallError:
    """The SlackCallError for a library's error, whose own text may quote customers or addresses."""
    if isinstance(error, SlackApiError):
        return _read_api_error(error)
    if isinstance(error, AttributeError | UnicodeError):  # the library's, at JSON that is no object
        return SlackCallError("unreadable answer", HTTPStatus.OK, unsure=True, unreadable=True)
    if isinstance(error, TimeoutError | aiohttp.ClientError | SlackClientError | OSError):
        not_sent = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
        return SlackCallError(type(error).__name__, unsure=not not_sent)
    raise error


def make_delivery_error(error: SlackCallError) -> DeliveryError:
    """The port's error for a failed call."""
    if error.is_gone:
        return DeliveryError(error.code, gone=True)
    return DeliveryError(
        error.code,
        retryable=error.is_temporary,
        retry_after=error.retry_after,
        unsure=error.unsure,
    )


def make_held_error(held: RateLimited) -> DeliveryError:
    """The port's error for a message that the rates hold back."""
    return DeliveryError(f"held: {held.key[0]}", retryable=True, retry_after=held.seconds)


def _read_api_error(error: SlackApiError) -> SlackCallError:
    response = error.response
    if isinstance(response, dict):
        return SlackCallError(str(response.get("error", "unknown"))[:60])
    if isinstance(response, aiohttp.ClientResponse):  # broken JSON, handed on as it came
        return _make_unreadable(response.status, is_json=True)
    if response.status_code == HTTPStatus.OK and not _has_verdict(response.data):
        kind = str(response.headers.get("Content-Type", ""))
        return _make_unreadable(response.status_code, is_json="json" in kind)
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error") or f"http {response.status_code}")[:60]
    seconds = _read_seconds(
        response.headers.get("Retry-After") or response.headers.get("retry-after")
    )
    too_much = response.status_code == HTTPStatus.TOO_MANY_REQUESTS or code == "ratelimited"
    return SlackCallError(code, response.status_code, seconds or 1.0 if too_much else None)


def _has_verdict(data: object) -> bool:
    return isinstance(data, dict) and "ok" in data


def _make_unreadable(status: int, *, is_json: bool) -> SlackCallError:
    """Of Slack's own JSON the call was taken; a page of somebody in between says nothing of it."""
    if status == HTTPStatus.OK and is_json:
        return SlackCallError("unreadable answer", status, unsure=True, unreadable=True)
    return SlackCallError(
        "not an answer of Slack's", 0 if status == HTTPStatus.OK else status, unsure=True
    )


def _read_seconds(header: object) -> float | None:
    try:
        seconds = float(str(header))
    except ValueError:
        return None
    return min(seconds, 3600.0) if seconds > 0 else None
