"""The scheduler: APScheduler says when to look, our tables say what is due."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, stopwatch
from bot.delivery.loop import Delivery

DELIVER_SECONDS = 1
TIDY_HOURS = 6
JUMP_SECONDS = 60.0
log = structlog.get_logger()


class ClockJumps:
    """Detects that the wall clock was set, by comparing it with a stopwatch.

    A due message is sent once whatever the time is; only the ticks must go on.
    """

    def __init__(self, clock: Clock, seconds: Callable[[], float] = stopwatch) -> None:
        self._clock, self._seconds = clock, seconds
        self._last = (clock.now(), seconds())

    def measure_jump(self) -> float:
        """Seconds by which the clock was moved since the last look, 0.0 for less than a minute."""
        now, passed = self._clock.now(), self._seconds()
        jump = (now - self._last[0]).total_seconds() - (passed - self._last[1])
        self._last = (now, passed)
        if abs(jump) < JUMP_SECONDS:
            return 0.0
        log.warning("the clock was moved", seconds=round(jump))
        return jump


@asynccontextmanager
async def run_ticks(delivery: Delivery, clock: Clock | None = None) -> AsyncIterator[None]:
    """Runs the scheduler while the block runs; it stores nothing, so stopping loses nothing.

    With `clock` it goes on ticking after that clock was set back.
    """
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        # A late tick still runs, and several late ones run as one: each does all that is due.
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(
        delivery.start_tick
    )  # at once: messages that came due while nothing ran wait no longer
    scheduler.add_job(delivery.start_tick, "interval", seconds=DELIVER_SECONDS)
    scheduler.add_job(delivery.tidy, "interval", hours=TIDY_HOURS)
    scheduler.start()
    watch = asyncio.create_task(_watch_clock(scheduler, clock), name="clock") if clock else None
    try:
        yield
    finally:
        if watch is not None:
            watch.cancel()
        # Shutting down cancels a tick, even between a send and its mark: let it finish first.
        scheduler.pause()
        try:
            await delivery.finish()
        finally:
            scheduler.shutdown(wait=False)


async def _watch_clock(scheduler: AsyncIOScheduler, clock: Clock) -> None:
    """Lets the scheduler tick on after the clock was set back: its jobs wait for a time of day."""
    jumps = ClockJumps(clock)
    while True:
        await asyncio.sleep(DELIVER_SECONDS)
        if jumps.measure_jump():
            for job in scheduler.get_jobs():
                job.modify(next_run_time=clock.now())
