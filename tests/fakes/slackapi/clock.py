"""The server's clock: it stands still until a test moves it, or follows one that is given."""

from __future__ import annotations

from collections.abc import Callable


class Clock:
    """Unix seconds. `advance` adds to whatever the given clock says."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._moved = 0.0
        self._last = 0

    def now(self) -> float:
        """Now."""
        return self._now() + self._moved

    def advance(self, seconds: float) -> None:
        """Move on."""
        self._moved += seconds

    def stamp(self) -> str:
        """A message's `ts`: unlike any before, and later."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
