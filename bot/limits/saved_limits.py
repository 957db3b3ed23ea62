"""Waits that a platform asked for (429), saved so that the next process keeps them too."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from bot.clock import Clock
from bot.limits.rate_limiter import Key, RateLimiter
from storage.engine import Busy, Database

LONGEST_KEY = 200
Result = TypeVar("Result")
log = structlog.get_logger()


class Process(Protocol):
    """What is needed of the app: its database, its clock, its threads."""

    @property
    def database(self) -> Database:
        """The database that keeps the waits."""

    @property
    def clock(self) -> Clock:
        """The clock that they are counted by."""

    async def run_off_loop(self, work: Callable[[], Result]) -> Result:
        """Runs blocking work on a thread."""


class SavedLimits:
    """The waits of one platform's bot."""

    def __init__(self, app: Process, platform: str, limiter: RateLimiter) -> None:
        self._app = app
        self._platform = platform
        self._limiter = limiter

    async def restore(self) -> int:
        """Holds again the keys that an earlier process was asked to hold; how many those are."""
        now = self._app.clock.now()
        waits = await self._app.run_off_loop(lambda: self._load(now))
        for key, until in waits.items():
            self._limiter.hold(key, (until - now).total_seconds())
        return len(waits)

    async def hold(self, key: Key, seconds: float) -> None:
        """Gives no turns at the key for so many seconds, in this process and the next."""
        self._limiter.hold(key, seconds)
        until = self._app.clock.now() + timedelta(seconds=seconds)
        log.warning(
            "platform asked us to wait",
            platform=self._platform,
            kind=key[0],
            seconds=round(seconds),
        )
        try:
            await self._app.run_off_loop(lambda: self._save(key, until))
        except Busy:  # this process holds it all the same
            log.warning("database busy: a wait is not saved")

    def _save(self, key: Key, until: datetime) -> None:
        with self._app.database.work() as memory:
            memory.holds.save(self._platform, json.dumps(key)[:LONGEST_KEY], until)

    def _load(self, now: datetime) -> dict[Key, datetime]:
        with self._app.database.work() as memory:
            rows = memory.holds.list_waits(self._platform, now)
        return {tuple(json.loads(key)): until for key, until in rows.items()}
