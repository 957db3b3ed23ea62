"""A goal, and how one stands against it: what is due by now, what is open, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kb.funnel.calendar import WorkCalendar


@dataclass(frozen=True)
class Pace:
    """A goal from `first` to `last`, local days, in one currency.

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
        """What is still to be won."""
        return max(Decimal(0), self.goal - self.won)

    @property
    def ahead(self) -> Decimal:
        """By how much one is ahead of an even pace; negative behind it."""
        return self.won - self.due

    @property
    def coverage(self) -> Decimal | None:
        """How many times the live deals' amount is what is missing; None once it is reached."""
        return self.open / self.missing if self.missing else None


def elapsed(first: date, last: date, today: date, calendar: WorkCalendar) -> tuple[int, int]:
    """How many working days of the time are over, today among them, and how many there are."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if calendar.is_working_day(day)]
    return sum(day <= today for day in working), len(working)


def due(goal: Decimal, over: int, of: int) -> Decimal:
    """What is to be won by now."""
    return goal * over / of if of else goal
