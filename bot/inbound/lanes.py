"""Runs jobs in order within a lane, and at the same time across lanes.

Jobs exist in memory only; whoever puts them in must be able to put them in again after a crash.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

JOBS_AT_ONCE = 128
Job = Callable[[], Awaitable[None]]
log = structlog.get_logger()


class Lanes:
    """One lane for each person, so that nobody waits for others. A lane exists while it has jobs.

    At most `at_once` jobs run at a time. A job that only waits lends its place to another lane with
    `lend_place`. A failed job is logged, and the lane goes on with the next.
    """

    def __init__(self, at_once: int = JOBS_AT_ONCE) -> None:
        self._lanes: dict[str, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._closed = False

    def __len__(self) -> int:
        """How many lanes there are now."""
        return len(self._lanes)

    @property
    def waiting(self) -> int:
        """How many jobs are not done, running ones included."""
        return self._waiting

    def put(self, lane: str, job: Job) -> None:
        """Runs the job once all earlier ones of its lane are done; does nothing after `drain`."""
        if self._closed:
            return
        self._waiting += 1
        jobs = self._lanes.get(lane)
        if jobs is not None:
            jobs.append(job)
            return
        self._lanes[lane] = deque([job])
        task = asyncio.create_task(self._run(lane), name="lane")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def lend_place(self) -> AsyncIterator[None]:
        """Inside a job: lets another lane run while this one only waits; then takes a place."""
        self._places.release()
        try:
            yield
        finally:
            await self._places.acquire()

    async def drain(self, seconds: float) -> int:
        """Lets running jobs finish, for so many seconds at most; returns how many did not.

        Jobs that have not begun are not started any more.
        """
        self._closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = [*self._tasks]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return self.waiting

    async def _run(self, lane: str) -> None:
        jobs = self._lanes[lane]
        while jobs and not self._closed:
            async with self._places:
                await _run_job(jobs[0])
            jobs.popleft()
            self._waiting -= 1
        if not jobs:
            del self._lanes[lane]


async def _run_job(job: Job) -> None:
    try:
        await job()
    except Exception:
        log.exception("a job failed")
