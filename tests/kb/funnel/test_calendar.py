"""Working time, by example: weekends, holidays, hours, and the days on which clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from kb.funnel.calendar import BrokenCalendar, WorkCalendar

WEEK = frozenset({0, 1, 2, 3, 4})
BERLIN = WorkCalendar("Europe/Berlin", time(9), time(18), WEEK)
ALWAYS = frozenset(range(7))


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, in which Berlin is an hour ahead; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "working"),
    [
        (berlin(2, 9), True),
        (berlin(2, 8, 59), False),
        (berlin(2, 17, 59), True),
        (berlin(2, 18), False),
        (berlin(7, 12), False),
        (berlin(8, 12), False),
    ],
)
def test_work_begins_on_the_hour_and_is_over_on_the_hour(at: datetime, working: bool) -> None:
    assert BERLIN.is_working(at) is working


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (berlin(3, 11, 30), berlin(3, 11, 30)),
        (berlin(3, 7), berlin(3, 9)),
        (berlin(3, 18), berlin(4, 9)),
        (berlin(6, 20), berlin(9, 9)),
        (berlin(7, 12), berlin(9, 9)),
    ],
)
def test_the_next_working_moment_is_now_or_the_next_opening(at: datetime, begins: datetime) -> None:
    assert BERLIN.next_working(at) == begins


@pytest.mark.parametrize(
    ("at", "count", "later"),
    [
        (berlin(3, 15), 1, berlin(4, 15)),
        (berlin(6, 15), 2, berlin(10, 15)),
        (berlin(6, 15), 5, berlin(13, 15)),
        (berlin(6, 20), 1, berlin(10, 9)),  # Friday night counts from Monday's opening
        (berlin(7, 12), 1, berlin(10, 9)),
        (berlin(3, 6), 1, berlin(4, 9)),
        (berlin(7, 12), 0, berlin(9, 9)),
    ],
)
def test_working_days_are_added_at_the_same_local_time(
    at: datetime, count: int, later: datetime
) -> None:
    assert BERLIN.add_working_days(at, count) == later


def test_a_holiday_is_no_working_day() -> None:
    off = replace(BERLIN, holidays=frozenset({date(2026, 11, 4), date(2026, 11, 5)}))
    assert not off.is_working(berlin(4, 12))
    assert off.add_working_days(berlin(3, 15), 1) == berlin(6, 15)
    assert off.working_days_between(berlin(3, 15), berlin(6, 15)) == 1


def test_the_same_local_time_is_kept_over_the_clock_change() -> None:
    friday, monday = utc(2026, 10, 23, 13), utc(2026, 10, 26, 14)
    assert BERLIN.add_working_days(friday, 1) == monday
    assert BERLIN.local(friday).hour == BERLIN.local(monday).hour == 15


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [
        (berlin(3, 15), berlin(3, 17), 0),
        (berlin(3, 15), berlin(4, 14, 59), 0),
        (berlin(3, 15), berlin(4, 15), 1),
        (berlin(6, 15), berlin(10, 15), 2),
        (berlin(6, 15), berlin(8, 12), 0),
        (berlin(7, 12), berlin(9, 9), 0),
        (berlin(7, 12), berlin(10, 9), 1),
        (berlin(4, 15), berlin(3, 15), 0),
    ],
)
def test_only_whole_working_days_have_passed(begin: datetime, end: datetime, days: int) -> None:
    assert BERLIN.working_days_between(begin, end) == days


def test_working_days_are_counted_for_three_years_and_no_further() -> None:
    wednesday = utc(2025, 1, 1, 12)
    assert BERLIN.working_days_between(wednesday, utc(2027, 12, 29, 12)) == 156 * 5
    centuries = BERLIN.working_days_between(wednesday, datetime.max.replace(tzinfo=UTC))
    assert centuries == 156 * 5 + 2


@pytest.mark.parametrize(
    ("zone", "day", "clock", "instant"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1)),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),
        ("America/New_York", date(2026, 3, 8), time(2, 0, 59), utc(2026, 3, 8, 7)),
        ("America/New_York", date(2026, 11, 1), time(1, 30), utc(2026, 11, 1, 5, 30)),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), utc(2026, 10, 3, 15, 30)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), utc(2026, 4, 4, 14, 45)),
        ("Africa/Cairo", date(2026, 4, 24), time(0), utc(2026, 4, 23, 22)),
        ("Pacific/Apia", date(2011, 12, 30), time(9), utc(2011, 12, 30, 10)),
    ],
)
def test_a_skipped_time_is_the_first_minute_after_and_a_repeated_one_its_first(
    zone: str, day: date, clock: time, instant: datetime
) -> None:
    calendar = replace(BERLIN, zone=zone)
    assert calendar.at_local(day, clock) == instant
    assert calendar.at_local(day, clock.replace(fold=1)) == instant


def test_hours_that_the_clock_change_swallows_are_no_working_hours() -> None:
    night = WorkCalendar("Europe/Berlin", time(2), time(2, 45), ALWAYS)
    assert night.hours_on(date(2026, 3, 29)) is None
    assert night.next_working(utc(2026, 3, 29, 0, 30)) == utc(2026, 3, 30, 0)


def test_nobody_works_on_a_day_that_an_island_left_out() -> None:
    samoa = WorkCalendar("Pacific/Apia", time(9), time(17), ALWAYS)
    thursday = samoa.at_local(date(2011, 12, 29), time(10))
    assert samoa.local(samoa.add_working_days(thursday, 1)).date() == date(2011, 12, 31)


def test_nothing_added_never_goes_back_through_a_repeated_hour() -> None:
    night = WorkCalendar("Europe/Berlin", time(0), time(6), ALWAYS)
    second = utc(2026, 10, 25, 1, 30)  # half past two for the second time
    assert night.add_working_days(second, 0) == second


@pytest.mark.parametrize(
    ("at", "hour", "next_at"),
    [
        (berlin(3, 7, 59), 8, berlin(3, 8)),
        (berlin(3, 8), 8, berlin(4, 8)),
        (berlin(6, 9), 8, berlin(9, 8)),
        (berlin(7, 7), 8, berlin(9, 8)),
    ],
)
def test_the_next_hour_is_later_and_on_a_working_day(
    at: datetime, hour: int, next_at: datetime
) -> None:
    assert BERLIN.next_hour(at, hour) == next_at


@pytest.mark.parametrize(
    ("start", "end"), [(time(22), time(6)), (time(9), time(9)), (time(9), time(0))]
)
def test_hours_across_midnight_are_refused(start: time, end: time) -> None:
    with pytest.raises(BrokenCalendar, match="on the same day"):
        WorkCalendar("UTC", start, end, WEEK)


@pytest.mark.parametrize("days", [frozenset(), frozenset({7}), frozenset({-1, 0})])
def test_a_week_without_a_working_day_is_refused(days: frozenset[int]) -> None:
    with pytest.raises(BrokenCalendar, match="0 to 6"):
        WorkCalendar("UTC", time(9), time(18), days)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(BrokenCalendar, match="no time zone"):
        WorkCalendar(zone, time(9), time(18), WEEK)


def test_a_calendar_of_holidays_only_says_so_instead_of_searching_for_ever() -> None:
    mondays = frozenset(date.fromordinal(n) for n in range(738_000, 742_000) if n % 7 == 1)
    never = WorkCalendar("UTC", time(9), time(18), frozenset({0}), mondays)
    with pytest.raises(BrokenCalendar, match="no working day"):
        never.next_working(utc(2023, 1, 1))
    with pytest.raises(BrokenCalendar, match="no working day"):
        never.next_hour(utc(2023, 1, 1), 8)


def test_an_instant_of_any_zone_comes_back_in_utc() -> None:
    local = BERLIN.local(berlin(3, 12))
    assert BERLIN.next_working(local) == local
    assert BERLIN.next_working(local).tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = berlin(3, 12).replace(tzinfo=None)
    for ask in (BERLIN.local, BERLIN.is_working, BERLIN.next_working):
        with pytest.raises(ValueError, match="aware"):
            ask(naive)


def test_working_days_are_only_counted_forward() -> None:
    with pytest.raises(ValueError, match="forward"):
        BERLIN.add_working_days(berlin(3, 12), -1)
