"""Wakes those who wait for something in the fake to change, so that no test needs to sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pulse:
    """A condition without a lock: everything in the fake happens on one event loop."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def beat(self) -> None:
        """Something changed: everyone who waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, ready: Callable[[], bool], timeout: float | None) -> bool:
        """True once `ready()` holds; False if it does not within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not ready():
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True
