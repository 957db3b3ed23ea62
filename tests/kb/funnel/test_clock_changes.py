"""Every minute about both changes of the clocks in 17 zones, against a walk along UTC and pandas.

A skipped time moves to the next minute that exists, a repeated one counts once, each local day has
each time of day once. The same checks find APScheduler's own recurrences wanting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from apscheduler.triggers.cron import CronTrigger

from kb.funnel.calendar import WorkCalendar
from tests.kb.funnel.strategies import MINUTE
from tests.kb.funnel.wall_clock import (
    CHANGING,
    DAY,
    Walk,
    find_changed_day,
    list_changes,
    list_minutes_to_check,
    walk_clock,
)

EVERY_DAY = frozenset(range(7))
CHANGES = [
    pytest.param(zone, at, id=f"{zone} {at:%b}") for zone in CHANGING for at in list_changes(zone)
]
LATEST = time(23, 59)
# Where the clocks jump no whole hour, or at no whole hour, pandas shifts forward to a wrong time
# (Lord Howe 02:10 to 03:00, which should be 02:30); what exists it gets right there too.
PANDAS_ERRS = ("Antarctica/Troll", "Australia/Lord_Howe", "Pacific/Chatham")


def always(zone: str, start: time = time(), end: time = LATEST) -> WorkCalendar:
    return WorkCalendar(zone, start, end, EVERY_DAY)


def list_days_about(zone: str, change: datetime) -> list[date]:
    return [find_changed_day(zone, change) + ahead * DAY for ahead in (-1, 0, 1)]


def walls(zone: str, change: datetime) -> Iterator[datetime]:
    for day in list_days_about(zone, change):
        for clock in list_minutes_to_check(zone, change):
            yield datetime.combine(day, clock)


def test_each_of_the_zones_skips_time_once_in_the_year_and_repeats_it_once() -> None:
    for zone in CHANGING:
        seen = Counter[int]()
        for change in list_changes(zone):
            walk = walk_clock(zone, change)
            seen.update(min(2, walk.times(wall)) for wall in walls(zone, change))
        assert len(list_changes(zone)) == 2
        assert seen[0] >= 30
        assert seen[2] >= 30


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_a_time_of_day_is_when_the_wall_first_shows_it_or_has_gone_past_it(
    zone: str, change: datetime
) -> None:
    calendar, walk = always(zone), walk_clock(zone, change)
    for wall in walls(zone, change):
        assert calendar.at_local(wall.date(), wall.time()) == walk.first(wall), wall


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_a_time_of_day_is_what_pandas_takes_it_for(zone: str, change: datetime) -> None:
    calendar, all_walls = always(zone), list(walls(zone, change))
    for wall, expected in zip(all_walls, by_pandas(zone, all_walls), strict=True):
        if expected is None:
            assert walk_clock(zone, change).times(wall) == 0
        else:
            assert calendar.at_local(wall.date(), wall.time()) == expected, wall


def by_pandas(zone: str, all_walls: list[datetime]) -> list[datetime | None]:
    """What pandas makes of local times: the first of two, and of none the next that exists."""
    skipped: Literal["NaT", "shift_forward"] = "NaT" if zone in PANDAS_ERRS else "shift_forward"
    local = pd.DatetimeIndex(all_walls)
    firsts = np.full(len(all_walls), fill_value=True)
    found = local.tz_localize(zone, ambiguous=firsts, nonexistent=skipped).tz_convert("UTC")
    return [None if at is pd.NaT else at.to_pydatetime() for at in found]


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_what_is_to_be_at_a_time_of_day_is_once_on_every_day(zone: str, change: datetime) -> None:
    calendar, days = always(zone), list_days_about(zone, change)
    for clock in list_minutes_to_check(zone, change):
        instants = [calendar.at_local(day, clock) for day in days]
        assert find_wrong(instants, walk_clock(zone, change), days, clock) == []


def find_wrong(fired: list[datetime], walk: Walk, days: list[date], clock: time) -> list[str]:
    """What is not right about when something daily was: each day once, when the wall said so."""
    expected = [walk.first(datetime.combine(day, clock)) for day in days]
    counts = Counter(fired)
    missed = [f"missed {at}" for at in expected if at not in counts]
    return missed + [f"{n} x {at}" for at, n in counts.items() if n > 1 or at not in expected]


def test_the_same_check_finds_apscheduler_firing_twice_and_at_times_that_are_not() -> None:
    found = {}
    for change in list_changes("Europe/Berlin"):
        days = list_days_about("Europe/Berlin", change)
        walk = walk_clock("Europe/Berlin", change)
        end = walk.first(datetime.combine(days[-1] + DAY, time(2)))
        fired = [at for at in cron_fires("Europe/Berlin", days[0], time(2, 30)) if at < end]
        found[change.month] = (
            len(fired),
            find_wrong(fired, walk, days, time(2, 30)),
        )
    assert found[10][0] > 3  # three days, and more than three times
    assert found[10][1] != []
    assert found[3][1] != []  # half past three where the next valid minute is three


def cron_fires(zone: str, first: date, clock: time, most: int = 8) -> list[datetime]:
    """When APScheduler's own daily rule fires, asked a second after each time, as its loop does."""
    there = ZoneInfo(zone)
    trigger = CronTrigger(hour=clock.hour, minute=clock.minute, timezone=there)
    fired: list[datetime] = []
    now, before = datetime.combine(first, time(), there), None
    while len(fired) < most:
        before = trigger.get_next_fire_time(before, now)
        fired.append(before.astimezone(UTC))
        now = (before.astimezone(UTC) + timedelta(seconds=1)).astimezone(there)
    return fired


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_a_digest_comes_once_a_day_at_any_hour_through_both_changes(
    zone: str, change: datetime
) -> None:
    calendar, walk, days = always(zone), walk_clock(zone, change), list_days_about(zone, change)
    for hour in range(24):
        at = walk.first(datetime.combine(days[0], time(hour))) - MINUTE
        found = []
        for _ in days:
            at = calendar.next_hour(at, hour)
            found.append(at)
        assert find_wrong(found, walk, days, time(hour)) == []


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_a_working_day_later_is_the_same_time_of_day_whatever_the_clocks_do(
    zone: str, change: datetime
) -> None:
    calendar, walk = always(zone), walk_clock(zone, change)
    for at in walk.instants[30 * 60 : -60 * 60 : 7]:
        wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if at < walk.first(datetime.combine(wall.date(), LATEST)):  # else the day is over
            expected = walk.first(wall + DAY)
            assert calendar.add_working_days(at, 1) == expected, at
            assert calendar.working_days_between(at, expected) == 1
            assert calendar.working_days_between(at, expected - MINUTE) == 0


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_work_goes_on_while_the_wall_shows_working_hours_first(zone: str, change: datetime) -> None:
    walk = walk_clock(zone, change)
    for start, end in ((time(2), time(3, 30)), (time(1, 15), time(2, 45)), (time(0), time(5))):
        calendar = always(zone, start, end)
        for day in list_days_about(zone, change):
            begin = walk.first(datetime.combine(day, start))
            over = walk.first(datetime.combine(day, end))
            assert calendar.hours_on(day) == ((begin, over) if begin < over else None)
