"""Telegram's rates, as far as it tells them: about 1 message a second in a chat, 20 a minute in a
group, 30 a second in all (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits).
"""

from __future__ import annotations

import asyncio

from bot.pace import Pace, Rate

PRIVATE = Rate(0.98, 3.0)
GROUP = Rate(19 / 60, 18.0)
MARGIN = 0.95  # of what is allowed: clocks differ, and a page that is split counts twice


def telegram_pace(messages_a_second: float) -> Pace:
    """Telegram's pace at so many messages a second in all; 0 for a server without limits."""
    if messages_a_second <= 0:
        return Pace(_now)
    allowed = messages_a_second * MARGIN
    return Pace(_now, Rate(allowed, allowed), PRIVATE, GROUP)


def _now() -> float:
    return asyncio.get_running_loop().time()
