"""Telegram's rate limits: about 1 message a second in a chat, 20 a minute in a group, 30 a second.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. The exact figures
are Telegram's secret; short bursts pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.botapi.errors import too_many

PRIVATE = (1.0, 3.0)  # messages a second, burst
GROUP = (20 / 60, 20.0)
OVERALL = (30.0, 30.0)


@dataclass
class _Bucket:
    rate: float
    burst: float
    level: float
    seen: float

    def refill(self, now: float) -> None:
        self.level = min(self.burst, self.level + (now - self.seen) * self.rate)
        self.seen = now

    @property
    def wait(self) -> float:
        return 0.0 if self.level >= 1.0 else (1.0 - self.level) / self.rate


class Rates:
    """Token buckets, one for each chat and one for the bot. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._buckets: dict[int | None, _Bucket] = {}

    def spend(self, chat_id: int) -> None:
        """Count one message to the chat. Raises ApiError 429, and then counts nothing."""
        now = self._monotonic()
        buckets = [self._bucket(None, OVERALL, now)]
        buckets.append(self._bucket(chat_id, PRIVATE if chat_id > 0 else GROUP, now))
        wait = max(bucket.wait for bucket in buckets)
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        for bucket in buckets:
            bucket.level -= 1.0

    def _bucket(self, key: int | None, limit: tuple[float, float], now: float) -> _Bucket:
        rate, burst = limit
        bucket = self._buckets.setdefault(key, _Bucket(rate, burst, burst, now))
        bucket.refill(now)
        return bucket
