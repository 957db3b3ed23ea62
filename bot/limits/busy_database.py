"""Retries work while the database is busy: one policy for everything in the process.

The waits double from a tenth of a second to two seconds, with chance, so that many who wait do not
return together. Callers differ only in how often they try: a request for about a minute, a mark of
what was sent a few times, what has arrived without end, since nothing that reached us may be lost.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.limits.backoff import Sleep, wait_before
from storage.engine import Busy

FIRST_WAIT = 0.1  # seconds
LONGEST_WAIT = 2.0
Result = TypeVar("Result")
OnBusy = Callable[[Busy, int], Awaitable[None]]
log = structlog.get_logger()


async def retry_while_busy(
    work: Callable[[], Awaitable[Result]],
    sleep: Sleep,
    *,
    what: str,
    tries: int | None = None,
    on_busy: OnBusy | None = None,
) -> Result:
    """The result of `work`, tried again while the database is busy.

    `what` names the work in the log. After `tries` failures the last Busy is raised; None tries
    without end. `on_busy` is called with each failure and its number, from 0, before the wait.
    """
    for attempt in itertools.count():
        try:
            return await work()
        except Busy as error:
            reason = type(error).__name__
            log.warning("database busy", what=what, attempt=attempt + 1, reason=reason)
            if on_busy is not None:
                await on_busy(error, attempt)
            if tries is not None and attempt + 1 >= tries:
                raise
        await sleep(wait_before(attempt, FIRST_WAIT, LONGEST_WAIT))
    raise AssertionError  # for the type checker: counting never ends
