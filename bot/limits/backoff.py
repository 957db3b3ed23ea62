"""How long to wait before trying again."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

Sleep = Callable[[float], Awaitable[None]]  # waits so many seconds; tests pass one that does not
_LONGEST = 300.0
_random = secrets.SystemRandom()


def wait_before(attempt: int, first: float = 1.0, longest: float = _LONGEST) -> float:
    """Seconds before try number `attempt` + 1: doubling from `first`, never over `longest`.

    The upper half is random, so that many who failed together do not return together.
    """
    full: float = min(longest, first * 2.0 ** min(attempt, 20))
    return full / 2 + _random.random() * full / 2
