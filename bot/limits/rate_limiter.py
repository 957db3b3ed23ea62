"""Rate limiter: spaces out what is sent, so that a platform never has to answer "too many".

One queue for everything that is sent. A turn spends from a bucket for each of its keys: all of a
bot, a chat, a workspace and a method, whatever the platform counts by. Answers go before what
Repmate says by itself, which leaves a few turns of every second to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.limits.backoff import Sleep

NOISE = 1e-9  # of a turn, from adding up fractions
SHORTEST = 0.005  # seconds; clocks do not tell less apart
MAX_BUCKETS = 10_000  # from then on buckets that are full again are dropped
Key = tuple[str, ...]  # ("all",), ("chat", "7"), ("T1", "chat.postMessage"): the platform's own


@dataclass(frozen=True)
class Rate:
    """So many turns a second in the long run, and `burst` of them at once.

    What is not urgent always leaves `reserve` turns in the bucket, and one more for each answer
    that waits.
    """

    a_second: float
    burst: float
    reserve: float = 0.0


class RateLimited(Exception):
    """It is not our turn for another `seconds`, longer than the caller would wait, for `key`."""

    def __init__(self, key: Key, seconds: float) -> None:
        super().__init__(f"held for {seconds:.0f} s")
        self.key = key
        self.seconds = seconds


@dataclass
class _Bucket:
    rate: Rate
    level: float
    updated_at: float

    def wait(self, now: float, reserved: float = 0.0) -> float:
        """Seconds until a turn can be taken that leaves `reserved` behind."""
        self.level = min(self.rate.burst, self.level + (now - self.updated_at) * self.rate.a_second)
        self.updated_at = now
        missing = 1.0 + min(reserved, self.rate.burst - 1.0) - self.level
        return missing / self.rate.a_second if missing > NOISE else 0.0


class RateLimiter:
    """The turns of one bot. `now` gives seconds that only grow.

    `find_rate` gives a key's rate, None where the platform sets none: then nobody waits for it.
    """

    def __init__(self, now: Callable[[], float], find_rate: Callable[[Key], Rate | None]) -> None:
        self._now = now
        self._find_rate = find_rate
        self._buckets: dict[Key, _Bucket] = {}
        self._held_until: dict[Key, float] = {}
        self._urgent_waiting = 0

    async def acquire(
        self, keys: Iterable[Key], sleep: Sleep, *, urgent: bool, at_most: float | None = None
    ) -> None:
        """Waits, with `sleep`, for a turn at all these keys, and takes it.

        What is not `urgent` waits while an answer does. Raises RateLimited, at once, where the turn
        would come later than `at_most` seconds from now.
        """
        keys = tuple(dict.fromkeys(keys))
        self._urgent_waiting += urgent
        try:
            await self._wait_for_turn(keys, sleep, urgent=urgent, at_most=at_most)
        finally:
            self._urgent_waiting -= urgent
        for key in keys:
            bucket = self._bucket(key)
            if bucket is not None:
                bucket.level -= 1.0

    def hold(self, key: Key, seconds: float) -> None:
        """Gives no turns at the key for so many seconds: the platform has asked us to wait."""
        self._held_until[key] = max(self._held_until.get(key, 0.0), self._now() + seconds)

    def held_keys(self) -> Mapping[Key, float]:
        """The seconds that each held key still has to wait."""
        now = self._now()
        self._held_until = {key: until for key, until in self._held_until.items() if until > now}
        return {key: until - now for key, until in self._held_until.items()}

    async def _wait_for_turn(
        self, keys: tuple[Key, ...], sleep: Sleep, *, urgent: bool, at_most: float | None
    ) -> None:
        began = self._now()
        while True:
            wait, key = max((self._wait(key, urgent=urgent), key) for key in keys)
            if wait <= 0:
                return
            if at_most is not None and self._now() - began + wait > at_most:
                raise RateLimited(key, wait)
            await sleep(max(wait, SHORTEST))

    def _wait(self, key: Key, *, urgent: bool) -> float:
        now, bucket = self._now(), self._bucket(key)
        held_for = self._held_until.get(key, now) - now
        if bucket is None:
            return held_for
        shared = bucket.rate.reserve > 0 and not urgent
        reserved = bucket.rate.reserve + self._urgent_waiting if shared else 0.0
        return max(held_for, bucket.wait(now, reserved))

    def _bucket(self, key: Key) -> _Bucket | None:
        found = self._buckets.get(key)
        if found is None and (rate := self._find_rate(key)) is not None:
            self._forget_full_buckets()
            found = self._buckets[key] = _Bucket(rate, rate.burst, self._now())
        return found

    def _forget_full_buckets(self) -> None:
        if len(self._buckets) < MAX_BUCKETS:
            return
        now = self._now()
        for key, bucket in [*self._buckets.items()]:
            if bucket.wait(now) == 0 and bucket.level >= bucket.rate.burst:
                del self._buckets[key]
