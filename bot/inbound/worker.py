"""The worker: takes each arrival from the inbox to its answer, in order for each person.

Whatever stops it on the way, the row stays open and is taken up again; one that always fails is
put aside, so that the next is answered. How something is read and answered is its platform's.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Protocol

import structlog

from bot.app import generate_secret
from bot.inbound.inbox import PlatformInbox, StoredArrival, read_payload
from bot.inbound.json_fields import Raw
from bot.inbound.lanes import Lanes
from storage.tables.messages import Inbox, InboxState

TRIES = 3
SUSPECT_ATTEMPTS = (
    2  # times something may be under way when the process dies, before it is tried alone
)
MAX_ATTEMPTS = 5  # and before it is given up
MAX_IN_MEMORY = 5000  # arrivals that may wait in memory too, and not in the inbox alone
ALONE_SECONDS = 10.0  # seconds that one which is tried alone may keep the others waiting
log = structlog.get_logger()


class ArrivalHandler(Protocol):
    """A platform's way from something that arrived to the answer shown and marked."""

    async def handle(self, arrival: StoredArrival) -> None:
        """Answers it; whatever it raises, it is tried again and then given up."""

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells whoever waits for an answer that there will be none; raises nothing."""

    def describe_refusal(self, error: Exception) -> str:
        """What the platform refused, fit for a log; empty for any other error."""


class Worker:
    """Answers what one adapter has kept."""

    def __init__(self, inbox: PlatformInbox, lanes: Lanes, handler: ArrivalHandler) -> None:
        self._inbox = inbox
        self._lanes = lanes
        self._handler = handler

    async def resume(self, prefix: str = "") -> int:
        """Takes up what an earlier process left open, of ids with this prefix; how much that is.

        Where processes have died again and again, what was under way goes first and one by one:
        if one of them is to blame, the next death counts against it alone.
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
        """Handles what has just been kept, after its person's earlier."""
        if self._lanes.waiting > MAX_IN_MEMORY:  # it is in the inbox, and can wait there alone
            arrival = replace(arrival, raw={}, content=None)
        self._lanes.put(arrival.lane, partial(self._handle, arrival))

    async def _handle_alone(self, row: Inbox) -> bool:
        """Handles something while nothing else is under way; false when it takes too long."""
        try:
            await asyncio.wait_for(self._resume_row(row), ALONE_SECONDS)
        except TimeoutError:
            return False
        return True

    async def _resume_row(self, row: Inbox) -> None:
        arrival = StoredArrival(row.id, row.event_id, row.lane, read_payload(row))
        # Its effect is not committed yet, so it may be what took the last process down.
        if (
            row.state == InboxState.RECEIVED
            and await self._inbox.count_failure(row.id) > MAX_ATTEMPTS
        ):
            await self._give_up(arrival, generate_secret()[:6])
        else:
            await self._handle(arrival)

    async def _handle(self, arrival: StoredArrival) -> None:
        if not arrival.raw:
            arrival = replace(arrival, raw=await self._inbox.load_payload(arrival.row_id))
        for attempt in range(TRIES):
            try:
                await self._handler.handle(arrival)
            except Exception as error:  # noqa: BLE001 - the next must be answered
                reference = self._log_failure(error, arrival.row_id)
                await self._inbox.count_failure(arrival.row_id)
                if attempt == TRIES - 1:
                    await self._give_up(arrival, reference)
            else:
                return

    async def _give_up(self, arrival: StoredArrival, reference: str) -> None:
        dead = await self._inbox.put_aside(arrival.row_id, reference)
        log.error("put aside", reference=reference, row=arrival.row_id, put_aside=dead)
        await self._handler.apologise(arrival.raw, reference)

    def _log_failure(self, error: Exception, row_id: int) -> str:
        """Writes a failure to the log; gives the reference it has there."""
        reference = generate_secret()[:6]
        reason = self._handler.describe_refusal(error)
        if reason:  # the error's own words may quote what a customer said
            log.error("reply refused", reference=reference, row=row_id, reason=reason)
        else:
            log.error("not answered", reference=reference, row=row_id, exc_info=error)
        return reference
