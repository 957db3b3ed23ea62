"""The clock's ticks: APScheduler says when to look, our tables say what is due."""

from __future__ import annotations

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery import Delivery

DELIVER_SECONDS = 1
TIDY_HOURS = 6


def start_ticks(delivery: Delivery) -> AsyncIOScheduler:
    """Starts the ticks; nothing durable is in the scheduler, so stopping it loses nothing."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        # A late tick still runs, several late ones run once: the work is whatever is due by now.
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(delivery.tick, "interval", seconds=DELIVER_SECONDS)
    scheduler.add_job(delivery.tidy, "interval", hours=TIDY_HOURS)
    scheduler.start()
    return scheduler
