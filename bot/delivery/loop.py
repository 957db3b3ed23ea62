"""Sends the messages that Repmate starts: sweep what is due, claim under a lease, send, mark.

Delivery is at least once. The claim is committed before the send and the mark right after it. A
repeat therefore needs a crash between the two, and the repeated message says that it may be one. A
few messages are sent at the same time, each to another person. `bot/delivery/outbox.py` has the
transactions.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot.app import App
from bot.clock import SetClock, ShiftedClock
from bot.delivery import odds_job
from bot.delivery.outbox import DeliveryOutbox, OutgoingMessage
from bot.limits.busy_database import retry_while_busy
from bot.limits.circuit_breaker import CircuitBreaker
from bot.port import Adapter, DeliveryError
from storage.engine import Busy, CorruptDatabase
from storage.messages.outbox_claims import ClaimRequest

IN_FLIGHT = 10
SEND_SECONDS = 45.0  # the longest we wait for a platform's answer
RENEW_SECONDS = 8.0  # between two renewals of the leases of messages that are being sent
FINISH_SECONDS = 8.0  # for sends under way when the process stops
MARK_TRIES = 9
SERVING = "serving-"
Result = TypeVar("Result")
log = structlog.get_logger()


class Delivery:
    """The outgoing half of a process: writes messages that are due, sends and marks them.

    The name of its leases begins with `name` and is new at every start; `take_over` finds what an
    earlier process left behind by the same `name`.
    """

    def __init__(self, app: App, adapters: Mapping[str, Adapter], name: str = "") -> None:
        self._app = app
        self._adapters = adapters
        self._outbox = DeliveryOutbox(app, f"{name}{secrets.token_hex(8)}")
        self._breaker = CircuitBreaker()
        self._tick_lock = asyncio.Lock()
        self._wake = asyncio.Event()
        self._sending: dict[asyncio.Task[None], OutgoingMessage] = {}
        self._send_loop: asyncio.Task[None] | None = None
        self._fatal_error: BaseException | None = None
        self._stopping = False
        self._sent = 0
        self._last_team = 0

    async def tick(self) -> int:
        """Writes what is due into the outbox and sends all of it; returns how many were sent."""
        async with self._tick_lock:
            before = self._sent
            await self.start_tick()
            while (running := self._send_loop) is not None:
                await asyncio.wait([running])
                running.result()
            return self._sent - before

    async def start_tick(self) -> None:
        """Writes what is due into the outbox and starts the sends, without waiting for them."""
        more = True
        while more and not self._stopping:
            more = await self._sweep()
            self._wake.set()
            if self._send_loop is None and not self._stopping:
                self._send_loop = asyncio.create_task(self._run(), name="delivery")

    async def _sweep(self) -> bool:
        try:
            return await self._app.run_off_loop(self._outbox.sweep)
        except Busy:
            log.warning("database busy: due messages not looked for; the next tick tries again")
        except CorruptDatabase:
            self._stopping = True  # the process ends
        except Exception:  # messages that are in the outbox already are sent all the same
            log.exception("looking for due messages failed")
        return False

    async def take_over(self, name: str) -> None:
        """Makes due at once what an earlier process of this name was sending when it died."""
        left = await self._app.run_off_loop(lambda: self._outbox.take_over(name))
        if left:
            log.warning("messages were under way when the last process died", messages=left)

    async def finish(self) -> None:
        """Waits until messages that are being sent have been marked, so that none is repeated.

        A send that takes longer than FINISH_SECONDS is cut off; its message may arrive twice.
        """
        self._stopping = True
        self._wake.set()
        if self._sending:
            await asyncio.wait([*self._sending], timeout=FINISH_SECONDS)
        for task, message in [*self._sending.items()]:
            if task.cancel():
                with suppress(CorruptDatabase):
                    await self._retry_while_busy(partial(self._outbox.mark_cut_off, message))
        while self._send_loop is not None:
            await asyncio.wait([self._send_loop])

    async def tidy(self) -> None:
        """Deletes old answered messages and abandoned drafts; learns patience and odds."""
        await self._app.run_off_loop(self._outbox.tidy)
        await self.learn_odds()

    async def learn_odds(self) -> None:
        """Learns the odds of teams that have not learned for a day; it may take seconds."""
        await self._app.run_off_loop(lambda: odds_job.learn_odds(self._app))

    def find_next_due(self) -> datetime | None:
        """The next instant at which a message may be due."""
        return self._outbox.find_next_due(self._adapters.keys())

    async def pass_time(self, clock: SetClock | ShiftedClock, until: datetime) -> None:
        """Moves the clock on to `until`, stopping wherever something comes due on the way."""
        while True:
            due = await self._app.run_off_loop(self.find_next_due)
            if due is None or due > until:
                break
            clock.move_to(max(due, clock.now()))
            left = await self.tick()
            after = await self._app.run_off_loop(self.find_next_due)
            if not left and after is not None and after <= clock.now():
                break  # a due message could not be sent now; waiting here would never end
        clock.move_to(until)

    async def _run(self) -> None:
        """Fills free places with due messages until none is due and none is being sent."""
        renewed = asyncio.get_running_loop().time()
        try:
            while True:
                self._wake.clear()
                if self._fatal_error is not None:  # a send raises only what ends the process
                    raise self._fatal_error
                found = await self._fill_places()
                if not (found or self._sending or self._wake.is_set()):
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), RENEW_SECONDS)
                now = asyncio.get_running_loop().time()
                if now - renewed >= RENEW_SECONDS:
                    renewed = now
                    await self._renew()
        finally:
            self._send_loop = None

    async def _fill_places(self) -> bool:
        """Claims messages for the free places and starts to send; whether any row was claimed."""
        found = False
        try:
            for platforms, places in self._find_free_places():
                busy = {message.member_id for message in self._sending.values()}
                wish = ClaimRequest("", places, busy, platforms, self._last_team)
                some, messages = await self._app.run_off_loop(partial(self._outbox.claim, wish))
                found = found or some
                for message in messages:
                    self._start_send(message)
                if some and not messages:
                    self._wake.set()  # none of these rows is to be sent: claim again
        except Busy:
            log.warning("database busy: nothing claimed; the next tick sends the rest")
        except CorruptDatabase:
            self._stopping = True
        except Exception:
            log.exception("claiming messages failed")
        return found

    def _find_free_places(self) -> list[tuple[list[str], int]]:
        """How many messages may be sent now on which platforms; one, as a trial, if it is down."""
        now = self._app.clock.now()
        free = 0 if self._stopping else IN_FLIGHT - len(self._sending)
        on_trial = {message.address.platform for message in self._sending.values()}
        usable = [name for name in self._adapters if self._breaker.may_try(name, now)]
        up = [name for name in usable if not self._breaker.is_down(name)]
        room = [(up, free)] if up or not self._adapters else []
        room += [([name], 1) for name in usable if name not in up and name not in on_trial]
        return [(platforms, places) for platforms, places in room if min(free, places) > 0]

    def _start_send(self, message: OutgoingMessage) -> None:
        self._last_team = message.team_id
        task = asyncio.create_task(self._send_and_mark(message), name="send")
        self._sending[task] = message
        task.add_done_callback(self._on_send_end)

    def _on_send_end(self, task: asyncio.Task[None]) -> None:
        self._sending.pop(task, None)
        self._wake.set()
        if not task.cancelled():
            self._fatal_error = self._fatal_error or task.exception()

    async def _send_and_mark(self, message: OutgoingMessage) -> None:
        """Sends one message and marks it; a failure affects no other message."""
        try:
            if await self._retry_while_busy(lambda: self._outbox.confirm_lease(message)):
                await self._retry_while_busy(await self._send(message))
            else:
                log.warning("message not sent: the lease was lost", row=message.row_id)
        except CorruptDatabase:
            log.error("message not marked: the database is damaged", row=message.row_id)  # noqa: TRY400 said once
        except Exception:  # it is sent again when the lease has run out
            log.exception("message not marked", row=message.row_id)

    async def _send(self, message: OutgoingMessage) -> Callable[[], None]:
        """Sends a message; returns the work that marks the result."""
        platform = message.address.platform
        try:
            async with asyncio.timeout(SEND_SECONDS):
                sent = await self._adapters[platform].send(message.address, message.reply)
        except DeliveryError as error:
            return self._choose_failure_mark(message, error)
        except TimeoutError:
            no_answer = DeliveryError("no answer", retryable=True, unsure=True)
            return self._choose_failure_mark(message, no_answer)
        except Exception as error:
            # An adapter's mistake with one message must not hold back others.
            log.exception("send failed", row=message.row_id, platform=platform)
            reason = f"the adapter failed: {type(error).__name__}"
            return lambda: self._outbox.mark_adapter_error(message, reason)
        self._breaker.record_answer(platform)
        self._sent += 1
        return lambda: self._outbox.mark_sent(message, sent.message_ref)

    def _choose_failure_mark(
        self, message: OutgoingMessage, error: DeliveryError
    ) -> Callable[[], None]:
        platform, now = message.address.platform, self._app.clock.now()
        if error.retryable and error.retry_after is None:
            self._breaker.record_failure(platform, now)
        else:
            self._breaker.record_answer(platform)
        if error.whole_bot and error.retry_after:
            self._breaker.hold_all_sends(platform, now + timedelta(seconds=error.retry_after))
        down = self._breaker.is_down(platform)
        return lambda: self._outbox.mark_failed(message, error, down=down)

    async def _renew(self) -> None:
        rows = [message.row_id for message in self._sending.values()]
        try:
            renewed = await self._app.run_off_loop(lambda: self._outbox.renew(rows)) if rows else 0
        except (Busy, CorruptDatabase):
            log.warning("database busy or damaged: leases not renewed")
        else:
            if renewed < len(rows):
                log.warning("leases lost while sending", messages=len(rows) - renewed)

    async def _retry_while_busy(self, work: Callable[[], Result]) -> Result:
        """Reads or marks a row, trying again while the database is busy: else it is sent twice."""
        return await retry_while_busy(
            lambda: self._app.run_off_loop(work), asyncio.sleep, what="outbox row", tries=MARK_TRIES
        )
