"""Telegram's published rates: about one message a second in a chat, 20 a minute in a group.

And 30 a second in all (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits).
"""

from __future__ import annotations

import asyncio

from bot.limits.rate_limiter import Key, Rate, RateLimiter

PRIVATE = Rate(0.98, 3.0)
GROUP = Rate(19 / 60, 18.0)
MARGIN = 0.95  # of what is allowed: clocks differ, and a page that is split counts twice
RESERVE = 8.0  # turns a second's start keeps for answers
FLOOD_CHATS, FLOOD_SECONDS = 3, 10.0  # so many chats refused in so short a time: it is all of them
ALL: Key = ("all",)


def make_chat_key(chat_id: int) -> Key:
    """The key of a chat's messages."""
    return ("chat", str(chat_id))


class FloodDetector:
    """Tells a flood in one chat from one of the whole bot: Telegram does not say which it is."""

    def __init__(self) -> None:
        self._refused_at: dict[int, float] = {}

    def find_key(self, chat_id: int, now: float) -> Key:
        """The key that has to wait after a refusal in this chat: all where several were refused."""
        self._refused_at = {
            chat: at for chat, at in self._refused_at.items() if now - at < FLOOD_SECONDS
        }
        self._refused_at[chat_id] = now
        return ALL if len(self._refused_at) >= FLOOD_CHATS else make_chat_key(chat_id)


def make_limiter(messages_a_second: float) -> RateLimiter:
    """A rate limiter for so many messages a second in all; 0 for a server without limits."""
    if messages_a_second <= 0:
        return RateLimiter(_now, lambda _key: None)
    allowed = messages_a_second * MARGIN
    whole_bot = Rate(allowed, allowed, RESERVE)
    return RateLimiter(_now, lambda key: whole_bot if key == ALL else _find_chat_rate(key))


def _find_chat_rate(key: Key) -> Rate:
    """Ids below 0 are groups, as Telegram numbers them."""
    return GROUP if key[-1].startswith("-") else PRIVATE


def _now() -> float:
    return asyncio.get_running_loop().time()
