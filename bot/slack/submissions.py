"""Submitted modals that wait for their answer, for as long as Slack waits."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.slack.api import Json


class Submissions:
    """The modals that wait, by event id. Copies of one submission wait for the same answer."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._copies: Counter[str] = Counter()

    def begin(self, event_id: str) -> asyncio.Future[Json]:
        """A future of the modal's answer; call `end` once for each copy that stops waiting."""
        self._copies[event_id] += 1
        waiting = self._waiting.get(event_id)
        if waiting is None:
            waiting = self._waiting[event_id] = asyncio.get_running_loop().create_future()
        return waiting

    def end(self, event_id: str) -> None:
        """This copy waits no longer."""
        self._copies[event_id] -= 1
        if self._copies[event_id] <= 0:
            del self._copies[event_id]
            self._waiting.pop(event_id, None)

    def tell(self, event_id: str, answer: Json) -> bool:
        """Gives the modal its answer; false where it no longer waits."""
        waiting = self._waiting.get(event_id)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(answer)
        return True
