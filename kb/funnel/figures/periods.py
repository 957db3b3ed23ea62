"""Weeks, months, quarters and years of the calendar, in local days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from kb.funnel.calendar import WorkCalendar
from kb.funnel.figures.measures import Span

Kind = Literal["week", "month", "quarter", "year"]
KINDS: tuple[Kind, ...] = ("week", "month", "quarter", "year")
_EARLIEST, _LATEST = date(1950, 1, 1).toordinal(), date(2150, 1, 1).toordinal()
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """A calendar week, month, quarter or year, known by its first day."""

    kind: Kind
    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> Period:
        """The period that follows."""
        if self.kind == "week":
            return Period(self.kind, self.first + timedelta(days=7))
        return Period(self.kind, _add_months(self.first, _MONTHS[self.kind]))

    @property
    def before(self) -> Period:
        """The period before."""
        if self.kind == "week":
            return Period(self.kind, self.first - timedelta(days=7))
        return Period(self.kind, _add_months(self.first, -_MONTHS[self.kind]))

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last

    def span(self, calendar: WorkCalendar) -> Span:
        """Its instants in the calendar's zone, midnight to midnight."""
        end = self.last + timedelta(days=1)
        return Span(calendar.at_local(self.first, time()), calendar.at_local(end, time()))


def find_period(kind: Kind, day: date) -> Period:
    """The week, month, quarter or year that holds the day; weeks begin on Monday."""
    if kind == "week":
        return Period(kind, day - timedelta(days=day.weekday()))
    months = _MONTHS[kind]
    return Period(kind, date(day.year, (day.month - 1) // months * months + 1, 1))


def find_numbered_period(kind: str, first: int) -> Period | None:
    """The period of a kind that holds the day of this `date.toordinal`; None for a forged one."""
    known: list[Kind] = [each for each in KINDS if each == kind]
    if not known or not _EARLIEST < first < _LATEST:
        return None
    return find_period(known[0], date.fromordinal(first))


def _add_months(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
