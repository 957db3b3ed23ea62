"""Finds the days that an expression may mean, the likelier first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, date, timedelta
from itertools import chain

from handlers.reading.moments.pieces import TimeFields

_MONDAY, _WEDNESDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 2, 4, 5, 6
_MONTHS_TRIED = 12
_TO_A_LEAP_YEAR = 8  # years at most: from 2096 to 2104
_COUNTED = 250  # working days; no holidays are known much farther ahead, and weeks are counted
_LONGEST_GAP = 800  # days without a working day, after which there is none

IsWorkday = Callable[[date], bool]


def is_weekday(day: date) -> bool:
    """Whether most people work on the day, where nobody's own calendar is known."""
    return day.weekday() < _SATURDAY


def find_days(
    fields: TimeFields, today: date, is_workday: IsWorkday = is_weekday
) -> Iterator[date]:
    """The days that may be meant, nearest first; none where the calendar has no such day.

    `is_workday` tells the days on which somebody works, for "in 3 working days".
    A weekday beside a date must be the date's own ("Friday 3 December"), or there is none.
    Raises OverflowError or ValueError beyond the year 9999.
    """
    shift = timedelta(days=fields.shift or 0)
    for day in _find_unshifted(fields, today, is_workday):
        if fields.weekday is None or fields.day is None or _is_weekday_of_date(fields, day, today):
            yield day + shift


def _is_weekday_of_date(fields: TimeFields, day: date, today: date) -> bool:
    near = fields.year is not None or day - today < timedelta(days=300)
    return near and day.weekday() == fields.weekday


def _find_unshifted(fields: TimeFields, today: date, is_workday: IsWorkday) -> Iterator[date]:
    if fields.has("days", "workdays", "ahead_months"):
        return iter([_count_from_today(fields, today, is_workday)])
    if fields.has("day", "month", "months", "year", "years", "quarter", "quarters"):
        return _find_calendar_days(fields, today, is_workday)
    if fields.has("weeks", "weekend", "weekday"):
        return _find_week_days(fields, today)
    if fields.has("edge"):
        return _find_calendar_days(fields, today, is_workday)
    return iter([today, today + timedelta(days=1)])


def _count_from_today(fields: TimeFields, today: date, is_workday: IsWorkday) -> date:
    if fields.workdays is not None:
        return _add_working_days(today, fields.workdays, is_workday)
    if fields.ahead_months is not None:
        return _add_months(today, fields.ahead_months)
    day = today + timedelta(days=fields.days or 0)
    return day if fields.weekday is None else _find_monday(day) + timedelta(days=fields.weekday)


def _find_monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _add_working_days(day: date, count: int, is_workday: IsWorkday) -> date:
    """The day so many working days later; with none to add, the next working day from `day` on."""
    weeks = max(0, count - _COUNTED) // 5
    rest, gap = count - 5 * weeks, 0
    while rest or not is_workday(day):
        day += timedelta(days=1)
        gap = 0 if is_workday(day) else gap + 1
        rest -= rest > 0 and gap == 0
        if gap > _LONGEST_GAP:
            raise OverflowError(day)
    return _add_working_days(day + timedelta(weeks=weeks), 0, is_workday) if weeks else day


