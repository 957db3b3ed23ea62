"""What Telegram's refusals mean to us, and waiting out those that pass."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.backoff import wait_before
from bot.port import DeliveryError

Result = TypeVar("Result")
Rest = Callable[[float], Awaitable[None]]

TRIES = 8  # of one call against a bad network: about a minute and a half
LONGEST_WAIT = 60.0
# https://core.telegram.org/bots/api gives no list of these; the wording is Telegram's.
_NOBODY_THERE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")
_PREFIX = re.compile(r"^(?:Forbidden|Conflict|Too Many Requests|Internal Server Error): ")
_QUOTED = re.compile(r"""[:"]|\s'""")
log = structlog.get_logger()


class Calls:
    """Makes the calls that one reply takes, one after the other.

    Waits as long as Telegram says when it is too much, and a growing while when the network
    fails, with `rest`. Without `patient` the first call is not waited for: nothing is shown yet,
    so the whole can come later. `urgent` calls answer somebody who waits, and go before others.
    Each raises the library's TelegramError.
    """

    def __init__(self, rest: Rest, *, patient: bool = True, urgent: bool = True) -> None:
        self.rest = rest
        self.urgent = urgent
        self._patient = patient

    async def make(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """The call's result, after as many tries as it takes within reason."""
        failures = 0
        while True:
            try:
                result = await call()
            except TelegramError as error:
                if not self._patient or failures >= TRIES or not passes(error):
                    raise
                wait = wait_of(error)
                if wait is None:
                    failures += 1
                    wait = wait_before(failures - 1, longest=LONGEST_WAIT)
                log.info("telegram call waits", seconds=wait, reason=type(error).__name__)
                await self.rest(wait)
            else:
                self._patient = True
                return result


def passes(error: TelegramError) -> bool:
    """Whether the same call may be taken later."""
    if isinstance(error, BadRequest):
        return False
    return isinstance(error, RetryAfter | NetworkError | InvalidToken)


def wait_of(error: TelegramError) -> float | None:
    """The seconds Telegram asks us to wait; None where it names none."""
    if not isinstance(error, RetryAfter):
        return None
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def is_gone(error: TelegramError) -> bool:
    """Whether the person has blocked the bot, left, or never opened it."""
    if isinstance(error, BadRequest):
        return says(error, *_NOBODY_THERE)
    return isinstance(error, Forbidden)


def says(error: TelegramError, *phrases: str) -> bool:
    """Whether Telegram's description has one of these, in lower case."""
    description = str(error).casefold()
    return any(phrase in description for phrase in phrases)


def summary(error: BaseException) -> str:
    """What went wrong, fit for a log: Telegram's words up to where they quote what we sent."""
    if not isinstance(error, TelegramError):
        return type(error).__name__
    said = _QUOTED.split(_PREFIX.sub("", str(error)), maxsplit=1)[0]
    return f"{type(error).__name__}: {said.strip()[:100]}"


def delivery_error(error: TelegramError) -> DeliveryError:
    """The error as the port knows it, without anything that was sent."""
    reason = summary(error)
    if is_gone(error):
        return DeliveryError(reason, gone=True)
    retryable = passes(error) or isinstance(error, ChatMigrated)
    return DeliveryError(reason, retryable=retryable, retry_after=wait_of(error))
