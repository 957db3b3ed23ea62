"""A first-come lock for threads; `ahead` queues right behind the holder.

A plain lock lets whoever just left in again before those who wait.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class FairLock:
    """A lock for `with`: whoever asks first gets it first, save for `ahead`.

    A thread may not take it twice.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Lock] = deque()  # the first of them is inside
        self._ahead: set[threading.Lock] = set()  # those of the queue that went before the others

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return max(0, len(self._queue) - 1)

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """A turn right after the one inside, for the short work that somebody waits for."""
        self._enter(ahead=True)
        try:
            yield
        finally:
            self._leave(self._queue[0])

    def __enter__(self) -> None:
        self._enter(ahead=False)

    def _enter(self, *, ahead: bool) -> None:
        mine = threading.Lock()
        mine.acquire()
        with self._guard:
            if ahead:
                self._queue.insert(min(len(self._queue), 1 + len(self._ahead)), mine)
                self._ahead.add(mine)
            else:
                self._queue.append(mine)
            if len(self._queue) == 1:
                self._ahead.clear()
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
            self._ahead.discard(mine)
            if was_inside and self._queue:
                self._ahead.discard(self._queue[0])
                self._queue[0].release()
