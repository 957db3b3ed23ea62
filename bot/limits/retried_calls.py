"""The calls that show one reply: each waits as a 429 asks, and is retried while that may help."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

import structlog

from bot.limits.backoff import Sleep, wait_before

Result = TypeVar("Result")

TRIES = 8  # of one call against a bad network: about a minute and a half
LONGEST_WAIT = 60.0
log = structlog.get_logger()


class RetriedCalls(ABC):
    """Makes the calls of one reply, one after the other.

    Waits as long as the platform says when it is too much, and a growing while when the network
    fails, with `sleep`. Without `patient` the first call is not waited for: nothing is shown yet,
    so the whole can come later. `urgent` calls answer somebody who waits, and go before others.
    Each raises the platform's own `failure`.
    """

    failure: ClassVar[type[Exception]]

    def __init__(self, sleep: Sleep, *, patient: bool = True, urgent: bool = True) -> None:
        self.sleep = sleep
        self.urgent = urgent
        self._patient = patient

    @property
    def patient(self) -> bool:
        """Whether a call is waited for, however long it takes to be its turn."""
        return self._patient

    @abstractmethod
    def is_temporary(self, error: Exception) -> bool:
        """Whether the same call may succeed later."""

    @abstractmethod
    def get_retry_after(self, error: Exception) -> float | None:
        """The seconds the platform asks us to wait; None where it names none."""

    async def make(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """The call's result, after as many tries as it takes within reason."""
        failures = 0
        while True:
            try:
                result = await call()
            except self.failure as error:
                if not self._patient or failures >= TRIES or not self.is_temporary(error):
                    raise
                wait = self.get_retry_after(error)
                if wait is None:
                    failures += 1
                    wait = wait_before(failures - 1, longest=LONGEST_WAIT)
                log.info("a call is retried later", seconds=wait, reason=type(error).__name__)
                await self.sleep(wait)
            else:
                self._patient = True
                return result
