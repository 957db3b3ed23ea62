"""The days that a saying may mean, the likelier first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, date, timedelta
from itertools import chain

from handlers.reading.moments.pieces import Saying

_MONDAY, _WEDNESDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 2, 4, 5, 6
_MONTHS_TRIED = 12
_TO_A_LEAP_YEAR = 8  # years at most: from 2096 to 2104
_COUNTED = 250  # working days; no holidays are known much farther ahead, and weeks are counted
_LONGEST_GAP = 800  # days without a working day, after which there is none

Works = Callable[[date], bool]


def on_weekdays(day: date) -> bool:
    """Whether most people work on the day, where nobody's own calendar is known."""
    return day.weekday() < _SATURDAY


def days_of(said: Saying, today: date, works: Works = on_weekdays) -> Iterator[date]:
    """The days that may be meant, nearest first; none where the calendar has no such day.

    `works` says on which days somebody works, for "in 3 working days".
    A weekday beside a date must be the date's own ("Friday 3 December"), or there is none.
    Raises OverflowError or ValueError beyond the year 9999.
    """
    shift = timedelta(days=said.shift or 0)
    for day in _unshifted(said, today, works):
        if said.weekday is None or said.day is None or _is_that(said, day, today):
            yield day + shift


def _is_that(said: Saying, day: date, today: date) -> bool:
    near = said.year is not None or day - today < timedelta(days=300)
    return near and day.weekday() == said.weekday


def _unshifted(said: Saying, today: date, works: Works) -> Iterator[date]:
    if said.says("days", "workdays", "ahead_months"):
        return iter([_from_today(said, today, works)])
    if said.says("day", "month", "months", "year", "years", "quarter", "quarters"):
        return _calendar_days(said, today, works)
    if said.says("weeks", "weekend", "weekday"):
        return _week_days(said, today)
    if said.says("edge"):
        return _calendar_days(said, today, works)
    return iter([today, today + timedelta(days=1)])


def _from_today(said: Saying, today: date, works: Works) -> date:
    if said.workdays is not None:
        return _after_workdays(today, said.workdays, works)
    if said.ahead_months is not None:
        return _same_day(today, said.ahead_months)
    day = today + timedelta(days=said.days or 0)
    return day if said.weekday is None else _monday(day) + timedelta(days=said.weekday)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _after_workdays(day: date, count: int, works: Works) -> date:
    """So many working days later; of a day off, with none to go, the next that is none."""
    weeks = max(0, count - _COUNTED) // 5
    rest, gap = count - 5 * weeks, 0
    while rest or not works(day):
        day += timedelta(days=1)
        gap = 0 if works(day) else gap + 1
        rest -= rest > 0 and gap == 0
        if gap > _LONGEST_GAP:
            raise OverflowError(day)
    return _after_workdays(day + timedelta(weeks=weeks), 0, works) if weeks else day


def _same_day(today: date, months: int) -> date:
    year, month = _month_ahead(today, months)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _month_ahead(today: date, months: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if not 1 <= year <= MAXYEAR:
        raise OverflowError(year)
    return year, month + 1


def _week_days(said: Saying, today: date) -> Iterator[date]:
    monday = _monday(today) + timedelta(weeks=said.weeks or 0)
    if said.weekend:
        tried = (_SATURDAY, _SUNDAY, _SATURDAY + 7)
        return (monday + timedelta(days=day) for day in tried[: 2 if said.says("weeks") else 3])
    if said.weekday is None:
        return (monday + timedelta(days=day) for day in _days_of_week(said))
    if said.weeks is not None:
        return iter([monday + timedelta(days=said.weekday)])
    return _coming(said, today)


def _days_of_week(said: Saying) -> tuple[int, ...]:
    by_edge = {"start": (_MONDAY,), "mid": (_WEDNESDAY,), "end": (_FRIDAY, _SUNDAY)}
    return by_edge[said.edge] if said.edge else (_MONDAY, _FRIDAY, _SUNDAY)


def _coming(said: Saying, today: date) -> Iterator[date]:
    """The coming such weekday; today only if it was said so, or the hour may still be ahead."""
    ahead = ((said.weekday or 0) - today.weekday()) % 7
    if ahead or said.today_too or said.is_timed:
        yield today + timedelta(days=ahead)
    if not ahead:
        yield today + timedelta(days=7)


def _calendar_days(said: Saying, today: date, works: Works) -> Iterator[date]:
    if said.day is not None and not said.says("month", "months", "year", "years"):
        return _day_of_some_month(said, today)
    months = _months_meant(said, today)
    if said.nth is not None:
        return iter([_nth(said, year, month) for year, month in months])
    if said.day is not None:
        return chain.from_iterable(_that_day(year, month, said.day) for year, month in months)
    return chain.from_iterable(_in_period(said, year, month, works) for year, month in months)


def _day_of_some_month(said: Saying, today: date) -> Iterator[date]:
    """The next such day of a month; today only if an hour was said, which may still be ahead."""
    for ahead in range(2 if said.says("weekday") else _MONTHS_TRIED):
        for day in _that_day(*_month_ahead(today, ahead), said.day or 0):
            if day > today or (day == today and said.is_timed):
                yield day


def _that_day(year: int, month: int, day: int) -> Iterator[date]:
    if 1 <= month <= 12 and 1 <= year <= MAXYEAR and 1 <= day <= monthrange(year, month)[1]:
        yield date(year, month, day)


def _nth(said: Saying, year: int, month: int) -> date:
    """The first, second... or last such weekday of a month."""
    nth, weekday = said.nth or 1, said.weekday or 0
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _months_meant(said: Saying, today: date) -> list[tuple[int, int]]:
    """The first months of the periods that may be meant."""
    if said.months is not None:
        return [_month_ahead(today, said.months)]
    if said.quarters is not None:
        return [_month_ahead(today, 3 * said.quarters - (today.month - 1) % 3)]
    if not said.says("year", "years", "month", "quarter"):
        return [_month_ahead(today, 0), _month_ahead(today, 1)]  # "end of month"
    month = said.month or (3 * said.quarter - 2 if said.quarter else 1)
    if said.year is not None:
        return [(said.year, month)]
    if said.years is not None:
        return [(today.year + said.years, month)]
    ahead = _TO_A_LEAP_YEAR if (month, said.day) == (2, 29) else 1
    return [(today.year + more, month) for more in range(ahead + 1)]


def _length(said: Saying) -> int:
    """Months in the period that is meant."""
    if said.says("quarter", "quarters"):
        return 3
    return 12 if said.says("year", "years") and not said.says("month") else 1


def _in_period(said: Saying, year: int, month: int, works: Works) -> Iterator[date]:
    length = _length(said)
    first = date(year, month, 1)
    end_year, end_month = _month_ahead(first, length - 1)
    last = date(end_year, end_month, monthrange(end_year, end_month)[1])
    if said.edge == "end":
        yield last
    elif said.edge == "mid":
        middle_year, middle_month = _month_ahead(first, length // 2)
        yield date(middle_year, middle_month, 15 if length != 12 else 1)
    else:
        yield _after_workdays(first, 0, works)
        if said.edge is None:
            yield last
