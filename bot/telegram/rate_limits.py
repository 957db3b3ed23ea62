"""Telegram's rates, as far as it tells them: about 1 message a second in a chat, 20 a minute in a
group, 30 a second in all (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits).
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


def chat_key(chat_id: int) -> Key:
    """What a chat's messages are counted by."""
    return ("chat", str(chat_id))


class FloodDetector:
    """Tells a flood in one chat from one of the whole bot: Telegram does not say which it is."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}

    def key_of(self, chat_id: int, now: float) -> Key:
        """What has to wait after a refusal in this chat: all of it where several chats are."""
        self._seen = {chat: at for chat, at in self._seen.items() if now - at < FLOOD_SECONDS}
        self._seen[chat_id] = now
        return ALL if len(self._seen) >= FLOOD_CHATS else chat_key(chat_id)


def telegram_pace(messages_a_second: float) -> RateLimiter:
    """Telegram's pace at so many messages a second in all; 0 for a server without limits."""
    if messages_a_second <= 0:
        return RateLimiter(_now, lambda _key: None)
    allowed = messages_a_second * MARGIN
    everything = Rate(allowed, allowed, RESERVE)
    return RateLimiter(_now, lambda key: everything if key == ALL else _of_chat(key))


def _of_chat(key: Key) -> Rate:
    """Ids below 0 are groups, as Telegram numbers them."""
    return GROUP if key[-1].startswith("-") else PRIVATE


def _now() -> float:
    return asyncio.get_running_loop().time()
