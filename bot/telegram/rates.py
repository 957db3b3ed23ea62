"""Telegram's rates, as far as it tells them: about 1 message a second in a chat, 20 a minute in a
group, 30 a second in all (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits).
"""

from __future__ import annotations

import asyncio

from bot.pace import Key, Pace, Rate

PRIVATE = Rate(0.98, 3.0)
GROUP = Rate(19 / 60, 18.0)
MARGIN = 0.95  # of what is allowed: clocks differ, and a page that is split counts twice
RESERVE = 8.0  # turns a second's start keeps for answers
ALL: Key = ("all",)


def chat_key(chat_id: int) -> Key:
    """What a chat's messages are counted by."""
    return ("chat", str(chat_id))


def telegram_pace(messages_a_second: float) -> Pace:
    """Telegram's pace at so many messages a second in all; 0 for a server without limits."""
    if messages_a_second <= 0:
        return Pace(_now, lambda _key: None)
    allowed = messages_a_second * MARGIN
    everything = Rate(allowed, allowed, RESERVE)
    return Pace(_now, lambda key: everything if key == ALL else _of_chat(key))


def _of_chat(key: Key) -> Rate:
    """Ids below 0 are groups, as Telegram numbers them."""
    return GROUP if key[-1].startswith("-") else PRIVATE


def _now() -> float:
    return asyncio.get_running_loop().time()
