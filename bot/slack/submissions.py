"""Lets a submitted modal wait for its answer as long as Slack does."""

from __future__ import annotations

import asyncio

from bot.slack.api import Json


class Submissions:
    """The modals that wait, by event id."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def begin(self, event_id: str) -> asyncio.Future[Json]:
        """What the modal will be told; `end` it when nobody waits any more."""
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[event_id] = waiting
        return waiting

    def end(self, event_id: str) -> None:
        """Nobody waits any more."""
        self._waiting.pop(event_id, None)

    def tell(self, event_id: str, answer: Json) -> bool:
        """Tells the modal; false when it is too late for that."""
        waiting = self._waiting.pop(event_id, None)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(answer)
        return True
