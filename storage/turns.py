"""Lets threads in one at a time, in order of asking.

A plain lock lets whoever just left in again before those who wait.
"""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock for `with`, at which nobody is overtaken; a thread may not take it twice."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Lock] = deque()  # the first of them is inside

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return max(0, len(self._queue) - 1)

    def __enter__(self) -> None:
        mine = threading.Lock()
        mine.acquire()
        with self._guard:
            self._queue.append(mine)
            if len(self._queue) == 1:
                return
        try:
            mine.acquire()  # whoever leaves before us opens it
        except BaseException:
            self._leave(mine)
            raise

    def __exit__(self, *_error: object) -> None:
        self._leave(self._queue[0])

    def _leave(self, mine: threading.Lock) -> None:
        with self._guard:
            was_inside = self._queue[0] is mine
            self._queue.remove(mine)
            if was_inside and self._queue:
                self._queue[0].release()
