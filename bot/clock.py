"""The only place that reads the clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is: aware UTC."""

    def now(self) -> datetime:
        """The present instant."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is moved, for tests and the terminal's `--now`."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it stands at."""
        return self._at

    def move_to(self, at: datetime) -> None:
        """Stands at `at` from now on."""
        self._at = at.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Moves on (or back) by a span of time."""
        self._at += by


class ShiftedClock:
    """The machine's clock moved on by what `move` adds: the terminal's `:wait` without `--now`."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def now(self) -> datetime:
        """The machine's instant plus the shift."""
        return datetime.now(UTC) + self._shift

    def move_to(self, at: datetime) -> None:
        """Shifts so that it is `at` now."""
        self._shift = at.astimezone(UTC) - datetime.now(UTC)

    def move(self, by: timedelta) -> None:
        """Moves on by a span of time."""
        self._shift += by


def stopwatch() -> float:
    """Seconds that only go forward, for measuring how long something took."""
    return time.monotonic()
