"""Keeps the waits that a platform asks for across restarts, beside the pace that keeps them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import structlog

from bot.app import App
from bot.limits.rate_limiter import Key, Pace
from storage.engine import Busy

LONGEST_KEY = 200
log = structlog.get_logger()


class Holds:
    """The waits of one platform's bot."""

    def __init__(self, app: App, platform: str, pace: Pace) -> None:
        self._app = app
        self._platform = platform
        self._pace = pace

    async def recall(self) -> int:
        """Holds again what an earlier process was told to; how many keys that is."""
        now = self._app.clock.now()
        kept = await self._app.off_loop(lambda: self._kept(now))
        for key, until in kept.items():
            self._pace.hold(key, (until - now).total_seconds())
        return len(kept)

    async def told(self, key: Key, seconds: float) -> None:
        """Gives nobody a turn at the key for so long, in this process and the next."""
        self._pace.hold(key, seconds)
        until = self._app.clock.now() + timedelta(seconds=seconds)
        log.warning("told to wait", platform=self._platform, kind=key[0], seconds=round(seconds))
        try:
            await self._app.off_loop(lambda: self._keep(key, until))
        except Busy:  # this process keeps it all the same
            log.warning("database busy, a wait is not kept")

    def _keep(self, key: Key, until: datetime) -> None:
        with self._app.database.work() as memory:
            memory.holds.keep(self._platform, json.dumps(key)[:LONGEST_KEY], until)

    def _kept(self, now: datetime) -> dict[Key, datetime]:
        with self._app.database.work() as memory:
            rows = memory.holds.of(self._platform, now)
        return {tuple(json.loads(key)): until for key, until in rows.items()}
