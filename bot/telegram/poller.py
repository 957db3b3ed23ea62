"""The poller: receives updates, and stores each batch before the next request confirms it.

python-telegram-bot's own updater confirms a batch while it is only in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog
from telegram.error import Conflict, TelegramError

from bot.app import find_busy_texts
from bot.inbound.inbox import PlatformInbox, StoredArrival
from bot.inbound.worker import Worker
from bot.limits.backoff import Sleep, wait_before
from bot.limits.busy_database import retry_while_busy
from bot.telegram.api import Api, Raw
from bot.telegram.errors import get_retry_after, says, summarize
from bot.telegram.inbound import PLATFORM, Incoming, Me, find_lane, read
from storage.engine import Busy, CorruptDatabase

LONG_POLL = 30  # seconds
SHORTEST_POLL = 1.0  # seconds; a server that answers sooner with nothing does not keep the poll
EMPTY_WAIT = 1.0  # seconds until such a server is asked again
LONGEST_WAIT = 60.0
OTHER_RECEIVER = (
    "another program receives this bot's updates with the same token; waiting for it to stop"
)
log = structlog.get_logger()


class Poller:
    """One bot's long poll. `say_busy` tells a person that their message waits."""

    def __init__(
        self,
        api: Api,
        me: Me,
        inbox: PlatformInbox,
        worker: Worker,
        sleep: Sleep,
        say_busy: Callable[[Incoming, str], None],
    ) -> None:
        self._api = api
        self._me = me
        self._inbox = inbox
        self._worker = worker
        self._sleep = sleep
        self._say_busy = say_busy
        self._offset: int | None = None

    async def run(self) -> None:
        """Receives until it is cancelled; whatever goes wrong, it tries again after a while.

        It also ends where the database is damaged.
        """
        failures = 0
        while True:
            try:
                await self._receive()
                failures = 0
            except Conflict as error:
                failures += 1
                await self._resolve_conflict(error, failures)
            except CorruptDatabase:  # what is not stored is not confirmed: telegram keeps it
                return
            except TelegramError as error:
                failures += 1
                await self._wait(failures, "no updates from telegram", error)
            except Exception as error:
                failures += 1
                log.exception("receiving failed")
                await self._wait(failures, "receiving failed", error)

    async def _receive(self) -> None:
        began, offset = asyncio.get_running_loop().time(), self._offset
        batch = await self._api.fetch_updates(offset, LONG_POLL)
        if batch:
            await self._store_and_queue(batch)
            # The highest of this batch, not of all time: after a quiet week ids may start lower.
            self._offset = max(raw["update_id"] for raw in batch) + 1
        took = asyncio.get_running_loop().time() - began
        if self._offset == offset and took < SHORTEST_POLL:
            # It has nothing new and does not wait for it, or does not take our offset.
            await self._sleep(EMPTY_WAIT)

    async def _store_and_queue(self, batch: list[Raw]) -> None:
        """Stores what is for us, then queues it. While the database is busy all of it waits."""
        arrivals = [arrival for raw in batch if (arrival := self._read_arrival(raw)) is not None]
        new = await self._store(arrivals) if arrivals else {}
        for arrival in arrivals:
            if arrival.event_id in new:
                row_id = new.pop(arrival.event_id)
                self._worker.take(replace(arrival, row_id=row_id))

    async def _store(self, arrivals: Sequence[StoredArrival]) -> dict[str, int]:
        rows = [arrival.as_arrival(PLATFORM) for arrival in arrivals]

        async def say_busy(error: Busy, _attempt: int) -> None:
            for arrival in arrivals:
                if isinstance(arrival.content, Incoming):
                    self._say_busy(arrival.content, find_busy_texts(error)[0])

        new = await retry_while_busy(
            lambda: self._inbox.store(rows), self._sleep, what="updates", on_busy=say_busy
        )
        return dict(new)

    def _read_arrival(self, raw: Raw) -> StoredArrival | None:
        """The update as it will be stored; None where there is nothing to answer.

        One that can't be read is stored all the same: the worker puts it aside, and it is counted.
        """
        arrival = StoredArrival(0, f"{self._me.id}:{raw['update_id']}", find_lane(raw), raw)
        try:
            content = read(raw, self._me)
        except Exception:  # noqa: BLE001 - one strange update must not hold up the others
            return arrival
        return replace(arrival, content=content) if content is not None else None

    async def _resolve_conflict(self, error: Conflict, failures: int) -> None:
        """Telegram serves one receiver a bot: deletes a webhook, waits for another process."""
        if says(error, "webhook"):
            log.warning("a webhook was set for this bot; deleting it to receive by polling")
            await self._delete_webhook()
        else:
            await self._wait(failures, OTHER_RECEIVER, error, first=5.0)

    async def _delete_webhook(self) -> None:
        try:
            await self._api.delete_webhook()
        except TelegramError as error:
            await self._wait(1, "the webhook could not be deleted", error)

    async def _wait(
        self, failures: int, event: str, error: Exception, *, first: float = 1.0
    ) -> None:
        asked_wait = get_retry_after(error) if isinstance(error, TelegramError) else None
        seconds = asked_wait or wait_before(failures - 1, first, LONGEST_WAIT)
        log.error(event, reason=summarize(error), seconds=round(seconds, 1))
        await self._sleep(seconds)
