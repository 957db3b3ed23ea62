"""A million nudges that are pending, and as many jobs as there is time for in APScheduler's store.

One becomes due each second, beginning a second after FIRST_DUE: whoever asks at another moment
finds so many more of them due.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert
from sqlmodel import SQLModel

from bot.app import App
from bot.clock import SetClock
from bot.delivery.loop import IN_FLIGHT, Delivery
from storage.engine import Database
from storage.messages.outbox_claims import ClaimRequest
from tests.bench.tables import timed
from tests.faults.promises import BASE

CLAIM = 100
LEASE = timedelta(seconds=60)
FIRST_DUE = datetime(2027, 6, 1, tzinfo=UTC)  # long after what a bench sends
CHUNK = 20_000


def due_at(number: int) -> datetime:
    """When the nudge or job of this number, from 1, is due."""
    return FIRST_DUE + timedelta(seconds=number)


class Ours:
    """Repmate's file: so many messages in the outbox, and as many live deals yet to be nudged."""

    def __init__(self, path: Path, count: int, people: int) -> None:
        self.database = Database(f"sqlite:///{path}")
        self._app = App(self.database, SetClock(BASE))
        self._delivery = Delivery(self._app, {})
        self._claimed = 0
        before = self._bytes()
        with timed() as watch:
            self._load("outbox", (_message(number, people) for number in range(1, count + 1)))
        self.rows_a_second = count / watch.seconds
        self.bytes_each = (self._bytes() - before) / count
        self._load("deal", map(_deal, range(1, count + 1)))

    def next_due(self) -> float:
        """Seconds to say when the next message is due, in a transaction."""
        with timed() as watch, self.database.work() as memory:
            moment = memory.claims.next_due_at()
        assert moment is not None
        return watch.seconds

    async def sweep(self) -> float:
        """Seconds for a tick that finds nothing due: among deals, messages and members."""
        with timed() as watch:
            sent = await self._delivery.tick()
        assert sent == 0
        return watch.seconds

    def claim(self) -> float:
        """Seconds to claim a hundred that are due, committed."""
        self._claimed += CLAIM
        now = due_at(self._claimed)
        with timed() as watch, self.database.work() as memory:
            claimed = memory.claims.claim("bench", now, now + LEASE, CLAIM)
        assert len(claimed) == CLAIM
        return watch.seconds

    def claim_fairly(self) -> float:
        """Seconds for the claim that a tick makes, one message a member, committed."""
        self._claimed += IN_FLIGHT
        now = due_at(self._claimed)
        wish = ClaimRequest("bench", IN_FLIGHT, platforms=["telegram"])
        with timed() as watch, self.database.work() as memory:
            claimed = memory.claims.claim_fairly(wish, now, now + LEASE)
        assert claimed
        return watch.seconds

    def close(self) -> None:
        """Gives back the file."""
        self._app.close()

    def _load(self, table: str, rows: Iterator[dict[str, Any]]) -> None:
        statement = insert(SQLModel.metadata.tables[table])
        with self.database.engine.begin() as connection:
            while chunk := [row for row, _ in zip(rows, range(CHUNK), strict=False)]:
                connection.execute(statement, chunk)

    def _bytes(self) -> int:
        with self.database.engine.begin() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())


class Theirs:
    """APScheduler's SQLAlchemyJobStore in a file of its own, with jobs that do nothing."""

    def __init__(self, path: Path, count: int) -> None:
        self._store = SQLAlchemyJobStore(url=f"sqlite:///{path}")
        self._claimed = 0
        self.rows_a_second = count / asyncio.run(self._load(count))
        self.bytes_each = path.stat().st_size / count

    def next_due(self) -> float:
        """Seconds to say when the next job is due."""
        with timed() as watch:
            moment = self._store.get_next_run_time()
        assert moment is not None
        return watch.seconds

    def sweep(self) -> float:
        """Seconds to find no job due."""
        with timed() as watch:
            assert self._store.get_due_jobs(due_at(self._claimed)) == []
        return watch.seconds

    def claim(self) -> float:
        """Seconds to fetch a hundred due jobs and take each out, as its scheduler does."""
        self._claimed += CLAIM
        with timed() as watch:
            jobs = self._store.get_due_jobs(due_at(self._claimed))
            for job in jobs:
                self._store.remove_job(job.id)
        assert len(jobs) == CLAIM
        return watch.seconds

    def close(self) -> None:
        """Gives back the file."""
        self._store.shutdown()

    async def _load(self, count: int) -> float:
        scheduler = AsyncIOScheduler(jobstores={"default": self._store}, timezone="UTC")
        scheduler.start(paused=True)
        with timed() as watch:
            for number in range(1, count + 1):
                scheduler.add_job(nothing, "date", run_date=due_at(number), args=(number,))
        return watch.seconds


def nothing(_number: int) -> None:
    """What a job does."""


def asked(times: int, question: Callable[[], float]) -> list[float]:
    """The seconds of each answer; the first answer is thrown away."""
    return [question() for _ in range(times + 1)][1:]


async def swept(times: int, ours: Ours) -> list[float]:
    """The seconds of each empty sweep."""
    return [await ours.sweep() for _ in range(times + 1)][1:]


def _message(number: int, people: int) -> dict[str, Any]:
    own = {"key": f"bench:{number}", "subject_id": number, "due_at": due_at(number)}
    return _MESSAGE | own | {"member_id": number % people + 1}


def _deal(number: int) -> dict[str, Any]:
    due = due_at(number)
    return _DEAL | {"next_step_at": due, "attention_at": due}


_MESSAGE = {"team_id": 1, "kind": "nudge", "state": "pending", "owner": ""} | {
    "attempts": 0,
    "repeated": False,
    "platform": "",
    "message_ref": "",
}
_DEAL = dict.fromkeys(("team_id", "customer_id", "owner_id"), 1) | {
    "stage": "qualified",
    "next_step": "call",
    "stage_since": BASE,
    "last_activity_at": BASE,
    "attention_kind": "step",
    "created_at": BASE,
}
