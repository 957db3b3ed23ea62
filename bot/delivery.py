"""Sends what Repmate says by itself: sweep what came due, claim under a lease, send, mark.

At least once: the claim is committed before the send and the mark right after it, so that a
repeat needs a crash between the two. Which rows those are and what they say is
`handlers/outgoing.py`'s.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.app import App
from bot.backoff import wait_before
from bot.clock import SetClock, ShiftedClock
from bot.port import Adapter, Address, DeliveryError
from handlers import outgoing, patience
from handlers.reply import Reply, to_json
from handlers.request import Account
from storage.engine import Busy
from storage.tables_messages import Outbox
from storage.unit_of_work import UnitOfWork

IN_FLIGHT = 10
LEASE = timedelta(seconds=60)  # far longer than one send takes with its own time-outs
ELSEWHERE = timedelta(hours=1)  # another process serves the member's platform
TRIES = 8
MARK_TRIES = 8  # with the database's own wait they end before the lease does
KEPT = timedelta(days=7)  # a platform repeats an update for a day at most
log = structlog.get_logger()


@dataclass(frozen=True)
class Parcel:
    """One claimed message: its row, what to send, and where."""

    row_id: int
    attempts: int
    address: Address
    reply: Reply


class Delivery:
    """The outgoing half of a process; `owner` is new at every start, so leases tell boots apart."""

    def __init__(self, app: App, adapters: Mapping[str, Adapter]) -> None:
        self._app = app
        self._adapters = adapters
        self._owner = secrets.token_hex(8)
        self._turn = asyncio.Lock()

    async def tick(self) -> int:
        """Writes what came due into the outbox and sends it; how many messages left."""
        async with self._turn:
            try:
                await self._app.off_loop(self._sweep)
                return await self._deliver()
            except Busy:
                log.warning("database busy, nothing sent; the next tick tries again")
                return 0

    async def settled(self) -> None:
        """Waits until what is being sent has been marked, so that stopping repeats nothing."""
        async with self._turn:
            return

    async def tidy(self) -> None:
        """Forgets what was answered long ago and what was begun and left; learns patience."""
        await self._app.off_loop(self._tidy)

    def next_due(self) -> datetime | None:
        """The next instant at which there may be something to say."""
        with self._app.database.work() as memory:
            moments = (
                memory.deals.next_attention_at(),
                memory.outbox.next_due_at(),
                memory.members.next_digest_at(),
                memory.gaps.next_raise_at(),
            )
        return min((moment for moment in moments if moment is not None), default=None)

    async def pass_time(self, clock: SetClock | ShiftedClock, until: datetime) -> None:
        """Moves the clock on to `until`, stopping wherever something comes due on the way."""
        while True:
            due = await self._app.off_loop(self.next_due)
            if due is None or due > until:
                break
            clock.move_to(max(due, clock.now()))
            left = await self.tick()
            after = await self._app.off_loop(self.next_due)
            if not left and after is not None and after <= clock.now():
                break  # something due could not leave now; waiting longer here would never end
        clock.move_to(until)

    async def _deliver(self) -> int:
        sent, more = 0, True
        while more:
            try:
                more, parcels = await self._app.off_loop(self._claim)
            except Busy:
                log.warning("database busy; the next tick sends the rest")
                break
            for parcel in parcels:
                sent += await self._send(parcel)
        return sent

    def _sweep(self) -> None:
        with self._app.database.work() as memory:
            outgoing.sweep(memory, self._app.clock.now())

    def _tidy(self) -> None:
        now = self._app.clock.now()
        with self._app.database.work() as memory:
            memory.inbox.forget_before(now - KEPT)
            memory.drafts.forget_before(now - KEPT)
            patience.learn(memory, now)

    def _claim(self) -> tuple[bool, list[Parcel]]:
        """Claims due rows, if there are any, and composes each anew.

        What is no longer true is not said.
        """
        now = self._app.clock.now()
        with self._app.database.work() as memory:
            claimed = memory.outbox.claim(self._owner, now, now + LEASE, IN_FLIGHT)
            parcels = [self._guarded(memory, row) for row in claimed]
        return bool(claimed), [parcel for parcel in parcels if parcel is not None]

    def _guarded(self, memory: UnitOfWork, row: Outbox) -> Parcel | None:
        """The row's parcel; a row that can't be composed is tried later, and holds up no other."""
        row_id, attempts = row.id, row.attempts
        try:
            with memory.savepoint():
                return self._packed(memory, row)
        except Exception:
            log.exception("not composed", row=row_id)
            self._later(memory, row_id, attempts)
            return None

    def _packed(self, memory: UnitOfWork, row: Outbox) -> Parcel | None:
        member = memory.members.get(row.team_id, row.member_id)
        if member is None:
            memory.outbox.end(row.id, self._owner, "cancelled")
            return None
        reachable = [
            identity
            for identity in memory.members.identities(member.team_id, member.id)
            if identity.reachable
        ]
        if not reachable:
            memory.outbox.end(row.id, self._owner, "parked")
            return None
        served = [identity for identity in reachable if identity.platform in self._adapters]
        if not served:
            memory.outbox.again(row.id, self._owner, self._app.clock.now() + ELSEWHERE)
            return None
        identity = served[0]
        account = Account(identity.platform, identity.account_id, address=identity.address)
        reply = outgoing.compose(row, self._app.desk(memory, member, account))
        if reply is None:
            memory.outbox.end(row.id, self._owner, "cancelled")
            return None
        row.body = to_json(reply)
        address = Address(identity.platform, identity.account_id, identity.address)
        return Parcel(row.id, row.attempts, address, reply)

    async def _send(self, parcel: Parcel) -> int:
        adapter = self._adapters[parcel.address.platform]
        try:
            sent = await adapter.send(parcel.address, parcel.reply)
        except DeliveryError as error:
            failure = error
        except Exception:  # an adapter's mistake with one message must not keep back the others
            log.exception("send failed", row=parcel.row_id, platform=parcel.address.platform)
            failure = DeliveryError("the adapter failed", retryable=True)
        else:
            await self._mark(lambda: self._sent(parcel, sent.message_ref))
            return 1
        await self._mark(lambda: self._failed(parcel, failure))
        return 0

    async def _mark(self, work: Callable[[], None]) -> None:
        """Keeps what became of a message; waits for a busy database, or it would go out twice."""
        for attempt in range(MARK_TRIES):
            try:
                return await self._app.off_loop(work)
            except Busy:
                log.warning("database busy, the mark waits", attempt=attempt + 1)
                await asyncio.sleep(wait_before(attempt, first=0.1, longest=1.0))
        return await self._app.off_loop(work)

    def _sent(self, parcel: Parcel, message_ref: str) -> None:
        now = self._app.clock.now()
        with self._app.database.work() as memory:
            memory.outbox.sent(
                parcel.row_id, self._owner, now, parcel.address.platform, message_ref
            )

    def _failed(self, parcel: Parcel, error: DeliveryError) -> None:
        now = self._app.clock.now()
        log.warning("not delivered", row=parcel.row_id, reason=str(error), gone=error.gone)
        with self._app.database.work() as memory:
            if error.gone:
                identity = memory.members.identity(
                    parcel.address.platform, parcel.address.account_id
                )
                if identity is not None:
                    identity.reachable = False
                # Claimed again at once: it goes to another account of theirs, or is parked.
                memory.outbox.again(parcel.row_id, self._owner, now)
            elif error.retryable and error.retry_after:
                due = now + timedelta(seconds=error.retry_after)
                memory.outbox.again(parcel.row_id, self._owner, due)
            elif error.retryable:
                self._later(memory, parcel.row_id, parcel.attempts)
            else:
                memory.outbox.end(parcel.row_id, self._owner, "dead")

    def _later(self, memory: UnitOfWork, row_id: int, attempts: int) -> None:
        """Gives a row back to be tried later, or up after too many tries."""
        if attempts >= TRIES:
            memory.outbox.end(row_id, self._owner, "dead")
            return
        due = self._app.clock.now() + timedelta(seconds=wait_before(attempts))
        memory.outbox.again(row_id, self._owner, due)
