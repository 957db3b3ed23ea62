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

from bot.app import fresh_secret
from bot.inbound.inbox import PlatformInbox, StoredArrival, payload_of
from bot.inbound.json_fields import Raw
from bot.inbound.lanes import Lanes
from storage.tables.messages import Inbox, InboxState

TRIES = 3
SUSPECT = 2  # times something may be under way when the process dies, before it is tried alone
STARTS = 5  # and before it is given up
AT_HAND = 5000  # arrivals that may wait in memory too, and not in the inbox alone
ALONE = 10.0  # seconds that one which is tried alone may keep the others waiting
log = structlog.get_logger()


class Answering(Protocol):
    """A platform's way from something that arrived to the answer shown and marked."""

    async def once(self, kept: StoredArrival) -> None:
        """Answers it; whatever it raises, it is tried again and then given up."""

    async def apologise(self, raw: Raw, reference: str) -> None:
        """Tells whoever waits for an answer that there will be none; raises nothing."""

    def refusal(self, error: Exception) -> str:
        """What the platform refused, fit for a log; empty for any other error."""


class Worker:
    """Answers what one adapter has kept."""

    def __init__(self, inbox: PlatformInbox, lanes: Lanes, answering: Answering) -> None:
        self._inbox = inbox
        self._lanes = lanes
        self._answering = answering

    async def resume(self, prefix: str = "") -> int:
        """Takes up what an earlier process left open, of ids with this prefix; how much that is.

        Where processes have died again and again, what was under way goes first and one by one:
        if one of them is to blame, the next death counts against it alone.
        """
        rows = await self._inbox.list_unanswered(prefix)
        last = max((row.id for row in rows if row.attempts >= SUSPECT), default=0)
        held: set[str] = set()
        for row in rows:
            if row.id > last or row.lane in held or not await self._handle_alone(row):
                held.add(row.lane)
                self._lanes.put(row.lane, partial(self._resume_row, row))
        return len(rows)

    def take(self, kept: StoredArrival) -> None:
        """Handles what has just been kept, after its person's earlier."""
        if self._lanes.waiting > AT_HAND:  # it is in the inbox, and can wait there alone
            kept = replace(kept, raw={}, heard=None)
        self._lanes.put(kept.lane, partial(self._handle, kept))

    async def _handle_alone(self, row: Inbox) -> bool:
        """Handles something while nothing else is under way; false when it takes too long."""
        try:
            await asyncio.wait_for(self._resume_row(row), ALONE)
        except TimeoutError:
            return False
        return True

    async def _resume_row(self, row: Inbox) -> None:
        kept = StoredArrival(row.id, row.event_id, row.lane, payload_of(row))
        # Its effect is not committed yet, so it may be what took the last process down.
        if row.state == InboxState.RECEIVED and await self._inbox.count_failure(row.id) > STARTS:
            await self._give_up(kept, fresh_secret()[:6])
        else:
            await self._handle(kept)

    async def _handle(self, kept: StoredArrival) -> None:
        if not kept.raw:
            kept = replace(kept, raw=await self._inbox.load_payload(kept.row_id))
        for attempt in range(TRIES):
            try:
                await self._answering.once(kept)
            except Exception as error:  # noqa: BLE001 - the next must be answered
                reference = self._log_failure(error, kept.row_id)
                await self._inbox.count_failure(kept.row_id)
                if attempt == TRIES - 1:
                    await self._give_up(kept, reference)
            else:
                return

    async def _give_up(self, kept: StoredArrival, reference: str) -> None:
        dead = await self._inbox.put_aside(kept.row_id, reference)
        log.error("put aside", reference=reference, row=kept.row_id, put_aside=dead)
        await self._answering.apologise(kept.raw, reference)

    def _log_failure(self, error: Exception, row_id: int) -> str:
        """Writes a failure to the log; gives the reference it has there."""
        reference = fresh_secret()[:6]
        reason = self._answering.refusal(error)
        if reason:  # the error's own words may quote what a customer said
            log.error("reply refused", reference=reference, row=row_id, reason=reason)
        else:
            log.error("not answered", reference=reference, row=row_id, exc_info=error)
        return reference
