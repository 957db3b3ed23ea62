"""One platform's inbox: stores what arrives and marks how it was handled.

Each call is one transaction off the event loop. While the database is busy a call is tried again:
nothing that reached us may be lost.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.app import App
from bot.inbound.json_fields import Raw
from bot.limits.backoff import Sleep
from bot.limits.busy_database import retry_while_busy
from storage.messages.inbox import Arrival
from storage.tables.messages import Inbox
from storage.unit_of_work import UnitOfWork

Result = TypeVar("Result")
log = structlog.get_logger()


@dataclass(frozen=True)
class StoredArrival:
    """Something that arrived and is stored in the inbox.

    `raw` is the platform's JSON, empty where it is only in the inbox and not in memory. `content`
    is what the platform's `inbound.py` read from it, None where it has not been read yet.
    """

    row_id: int
    event_id: str
    lane: str
    raw: Raw
    content: object = None

    def as_arrival(self, platform: str) -> Arrival:
        """The arrival for the inbox table, its JSON in ASCII, which every database can store."""
        payload = json.dumps(self.raw, separators=(",", ":"))
        return Arrival(platform, self.event_id, self.lane, payload)


def read_payload(row: Inbox) -> Raw:
    """The platform's JSON as it arrived."""
    found: Raw = json.loads(row.payload or "{}")
    return found


@dataclass(frozen=True)
class _Mark:
    row_id: int
    message_ref: str
    done: asyncio.Future[None]


class PlatformInbox:
    """One platform's rows of the inbox, and whether its accounts can be reached."""

    def __init__(self, app: App, platform: str, sleep: Sleep) -> None:
        self.platform = platform
        self._app = app
        self._sleep = sleep
        self._waiting_arrivals: list[tuple[Arrival, asyncio.Future[int]]] = []
        self._store_task: asyncio.Task[None] | None = None
        self._marks: list[_Mark] = []
        self._mark_task: asyncio.Task[None] | None = None

    async def store(self, arrivals: Sequence[Arrival]) -> Mapping[str, int]:
        """Stores a batch in one transaction; new rows' ids by event id. One try; raises Busy."""
        now = self._app.clock.now()
        return await self._app.run_transaction(
            lambda memory: memory.inbox.save(arrivals, now), ahead=True
        )

    async def store_one(self, arrival: Arrival) -> int:
        """Stores one arrival; under load many share one transaction. One try; raises Busy.

        Returns the new row's id; 0 where the event was stored before.
        """
        waiting: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting_arrivals.append((arrival, waiting))
        if self._store_task is None:
            self._store_task = asyncio.create_task(self._store_waiting())
        return await waiting

    async def list_unanswered(self, prefix: str = "") -> Sequence[Inbox]:
        """Rows not answered yet whose event ids have this prefix, in order of arrival."""
        rows = await self._retry(lambda memory: memory.inbox.list_open(self.platform))
        return [row for row in rows if row.event_id.startswith(prefix)]

    async def load_payload(self, row_id: int) -> Raw:
        """The platform's JSON of a row."""
        row = await self._retry(lambda memory: memory.inbox.get(row_id))
        return read_payload(row) if row is not None else {}

    async def mark_answered(self, row_id: int, message_ref: str) -> None:
        """Marks a row's reply as sent; under load many share one transaction."""
        mark = _Mark(row_id, message_ref, asyncio.get_running_loop().create_future())
        self._marks.append(mark)
        if self._mark_task is None:
            self._mark_task = asyncio.create_task(self._mark_waiting())
        await mark.done

    async def mark_done(self, row_id: int) -> None:
        """Marks a row that asks for no reply as done."""
        await self._retry(lambda memory: memory.inbox.mark_done(row_id))

    async def count_failure(self, row_id: int) -> int:
        """Counts a failed try; returns how many there have been."""
        return await self._retry(lambda memory: memory.inbox.count_failure(row_id))

    async def put_aside(self, row_id: int, reference: str) -> int:
        """Gives a row up under the reference in the log; returns how many rows are given up."""

        def work(memory: UnitOfWork) -> int:
            memory.inbox.mark_dead(row_id, reference)
            return memory.inbox.count_dead()

        return await self._retry(work)

    async def set_reachability(self, account_id: str, *, reachable: bool) -> None:
        """Saves whether a person can be reached; once they can, their parked messages are due."""
        now = self._app.clock.now()

        def work(memory: UnitOfWork) -> None:
            identity = memory.members.find_identity(self.platform, account_id)
            if identity is None:
                return
            identity.reachable = reachable
            if reachable:
                memory.outbox.revive(identity.team_id, identity.member_id, now)

        await self._retry(work)

    async def _store_waiting(self) -> None:
        while self._waiting_arrivals:
            batch, self._waiting_arrivals = self._waiting_arrivals, []
            # Where one event arrives twice at the same time, the first counts as new.
            arrivals = [arrival for arrival, _ in batch]
            storing = asyncio.ensure_future(self.store(arrivals))
            await asyncio.wait({storing})
            failure = storing.exception()
            new = dict(storing.result()) if failure is None else {}
            for arrival, waiting in batch:
                if waiting.done():
                    continue  # whoever stored it no longer waits
                if failure is None:
                    waiting.set_result(new.pop(arrival.event_id, 0))
                else:
                    waiting.set_exception(failure)
        self._store_task = None

    async def _mark_waiting(self) -> None:
        while self._marks:
            marks, self._marks = self._marks, []
            await self._mark_batch(marks)
        self._mark_task = None

    async def _mark_batch(self, marks: Sequence[_Mark]) -> None:
        def work(memory: UnitOfWork) -> None:
            for mark in marks:
                memory.inbox.mark_answered(mark.row_id, mark.message_ref)

        marking = asyncio.create_task(self._retry(work))
        await asyncio.wait({marking})
        failure = marking.exception()
        for mark in marks:
            if mark.done.done():
                continue  # its job was cancelled while it waited
            if failure is None:
                mark.done.set_result(None)
            else:
                mark.done.set_exception(failure)

    async def _retry(self, work: Callable[[UnitOfWork], Result]) -> Result:
        return await retry_while_busy(
            lambda: self._app.run_transaction(work), self._sleep, what="inbox"
        )
