"""Which rule's nudges a member would rather read in the digest, told by how they answer them.

The rule: of at least ENOUGH nudges that came in a month and have had their time, fewer than one in
ten were acted on. Whoever switches the rule on again starts with an empty tally.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MONTH = timedelta(days=30)
ENOUGH = 10  # of a rule one acts on a third of the time, ten in a row go unanswered once in 58
LEAST_PERCENT = 10
ITS_TIME = timedelta(days=3)  # over a weekend; what is done later was not done for the nudge


@dataclass(frozen=True)
class Outcome:
    """One nudge that was sent at `at`, and when it was acted on; both aware UTC."""

    at: datetime
    acted_at: datetime | None = None


@dataclass(frozen=True)
class Tally:
    """How many nudges of a rule have had their time, and how many of those were acted on."""

    sent: int = 0
    acted: int = 0

    @property
    def percent(self) -> int:
        """The share that was acted on, in whole percent; 0 of none."""
        return self.acted * 100 // self.sent if self.sent else 0

    @property
    def is_ignored(self) -> bool:
        """Whether these are enough to tell, and too few of them were acted on."""
        return self.sent >= ENOUGH and self.acted * 100 < self.sent * LEAST_PERCENT

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(self.sent + other.sent, self.acted + other.acted)


def tallied(outcomes: Iterable[Outcome], now: datetime, back_at: datetime | None = None) -> Tally:
    """The tally of one rule's nudges over the last month, or since it was switched on again."""
    since = max(now - MONTH, back_at) if back_at is not None else now - MONTH
    ripe = [
        _acted(each)
        for each in outcomes
        if each.at >= since and (_acted(each) or now - each.at >= ITS_TIME)
    ]
    return Tally(len(ripe), sum(ripe))


def _acted(outcome: Outcome) -> bool:
    return outcome.acted_at is not None and outcome.acted_at - outcome.at < ITS_TIME
