"""Circuit breaker: which platforms are down, or asked the whole bot to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.limits.backoff import wait_before

FAILURES_OF_AN_OUTAGE = 3  # failures in a row, of any messages, that make an outage
LONGEST_PAUSE = timedelta(seconds=30)  # between two tries to find out whether it is over


class CircuitBreaker:
    """The platforms of one process. Failures are counted by platform, not by message."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._next_try: dict[str, datetime] = {}
        self._held_until: dict[str, datetime] = {}

    def record_answer(self, platform: str) -> None:
        """The platform answered, whatever the answer was."""
        self._failures.pop(platform, None)
        self._next_try.pop(platform, None)

    def record_failure(self, platform: str, now: datetime) -> None:
        """The platform did not answer, or something else answered in its place."""
        failures = self._failures[platform] = self._failures.get(platform, 0) + 1
        if failures >= FAILURES_OF_AN_OUTAGE:
            seconds = wait_before(
                failures - FAILURES_OF_AN_OUTAGE, longest=LONGEST_PAUSE.total_seconds()
            )
            self._next_try[platform] = now + timedelta(seconds=seconds)

    def hold_all_sends(self, platform: str, until: datetime) -> None:
        """The platform asked the whole bot to wait until then."""
        self._held_until[platform] = max(until, self._held_until.get(platform, until))

    def is_down(self, platform: str) -> bool:
        """Whether the last sends all failed."""
        return self._failures.get(platform, 0) >= FAILURES_OF_AN_OUTAGE

    def may_try(self, platform: str, now: datetime) -> bool:
        """Whether something may be sent there now; one message where the platform is down."""
        held_until = self._held_until.get(platform)
        if held_until is not None and now < held_until:
            return False
        until = self._next_try.get(platform)
        # A clock that was set back must not make a short wait a long one.
        return until is None or not now < until <= now + LONGEST_PAUSE
