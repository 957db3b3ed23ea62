"""Digests and steps come at the wall's time: over clock changes, moves abroad and holidays.

When they should come is counted by walking along UTC minute by minute, not by the calendar.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.loop import Delivery
from tests.bot.delivery.recorder import Recorder
from tests.kb.funnel.test_holidays import china_works
from tests.kb.funnel.wall_clock import walk_clock
from tests.office import Office, opened

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


BEGIN = utc(2026, 10, 19, 12)
DAYS = 18  # Berlin, Havana, Cairo and New York change their clocks in them
# Zones, and the public holidays of their countries in those days.
ABROAD: dict[str, frozenset[date]] = {
    "Europe/Berlin": frozenset(),
    "America/New_York": frozenset(),
    "America/Havana": frozenset(),  # an hour around midnight comes twice
    "Africa/Cairo": frozenset(),  # the same an hour earlier
    "Asia/Shanghai": frozenset(),
    "Australia/Lord_Howe": frozenset(),
    "Pacific/Auckland": frozenset({date(2026, 10, 26)}),  # Labour Day
}
Move = tuple[datetime, str, int]  # from when on (half a minute past), the zone, the digest's hour


@st.composite
def journeys(draw: st.DrawFn) -> list[Move]:
    minutes = sorted(draw(st.sets(st.integers(1, DAYS * 24 * 60), max_size=4)))
    starts = [BEGIN, *(BEGIN + minute * MINUTE + MINUTE / 2 for minute in minutes)]
    hours = st.integers(0, 23) | st.integers(0, 3)
    return [(at, draw(st.sampled_from(sorted(ABROAD))), draw(hours)) for at in starts]


def digests_of(journey: list[Move]) -> list[datetime]:
    """When the wall where the member then is reaches their hour, each date once."""
    found: list[datetime] = []
    seen: set[date] = set()
    end = BEGIN + DAYS * DAY
    for (start, zone, hour), (stop, *_) in pairwise([*journey, (end, "", 0)]):
        for at, wall in reached(start, min(stop, end), zone, hour):
            if wall not in seen and wall not in ABROAD[zone]:
                seen.add(wall)
                found.append(at)
    return found


def reached(
    start: datetime, stop: datetime, zone: str, hour: int
) -> Iterator[tuple[datetime, date]]:
    """The minutes in which a wall goes past the hour for the first time on its date."""
    there, at = ZoneInfo(zone), start.replace(second=0)
    latest = at.astimezone(there).replace(tzinfo=None)
    while at + MINUTE <= stop:
        at += MINUTE
        shown = at.astimezone(there).replace(tzinfo=None)
        target = datetime.combine(shown.date(), time(hour))
        if latest < target <= shown:
            yield at, shown.date()
        latest = max(latest, shown)


async def travel(office: Office, journey: list[Move]) -> list[datetime]:
    post = Recorder(office.clock)
    delivery = Delivery(office.app, {post.platform: post})
    office.clock.move_to(BEGIN - DAY)
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme in 1 hour call")  # overdue: each morning has something
    for at, zone, hour in journey:
        await delivery.pass_time(office.clock, at)
        values = {"zone": zone, "hours": "9-18", "days": "0123456", "digest": str(hour)}
        await office.fills("Ann", "settings", values)
    await delivery.pass_time(office.clock, BEGIN + DAYS * DAY)
    return [each.at for each in post.received if "Good morning" in each.text]


@pytest.mark.slow
@settings(max_examples=settings().max_examples // 12)
@given(journeys())
def test_whoever_travels_has_each_dates_digest_once_when_the_wall_there_reaches_their_hour(
    journey: list[Move],
) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as office:
        assert asyncio.run(travel(office, journey)) == digests_of(journey)


@pytest.mark.parametrize(
    ("zone", "change", "clocks"),
    [
        ("Europe/Berlin", utc(2026, 10, 25, 0), ("01:59", "02:00", "02:30", "03:00")),
        ("Europe/Berlin", utc(2027, 3, 28, 0), ("01:59", "02:00", "02:30", "03:00")),
        ("Australia/Lord_Howe", utc(2027, 4, 3, 14), ("01:15", "01:45", "02:10")),
        ("Africa/Cairo", utc(2027, 4, 29, 21), ("00:00", "00:59", "01:01")),
    ],
)
async def test_a_step_at_a_time_that_is_skipped_or_comes_twice_is_reminded_of_once(
    office: Office,
    post: Recorder,
    delivery: Delivery,
    zone: str,
    change: datetime,
    clocks: tuple[str, ...],
) -> None:
    day = (change + timedelta(hours=3)).astimezone(ZoneInfo(zone)).date()
    office.clock.move_to(change - DAY)
    values = {"zone": zone, "hours": "0-23", "days": "0123456", "digest": "12"}
    await office.fills("Ann", "settings", values)
    for name, clock in zip(("Acme", "Beta", "Gamma", "Delta"), clocks, strict=False):
        await office.says("Ann", f"lead {name}")
        await office.says("Ann", f"next {name} {day} {clock} call")
    await delivery.pass_time(office.clock, change + timedelta(hours=12))
    walls = [datetime.combine(day, time.fromisoformat(clock)) for clock in clocks]
    expected = sorted(walk_clock(zone, change).first(wall) for wall in walls)
    rings = [each for each in post.received if "Good morning" not in each.text]
    assert [each.at for each in rings for _ in range(each.text.count("call"))] == expected


async def test_in_china_the_digest_comes_on_made_up_saturdays_and_rests_over_the_festival(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    office.clock.move_to(datetime(2026, 2, 9, 10, tzinfo=shanghai))
    values = {"zone": "Asia/Shanghai", "hours": "9-18", "days": "01234", "digest": "8"}
    await office.fills("Ann", "settings", values)
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 18:00 call")
    await delivery.pass_time(office.clock, datetime(2026, 3, 1, 23, tzinfo=shanghai))
    digests = [each.at.astimezone(shanghai) for each in post.received if "morning" in each.text]
    worked = [day for day in china_works() if date(2026, 2, 10) <= day <= date(2026, 3, 1)]
    assert digests == [datetime.combine(day, time(8), shanghai) for day in worked]
    days_of_nudges = {
        each.at.astimezone(shanghai).date() for each in post.received if each.reply.about
    }
    assert days_of_nudges <= {date(2026, 2, 9), *worked}
    assert len(days_of_nudges) == 3
