"""Working time in any zone, week and hours, before, in and after both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.calendar import WorkCalendar
from tests.kb.funnel.strategies import (
    MINUTE,
    ZONES,
    calendars,
    changes,
    local_times,
    moments,
    offset,
    zones,
)

LONGEST_CHANGE = timedelta(hours=3)


@pytest.mark.parametrize("zone", sorted(set(ZONES) - {"UTC", "Asia/Shanghai", "Asia/Kathmandu"}))
def test_the_zones_of_these_tests_change_both_ways_or_never(zone: str) -> None:
    grown = [offset(zone, at) < offset(zone, at + timedelta(hours=1)) for at in changes(zone)]
    assert zone == "Pacific/Kiritimati" or {True, False} <= set(grown)


def around_the_clock(zone: str) -> WorkCalendar:
    return WorkCalendar(zone, time(0), time(23, 59), frozenset(range(7)))


@given(data=st.data(), zone=zones)
def test_a_local_time_that_exists_is_met_exactly_and_the_first_time(
    data: st.DataObject, zone: str
) -> None:
    day, clock = data.draw(local_times(zone))
    instant = around_the_clock(zone).at_local(day, clock)
    wall = datetime.combine(day, clock)
    if exists(wall, zone):
        assert on_the_wall(instant, zone) == wall
        earlier = (instant - part * 30 * MINUTE for part in range(1, 7))
        assert wall not in {on_the_wall(at, zone) for at in earlier}


@given(data=st.data(), zone=zones)
def test_a_local_time_that_is_skipped_becomes_the_first_minute_after_it(
    data: st.DataObject, zone: str
) -> None:
    day, clock = data.draw(local_times(zone))
    wall = datetime.combine(day, clock)
    instant = around_the_clock(zone).at_local(day, clock)
    if not exists(wall, zone):
        assert on_the_wall(instant - MINUTE, zone) < wall < on_the_wall(instant, zone)
        assert (instant.second, instant.microsecond) == (0, 0)
        assert on_the_wall(instant, zone) - wall <= LONGEST_CHANGE


@given(data=st.data(), calendar=calendars())
def test_the_next_working_moment_works_and_nothing_before_it_does(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    at = data.draw(moments(calendar.zone))
    following = calendar.next_working(at)
    assert following >= at
    assert following.tzinfo is UTC
    assert calendar.is_working(following)
    if following > at:
        between = at + data.draw(st.floats(0, 1, exclude_max=True)) * (following - at)
        assert not calendar.is_working(min(between, following - timedelta(microseconds=1)))


@given(data=st.data(), calendar=calendars(), count=st.integers(0, 12))
def test_working_days_are_added_one_day_after_the_other(
    data: st.DataObject, calendar: WorkCalendar, count: int
) -> None:
    at = data.draw(moments(calendar.zone))
    begin, later = calendar.next_working(at), calendar.add_working_days(at, count)
    assert calendar.is_working(later)
    passed = days_between(local_day(calendar, begin), local_day(calendar, later))
    assert sum(calendar.hours_on(day) is not None for day in passed) == count


@given(data=st.data(), calendar=calendars(), count=st.integers(0, 12))
def test_the_local_time_of_day_stays_where_the_clock_change_leaves_it(
    data: st.DataObject, calendar: WorkCalendar, count: int
) -> None:
    at = data.draw(moments(calendar.zone))
    begin, later = calendar.next_working(at), calendar.add_working_days(at, count)
    day, clock = local_day(calendar, later), calendar.local(begin).time()
    begins, _ends = calendar.hours_on(day) or (later, later)
    if count > 0 and exists(datetime.combine(day, clock), calendar.zone):
        assert later == max(calendar.at_local(day, clock), begins)


@given(data=st.data(), calendar=calendars(), count=st.integers(0, 12))
def test_as_many_working_days_have_passed_as_were_added(
    data: st.DataObject, calendar: WorkCalendar, count: int
) -> None:
    at = data.draw(moments(calendar.zone))
    later = calendar.add_working_days(at, count)
    assert calendar.working_days_between(at, later) == count
    before = later - timedelta(microseconds=1)
    assert calendar.working_days_between(at, before) == max(0, count - 1)


@given(data=st.data(), calendar=calendars())
def test_one_more_working_day_would_be_too_many(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    begin, end = sorted(data.draw(moments(calendar.zone)) for _ in range(2))
    end = min(end, begin + timedelta(days=60))
    passed = calendar.working_days_between(begin, end)
    assert passed == 0 or calendar.add_working_days(begin, passed) <= end
    assert calendar.add_working_days(begin, passed + 1) > end


@given(data=st.data(), calendar=calendars(), hour=st.integers(0, 23))
def test_the_next_hour_is_within_the_next_working_day(
    data: st.DataObject, calendar: WorkCalendar, hour: int
) -> None:
    at = data.draw(moments(calendar.zone))
    following = calendar.next_hour(at, hour)
    assert following > at
    passed = days_between(local_day(calendar, at), local_day(calendar, following))
    assert sum(calendar.is_working_day(day) for day in passed) <= 1
    wall = datetime.combine(local_day(calendar, following), time(hour))
    assert on_the_wall(following, calendar.zone) == wall or not exists(wall, calendar.zone)


def on_the_wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def exists(wall: datetime, zone: str) -> bool:
    folds = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    return any(on_the_wall(at.astimezone(UTC), zone) == wall for at in folds)


def local_day(calendar: WorkCalendar, at: datetime) -> date:
    return calendar.local(at).date()


def days_between(begin: date, end: date) -> list[date]:
    """The days after `begin` up to `end`."""
    return [begin + timedelta(days=n) for n in range(1, (end - begin).days + 1)]
