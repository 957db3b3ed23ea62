"""When a rule's nudges are muted for a member: when hardly any of them is acted on.

The rule: of at least ENOUGH_NUDGES that were sent within a MONTH and have had their TIME_TO_ACT,
fewer than one in ten were acted on. Whoever switches the rule on again starts with an empty tally.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MONTH = timedelta(days=30)
# Of a rule whose nudges are acted on a third of the time, ten in a row go unanswered once in 58.
ENOUGH_NUDGES = 10
LEAST_PERCENT = 10
TIME_TO_ACT = timedelta(days=3)  # over a weekend; what is done later was not done for the nudge


@dataclass(frozen=True)
class Outcome:
    """One nudge and what came of it; instants are aware UTC."""

    at: datetime  # when it was sent
    acted_at: datetime | None = None  # None: nobody acted on it


@dataclass(frozen=True)
class Tally:
    """How one rule's nudges were answered."""

    sent: int = 0  # nudges that have had their time
    acted: int = 0  # those of them that were acted on

    @property
    def percent(self) -> int:
        """The share that was acted on, in whole percent; 0 of none."""
        return self.acted * 100 // self.sent if self.sent else 0

    @property
    def is_ignored(self) -> bool:
        """Whether these are enough to tell, and too few of them were acted on."""
        return self.sent >= ENOUGH_NUDGES and self.acted * 100 < self.sent * LEAST_PERCENT

    def __add__(self, other: Tally) -> Tally:
        """The tally of both rules together."""
        return Tally(self.sent + other.sent, self.acted + other.acted)


def tally_outcomes(
    outcomes: Iterable[Outcome], now: datetime, back_at: datetime | None = None
) -> Tally:
    """The tally of one rule's nudges over the last month, or since it was switched on again."""
    since = max(now - MONTH, back_at) if back_at is not None else now - MONTH
    answers = [
        _is_acted_on(each)
        for each in outcomes
        if each.at >= since and (_is_acted_on(each) or now - each.at >= TIME_TO_ACT)
    ]
    return Tally(len(answers), sum(answers))


def _is_acted_on(outcome: Outcome) -> bool:
    return outcome.acted_at is not None and outcome.acted_at - outcome.at < TIME_TO_ACT
