"""Sends what Repmate says by itself: sweep what came due, claim under a lease, send, mark.

At least once: the claim is committed before the send and the mark right after it, so that a
repeat needs a crash between the two, and says that it may be one. A few messages are under way at
once, each to another person. What is claimed and marked is `bot/delivery/outbox.py`'s.
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
from storage.engine import Busy
from storage.messages.outbox_claims import ClaimRequest

IN_FLIGHT = 10
SEND_SECONDS = 45.0  # after which we stop waiting for a platform's answer
RENEW_SECONDS = 8.0  # between two prolongings of the leases of what is under way
FINISH_SECONDS = 8.0  # seconds that sends under way have when the process stops
MARK_TRIES = 9
SERVING = "serving-"
Result = TypeVar("Result")
log = structlog.get_logger()


class Delivery:
    """The outgoing half of a process: writes what came due, sends it and marks it.

    Its owner's name on leases begins with `name` and is new at every start. What a process that
    served alone left behind is known by `name`.
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
        """Writes what came due into the outbox and sends it all; how many messages left."""
        async with self._tick_lock:
            before = self._sent
            await self.start_tick()
            while (running := self._send_loop) is not None:
                await asyncio.wait([running])
                running.result()
            return self._sent - before

    async def start_tick(self) -> None:
        """The same for a clock's tick: begins to send, and waits for nobody's platform."""
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
            log.warning("database busy, nothing swept; the next tick tries again")
        except Exception:  # what is in the outbox already leaves all the same
            log.exception("nothing swept")
        return False

    async def take_over(self, name: str) -> None:
        """Sends at once what an earlier process of this name was sending when it died."""
        left = await self._app.run_off_loop(lambda: self._outbox.take_over(name))
        if left:
            log.warning("messages were under way when the last process died", messages=left)

    async def finish(self) -> None:
        """Waits until what is being sent has been marked, so that stopping repeats nothing.

        What takes longer than FINISHING seconds is cut off, and may come twice.
        """
        self._stopping = True
        self._wake.set()
        if self._sending:
            await asyncio.wait([*self._sending], timeout=FINISH_SECONDS)
        for task, message in [*self._sending.items()]:
            if task.cancel():
                await self._retry_while_busy(partial(self._outbox.mark_cut_off, message))
        while self._send_loop is not None:
            await asyncio.wait([self._send_loop])

    async def tidy(self) -> None:
        """Forgets what was answered long ago and what was begun and left; learns patience, odds."""
        await self._app.run_off_loop(self._outbox.tidy)
        await self.learn_odds()

    async def learn_odds(self) -> None:
        """Learns the odds of teams that have not learned for a day; it may take seconds."""
        await self._app.run_off_loop(lambda: odds_job.learn_odds(self._app))

    def find_next_due(self) -> datetime | None:
        """The next instant at which there may be something to say."""
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
                break  # something due could not leave now; waiting longer here would never end
        clock.move_to(until)

    async def _run(self) -> None:
        """Fills the places that get free until nothing is due and nothing under way."""
        renewed = asyncio.get_running_loop().time()
        try:
            while True:
                self._wake.clear()
                if (
                    self._fatal_error is not None
                ):  # nothing but the end of the process leaves a send
                    raise self._fatal_error
                found = await self._fill_places()
                if not (found or self._sending or self._wake.is_set()):
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), RENEW_SECONDS)
                if (now := asyncio.get_running_loop().time()) - renewed >= RENEW_SECONDS:
                    renewed = now
                    await self._renew()
        finally:
            self._send_loop = None

    async def _fill_places(self) -> bool:
        """Claims for the free places, and sends; whether there was anything to claim."""
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
                    self._wake.set()  # nothing of it is to be said: look on
        except Busy:
            log.warning("database busy; the next tick sends the rest")
        except Exception:
            log.exception("nothing could be claimed")
        return found

    def _find_free_places(self) -> list[tuple[list[str], int]]:
        """On which platforms how many may be sent now: one, to try, where nothing gets through."""
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
        """Sends one message and marks it; what goes wrong with it is its own."""
        try:
            if await self._retry_while_busy(lambda: self._outbox.confirm_lease(message)):
                await self._retry_while_busy(await self._send(message))
            else:
                log.warning("not sent: no longer ours", row=message.row_id)
        except Exception:  # its lease runs out, and it is sent then
            log.exception("not marked", row=message.row_id)

    async def _send(self, message: OutgoingMessage) -> Callable[[], None]:
        """Sends; gives the mark to make."""
        platform = message.address.platform
        try:
            async with asyncio.timeout(SEND_SECONDS):
                sent = await self._adapters[platform].send(message.address, message.reply)
        except DeliveryError as error:
            return self._choose_failure_mark(message, error)
        except TimeoutError:
            return self._choose_failure_mark(
                message, DeliveryError("no answer", retryable=True, unsure=True)
            )
        except (
            Exception
        ) as error:  # an adapter's mistake with one message must not keep back others
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
        except Busy:
            log.warning("database busy, leases run on")
        else:
            if renewed < len(rows):
                log.warning("others took over what we are sending", messages=len(rows) - renewed)

    async def _retry_while_busy(self, work: Callable[[], Result]) -> Result:
        """Looks at a row, or marks it, even while the database is busy: else it comes twice."""
        return await retry_while_busy(
            lambda: self._app.run_off_loop(work), asyncio.sleep, what="outbox row", tries=MARK_TRIES
        )
