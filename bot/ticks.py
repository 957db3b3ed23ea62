"""The clock's ticks: APScheduler says when to look, our tables say what is due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery import Delivery

DELIVER_SECONDS = 1
TIDY_HOURS = 6


@asynccontextmanager
async def ticking(delivery: Delivery) -> AsyncIterator[None]:
    """Ticks while the block runs; nothing durable is in the scheduler: stopping loses nothing."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        # A late tick still runs, several late ones run once: the work is whatever is due by now.
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(delivery.tick)  # at once: what came due while nobody was there waits no more
    scheduler.add_job(delivery.tick, "interval", seconds=DELIVER_SECONDS)
    scheduler.add_job(delivery.tidy, "interval", hours=TIDY_HOURS)
    scheduler.start()
    try:
        yield
    finally:
        # Shutting down cancels a tick under way, also between a send and its mark: end it first.
        scheduler.pause()
        await delivery.settled()
        scheduler.shutdown(wait=False)
