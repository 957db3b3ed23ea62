"""Progress towards a goal: what is won, due by now, open and still missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kb.funnel.calendar import WorkCalendar


@dataclass(frozen=True)
class Pace:
    """Progress towards a goal from `first` to `last`, local days, in one currency.

    `due` is what would be won by now at an even pace over the working days. `open` is the amount
    of the live deals, `expected` the same weighted by their chances.
    """

    first: date
    last: date
    goal: Decimal
    currency: str
    won: Decimal
    due: Decimal
    open: Decimal
    expected: Decimal
    days_left: int

    @property
    def missing(self) -> Decimal:
        """The amount still to be won."""
        return max(Decimal(0), self.goal - self.won)

    @property
    def ahead(self) -> Decimal:
        """The amount ahead of an even pace; negative behind it."""
        return self.won - self.due

    @property
    def coverage(self) -> Decimal | None:
        """The live deals' amount as a multiple of what is missing; None once that is nothing."""
        return self.open / self.missing if self.missing else None


def count_working_days(
    first: date, last: date, today: date, calendar: WorkCalendar
) -> tuple[int, int]:
    """The working days of the time that are over, today included, and all of them."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if calendar.is_working_day(day)]
    return sum(day <= today for day in working), len(working)


def compute_due(goal: Decimal, over: int, days: int) -> Decimal:
    """What would be won by now at an even pace, with so many of the working days over."""
    return goal * over / days if days else goal
