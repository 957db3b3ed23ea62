"""The days that an expression may mean, the likelier first."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_when
from handlers.reading.moments.days import find_days, is_weekday
from handlers.reading.moments.pieces import Clock, TimeFields
from kb.funnel.calendar import WorkCalendar
from tests.handlers.reading.phrases import NOW, ZONE, local

TODAY = date(2026, 11, 18)  # a Wednesday


def list_days(fields: TimeFields, today: date = TODAY) -> list[str]:
    """The days that may be meant, as month and day."""
    return [f"{day:%m-%d}" for day in find_days(fields, today)]


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        (TimeFields(days=0), ["11-18"]),
        (TimeFields(days=14, weekday=4), ["12-04"]),
        (TimeFields(weekday=4), ["11-20"]),
        (TimeFields(weekday=2), ["11-25"]),
        (TimeFields(weekday=2, today_too=True), ["11-18", "11-25"]),
        (TimeFields(weekday=2, clock=Clock(15)), ["11-18", "11-25"]),
        (TimeFields(weekday=4, weeks=1), ["11-27"]),
        (TimeFields(weekday=4, shift=7), ["11-27"]),
        (TimeFields(weeks=1), ["11-23", "11-27", "11-29"]),
        (TimeFields(weeks=0, edge="end"), ["11-20", "11-22"]),
        (TimeFields(weekend=True), ["11-21", "11-22", "11-28"]),
        (TimeFields(months=1), ["12-01", "12-31"]),
        (TimeFields(months=1, edge="end"), ["12-31"]),
        (TimeFields(quarters=1, edge="mid"), ["02-15"]),
        (TimeFields(edge="end"), ["11-30", "12-31"]),
        (TimeFields(nth=1, weekday=0, months=1), ["12-07"]),
        (TimeFields(nth=-1, weekday=4, month=12, year=2026), ["12-25"]),
        (TimeFields(month=12, day=3, year=2026), ["12-03"]),
        (TimeFields(clock=Clock(9)), ["11-18", "11-19"]),
    ],
)
def test_days_are_found_nearest_first(fields: TimeFields, days: list[str]) -> None:
    assert list_days(fields) == days


def test_a_day_of_the_month_is_one_of_those_ahead_that_have_it() -> None:
    assert list_days(TimeFields(day=31))[:3] == ["12-31", "01-31", "03-31"]
    assert list_days(TimeFields(day=18))[0] == "12-18"
    assert list_days(TimeFields(day=18, clock=Clock(15)))[0] == "11-18"


def test_a_29th_of_february_waits_for_its_leap_year() -> None:
    assert list(find_days(TimeFields(month=2, day=29), TODAY)) == [
        date(2028, 2, 29),
        date(2032, 2, 29),
    ]


def test_a_weekday_beside_a_date_must_be_the_dates_own() -> None:
    assert list_days(TimeFields(weekday=3, month=12, day=3)) == ["12-03"]
    assert list_days(TimeFields(weekday=4, month=12, day=3)) == []


def test_the_same_day_of_a_shorter_month_is_its_last() -> None:
    assert list_days(TimeFields(ahead_months=3), date(2026, 11, 30)) == ["02-28"]


def test_a_period_begins_on_its_first_working_day() -> None:
    assert list_days(TimeFields(month=8, year=2026)) == ["08-03", "08-31"]


@pytest.mark.parametrize(
    "fields", [TimeFields(month=2, day=30), TimeFields(year=2027, month=2, day=29)]
)
def test_a_day_that_no_calendar_has_is_none(fields: TimeFields) -> None:
    assert list_days(fields) == []


@pytest.mark.parametrize("fields", [TimeFields(days=9**9), TimeFields(years=9999, month=1)])
def test_days_beyond_the_year_9999_are_refused(fields: TimeFields) -> None:
    with pytest.raises((OverflowError, ValueError)):
        list(find_days(fields, TODAY))


@given(st.integers(1, 600), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_so_many_working_days_are_counted_one_by_one(count: int, today: date) -> None:
    (day,) = find_days(TimeFields(workdays=count), today)
    between = (today + timedelta(days=ahead) for ahead in range(1, (day - today).days + 1))
    assert sum(is_weekday(each) for each in between) == count
    assert is_weekday(day)


@given(st.integers(0, 6), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_a_coming_weekday_lies_within_a_week(weekday: int, today: date) -> None:
    day = next(find_days(TimeFields(weekday=weekday), today))
    assert day.weekday() == weekday
    assert today < day <= today + timedelta(days=7)


@given(st.integers(1, 31), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_a_day_of_the_month_lies_ahead(number: int, today: date) -> None:
    for day in islice(find_days(TimeFields(day=number), today), 12):
        assert day.day == number
        assert day > today


SUNDAYS_TO_THURSDAYS = WorkCalendar(ZONE, time(9), time(18), frozenset({6, 0, 1, 2, 3}))
AWAY = WorkCalendar(
    ZONE,
    time(9),
    time(18),
    frozenset(range(5)),
    holidays=frozenset({date(2026, 11, 19)}),
    away_from=date(2026, 11, 23),
    away_until=date(2026, 11, 25),
)
NOTHING_ON_A_WEEKDAY = WorkCalendar(ZONE, time(9), time(18), frozenset({5}))


@pytest.mark.parametrize(
    ("text", "calendar", "expected"),
    [
        ("in 3 working days", SUNDAYS_TO_THURSDAYS, "2026-11-23"),
        ("3个工作日后", SUNDAYS_TO_THURSDAYS, "2026-11-23"),
        ("in 3 working days", AWAY, "2026-11-27"),
        ("in 1 working day", NOTHING_ON_A_WEEKDAY, "2026-11-21"),
        ("in 255 working days", AWAY, "2027-11-16"),
    ],
)
def test_working_days_are_the_days_on_which_the_member_works(
    text: str, calendar: WorkCalendar, expected: str
) -> None:
    when = read_when(text, NOW, ZONE, is_workday=calendar.is_working_day)
    assert local(when) == f"{expected} 09:00"


def test_whoever_never_works_has_no_third_working_day() -> None:
    assert read_when("in 3 working days", NOW, ZONE, is_workday=lambda _day: False) is None
