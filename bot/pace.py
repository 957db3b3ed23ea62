"""Keeps a platform's rates of its own accord, so that it never has to say "too many".

One queue for everything that is sent: a bucket for all of it, and one for each chat. Answers go
before what Repmate says by itself, which leaves a few turns of every second to them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

RESERVE = 8.0  # turns a second's start keeps for answers
NOISE = 1e-9  # of a turn, from adding up fractions
SHORTEST = 0.005  # seconds; clocks do not tell less apart
CHATS = 10_000  # buckets kept before those that are full again are forgotten
Rest = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Rate:
    """So many turns a second in the long run, and `burst` of them at once."""

    a_second: float
    burst: float


@dataclass
class _Bucket:
    rate: Rate
    level: float
    seen: float = 0.0

    def wait(self, now: float, kept: float = 0.0) -> float:
        """Seconds until a turn can be taken that leaves `kept` behind."""
        self.level = min(self.rate.burst, self.level + (now - self.seen) * self.rate.a_second)
        self.seen = now
        missing = 1.0 + kept - self.level
        return missing / self.rate.a_second if missing > NOISE else 0.0


class Pace:
    """The turns of one bot. `now` gives seconds that only grow; without rates nobody waits."""

    def __init__(
        self,
        now: Callable[[], float],
        everything: Rate | None = None,
        private: Rate | None = None,
        group: Rate | None = None,
    ) -> None:
        self._now = now
        self._private, self._group = private, group
        self._all = _Bucket(everything, everything.burst) if everything else None
        self._chats: dict[int, _Bucket] = {}
        self._asking = 0

    async def turn(self, chat_id: int, rest: Rest, *, urgent: bool) -> None:
        """Waits for a turn to send to a chat; ids below 0 are groups, as Telegram numbers them.

        What is not `urgent` waits while an answer does.
        """
        if urgent:
            self._asking += 1
        try:
            while (wait := self._wait(chat_id, urgent=urgent)) > 0:
                await rest(max(wait, SHORTEST))
        finally:
            if urgent:
                self._asking -= 1
        for bucket in self._buckets(chat_id):
            bucket.level -= 1.0

    def _wait(self, chat_id: int, *, urgent: bool) -> float:
        now = self._now()
        kept = 0.0 if urgent else RESERVE + self._asking
        waits = [bucket.wait(now) for bucket in self._buckets(chat_id) if bucket is not self._all]
        if self._all is not None:
            room = min(kept, self._all.rate.burst - 1.0)
            waits.append(self._all.wait(now, room))
        return max(waits, default=0.0)

    def _buckets(self, chat_id: int) -> list[_Bucket]:
        found = [self._all] if self._all is not None else []
        rate = self._private if chat_id > 0 else self._group
        if rate is not None:
            if chat_id not in self._chats:
                self._forget_the_full()
                self._chats[chat_id] = _Bucket(rate, rate.burst)
            found.append(self._chats[chat_id])
        return found

    def _forget_the_full(self) -> None:
        if len(self._chats) < CHATS:
            return
        now = self._now()
        full = [
            key
            for key, bucket in self._chats.items()
            if bucket.wait(now) == 0 and bucket.level >= bucket.rate.burst
        ]
        for key in full:
            del self._chats[key]
