"""The worker: handles each arrival in the inbox, in order for each person.

Whatever interrupts it, the row stays open and is handled later. A row that fails every time is put
aside, so that the next is answered. Reading and answering are the platform's work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Protocol

import structlog

from bot.app import generate_secret
from bot.inbound.inbox import PlatformInbox, StoredArrival, read_payload
from bot.inbound.json_fields import Raw
from bot.inbound.lanes import Lanes
from storage.engine import CorruptDatabase
from storage.tables.messages import Inbox, InboxState

TRIES = 3
SUSPECT_ATTEMPTS = 2  # deaths of the process before the arrival is handled alone
MAX_ATTEMPTS = 5  # deaths of the process before the arrival is given up
MAX_IN_MEMORY = 5000  # arrivals that wait in memory too; further ones only in the inbox
ALONE_SECONDS = 10.0  # that an arrival which is handled alone may keep others waiting
log = structlog.get_logger()


class ArrivalHandler(Protocol):
    """A platform's part of the work: reads an arrival, shows the answer and marks it."""

    async def handle(self, arrival: StoredArrival) -> None:
        """Answers an arrival; when it raises it is tried again, and then given up."""

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells the person that there will be no answer; raises nothing."""

    def describe_refusal(self, error: Exception) -> str:
        """The platform's refusal, fit for a log; empty for any other error."""


class Worker:
    """Handles the arrivals of one adapter."""

    def __init__(self, inbox: PlatformInbox, lanes: Lanes, handler: ArrivalHandler) -> None:
        self._inbox = inbox
        self._lanes = lanes
        self._handler = handler

    async def resume(self, prefix: str = "") -> int:
        """Handles rows that an earlier process left open, of ids with this prefix; how many.

        Where processes died again and again, the rows that were being handled go first, one by
        one: if one of them is to blame, the next death counts against it alone.
        """
        rows = await self._inbox.list_unanswered(prefix)
        last = max((row.id for row in rows if row.attempts >= SUSPECT_ATTEMPTS), default=0)
        queued_lanes: set[str] = set()
        for row in rows:
            if row.id > last or row.lane in queued_lanes or not await self._handle_alone(row):
                queued_lanes.add(row.lane)
                self._lanes.put(row.lane, partial(self._resume_row, row))
        return len(rows)

    def take(self, arrival: StoredArrival) -> None:
        """Queues a new arrival behind the person's earlier ones."""
        if self._lanes.waiting > MAX_IN_MEMORY:  # the inbox has it: memory need not
            arrival = replace(arrival, raw={}, content=None)
        self._lanes.put(arrival.lane, partial(self._handle, arrival))

    async def _handle_alone(self, row: Inbox) -> bool:
        """Handles one row while nothing else runs; false when it takes too long."""
        try:
            await asyncio.wait_for(self._resume_row(row), ALONE_SECONDS)
        except TimeoutError:
            return False
        return True

    async def _resume_row(self, row: Inbox) -> None:
        with _leave_open_if_corrupt(row.id):
            await self._resume_row_once(row)

    async def _resume_row_once(self, row: Inbox) -> None:
        arrival = StoredArrival(row.id, row.event_id, row.lane, read_payload(row))
        # Its effect is not committed yet, so it may be what killed the last process.
        if (
            row.state == InboxState.RECEIVED
            and await self._inbox.count_failure(row.id) > MAX_ATTEMPTS
        ):
            await self._give_up(arrival, generate_secret()[:6])
        else:
            await self._handle_with_retries(arrival)

    async def _handle(self, arrival: StoredArrival) -> None:
        with _leave_open_if_corrupt(arrival.row_id):
            await self._handle_with_retries(arrival)

    async def _handle_with_retries(self, arrival: StoredArrival) -> None:
        if not arrival.raw:
            arrival = replace(arrival, raw=await self._inbox.load_payload(arrival.row_id))
        for attempt in range(TRIES):
            try:
                await self._handler.handle(arrival)
            except CorruptDatabase:
                raise
            except Exception as error:  # noqa: BLE001 - the next must be answered
                reference = self._log_failure(error, arrival.row_id)
                await self._inbox.count_failure(arrival.row_id)
                if attempt == TRIES - 1:
                    await self._give_up(arrival, reference)
            else:
                return

    async def _give_up(self, arrival: StoredArrival, reference: str) -> None:
        dead = await self._inbox.put_aside(arrival.row_id, reference)
        log.error("arrival put aside", reference=reference, row=arrival.row_id, put_aside=dead)
        await self._handler.apologise(arrival.raw, reference)

    def _log_failure(self, error: Exception, row_id: int) -> str:
        """Logs a failure; returns its reference."""
        reference = generate_secret()[:6]
        reason = self._handler.describe_refusal(error)
        if reason:  # the error's own words may quote what a customer said
            log.error("reply refused", reference=reference, row=row_id, reason=reason)
        else:
            log.error("handling an arrival failed", reference=reference, row=row_id, exc_info=error)
        return reference


@contextmanager
def _leave_open_if_corrupt(row_id: int) -> Iterator[None]:
    """Leaves a row open where the database is damaged: that is no fault of what arrived.

    The process ends, and the next one on a database in order answers it.
    """
    try:
        yield
    except CorruptDatabase:
        log.error("arrival left open: the database is damaged", row=row_id)  # noqa: TRY400 said once
