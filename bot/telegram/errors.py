"""Telegram's errors: which are temporary, which mean nobody can be reached, how long to wait."""

from __future__ import annotations

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.limits.rate_limiter import RateLimited
from bot.limits.retried_calls import RetriedCalls
from bot.port import DeliveryError
from bot.telegram.rate_limits import ALL

# https://core.telegram.org/bots/api gives no list of these; the wording is Telegram's.
_UNREACHABLE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")
# What our transport says when there was no connection to send over, and a proxy when it had none.
_NOT_SENT = ("nothing was sent", "clientconnector", "is closed", "bad gateway", "(503)")
_PREFIX = re.compile(r"^(?:Forbidden|Conflict|Too Many Requests|Internal Server Error): ")
_QUOTED = re.compile(r"""[:"]|\s'""")


class Calls(RetriedCalls):
    """Calls to the Bot API; each raises the library's TelegramError."""

    failure = TelegramError

    def is_temporary(self, error: Exception) -> bool:
        """Whether the same call may succeed later."""
        return isinstance(error, TelegramError) and is_temporary(error)

    def get_retry_after(self, error: Exception) -> float | None:
        """The seconds Telegram asks us to wait; None where it names none."""
        return get_retry_after(error) if isinstance(error, TelegramError) else None


def is_temporary(error: TelegramError) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(error, BadRequest):
        return False
    return isinstance(error, RetryAfter | NetworkError | InvalidToken)


def get_retry_after(error: TelegramError) -> float | None:
    """The seconds Telegram asks us to wait; None where it names none."""
    if not isinstance(error, RetryAfter):
        return None
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def is_gone(error: TelegramError) -> bool:
    """Whether the person has blocked the bot, left, or never opened it."""
    if isinstance(error, BadRequest):
        return says(error, *_UNREACHABLE)
    return isinstance(error, Forbidden)


def says(error: TelegramError, *phrases: str) -> bool:
    """Whether Telegram's description has one of these, in lower case."""
    description = str(error).casefold()
    return any(phrase in description for phrase in phrases)


def summarize(error: BaseException) -> str:
    """The error, fit for a log: Telegram's description up to where it quotes what we sent."""
    if not isinstance(error, TelegramError):
        return type(error).__name__
    description = _QUOTED.split(_PREFIX.sub("", str(error)), maxsplit=1)[0]
    return f"{type(error).__name__}: {description.strip()[:100]}"


def may_have_arrived(error: TelegramError) -> bool:
    """Whether Telegram may have done it and only its answer was lost."""
    if isinstance(error, BadRequest | RetryAfter | InvalidToken):
        return False
    return isinstance(error, NetworkError) and not says(error, *_NOT_SENT)


def make_delivery_error(error: TelegramError) -> DeliveryError:
    """The port's error, without anything that was sent."""
    reason = summarize(error)
    if is_gone(error):
        return DeliveryError(reason, gone=True)
    return DeliveryError(
        reason,
        retryable=is_temporary(error) or isinstance(error, ChatMigrated),
        retry_after=get_retry_after(error),
        unsure=may_have_arrived(error),
    )


def make_held_error(held: RateLimited) -> DeliveryError:
    """The port's error for a message that the rates hold back."""
    reason = f"held: {held.key[0]}"
    return DeliveryError(
        reason, retryable=True, retry_after=held.seconds, whole_bot=held.key == ALL
    )