def _add_months(today: date, months: int) -> date:
    year, month = _shift_month(today, months)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _shift_month(today: date, months: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if not 1 <= year <= MAXYEAR:
        raise OverflowError(year)
    return year, month + 1


def _find_week_days(fields: TimeFields, today: date) -> Iterator[date]:
    monday = _find_monday(today) + timedelta(weeks=fields.weeks or 0)
    if fields.weekend:
        tried = (_SATURDAY, _SUNDAY, _SATURDAY + 7)
        return (monday + timedelta(days=day) for day in tried[: 2 if fields.has("weeks") else 3])
    if fields.weekday is None:
        return (monday + timedelta(days=day) for day in _list_week_offsets(fields))
    if fields.weeks is not None:
        return iter([monday + timedelta(days=fields.weekday)])
    return _find_coming(fields, today)


def _list_week_offsets(fields: TimeFields) -> tuple[int, ...]:
    by_edge = {"start": (_MONDAY,), "mid": (_WEDNESDAY,), "end": (_FRIDAY, _SUNDAY)}
    return by_edge[fields.edge] if fields.edge else (_MONDAY, _FRIDAY, _SUNDAY)


def _find_coming(fields: TimeFields, today: date) -> Iterator[date]:
    """The coming such weekday; today only if "this" names it, or the hour may still be ahead."""
    ahead = ((fields.weekday or 0) - today.weekday()) % 7
    if ahead or fields.today_too or fields.is_timed:
        yield today + timedelta(days=ahead)
    if not ahead:
        yield today + timedelta(days=7)


def _find_calendar_days(fields: TimeFields, today: date, is_workday: IsWorkday) -> Iterator[date]:
    if fields.day is not None and not fields.has("month", "months", "year", "years"):
        return _find_day_of_month(fields, today)
    months = _list_months(fields, today)
    if fields.nth is not None:
        return iter([_find_nth(fields, year, month) for year, month in months])
    if fields.day is not None:
        return chain.from_iterable(_build_day(year, month, fields.day) for year, month in months)
    return chain.from_iterable(
        _find_period_days(fields, year, month, is_workday) for year, month in months
    )


def _find_day_of_month(fields: TimeFields, today: date) -> Iterator[date]:
    """The next such day of a month; today only if an hour is named, which may still be ahead."""
    for ahead in range(2 if fields.has("weekday") else _MONTHS_TRIED):
        for day in _build_day(*_shift_month(today, ahead), fields.day or 0):
            if day > today or (day == today and fields.is_timed):
                yield day


def _build_day(year: int, month: int, day: int) -> Iterator[date]:
    if 1 <= month <= 12 and 1 <= year <= MAXYEAR and 1 <= day <= monthrange(year, month)[1]:
        yield date(year, month, day)


def _find_nth(fields: TimeFields, year: int, month: int) -> date:
    """The first, second... or last such weekday of a month."""
    nth, weekday = fields.nth or 1, fields.weekday or 0
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _list_months(fields: TimeFields, today: date) -> list[tuple[int, int]]:
    """The first month of each period that may be meant, as (year, month)."""
    if fields.months is not None:
        return [_shift_month(today, fields.months)]
    if fields.quarters is not None:
        return [_shift_month(today, 3 * fields.quarters - (today.month - 1) % 3)]
    if not fields.has("year", "years", "month", "quarter"):
        return [_shift_month(today, 0), _shift_month(today, 1)]  # "end of month"
    month = fields.month or (3 * fields.quarter - 2 if fields.quarter else 1)
    if fields.year is not None:
        return [(fields.year, month)]
    if fields.years is not None:
        return [(today.year + fields.years, month)]
    ahead = _TO_A_LEAP_YEAR if (month, fields.day) == (2, 29) else 1
    return [(today.year + more, month) for more in range(ahead + 1)]


def _count_months(fields: TimeFields) -> int:
    """How many months the period has."""
    if fields.has("quarter", "quarters"):
        return 3
    return 12 if fields.has("year", "years") and not fields.has("month") else 1


def _find_period_days(
    fields: TimeFields, year: int, month: int, is_workday: IsWorkday
) -> Iterator[date]:
    length = _count_months(fields)
    first = date(year, month, 1)
    end_year, end_month = _shift_month(first, length - 1)
    last = date(end_year, end_month, monthrange(end_year, end_month)[1])
    if fields.edge == "end":
        yield last
    elif fields.edge == "mid":
        middle_year, middle_month = _shift_month(first, length // 2)
        yield date(middle_year, middle_month, 15 if length != 12 else 1)
    else:
        yield _add_working_days(first, 0, is_workday)
        if fields.edge is None:
            yield last
