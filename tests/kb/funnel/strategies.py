"""Zones, working weeks and instants for the properties, most of them near a clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from kb.funnel.calendar import WorkCalendar

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2027, 12, 31, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LAST_MINUTE = 24 * 60 - 1
ZONES = (
    "UTC",
    "Africa/Cairo",  # midnight is skipped
    "Africa/Casablanca",  # twice a year around Ramadan
    "America/Havana",  # an hour around midnight comes twice
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",  # midnight is skipped, on the southern half
    "America/St_Johns",  # half an hour off the others
    "Antarctica/Troll",  # jumps two hours
    "Asia/Beirut",
    "Asia/Kathmandu",  # a quarter of an hour off the others
    "Asia/Shanghai",  # never changes
    "Australia/Lord_Howe",  # jumps half an hour
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Dublin",  # its summer is the standard
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",  # fourteen hours ahead
)

zones = st.sampled_from(ZONES)
instants = st.datetimes(
    BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC)
)


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The hours in which the zone's clocks change, as aware UTC."""
    days = (END - BEGIN).days
    found = []
    for number in range(days):
        day = BEGIN + timedelta(days=number)
        if offset(zone, day) == offset(zone, day + timedelta(days=1)):
            continue
        hours = (day + hour * HOUR for hour in range(24))
        found += [hour for hour in hours if offset(zone, hour) != offset(zone, hour + HOUR)]
    return tuple(found)


def offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """An instant, as often as not within days of a clock change of the zone."""
    near = changes(zone)
    if not near or draw(st.booleans()):
        return draw(instants)
    minutes = st.integers(-4 * 24 * 60, 4 * 24 * 60) | st.integers(-180, 180)
    return draw(st.sampled_from(near)) + draw(minutes) * MINUTE


@st.composite
def local_times(draw: st.DrawFn, zone: str) -> tuple[date, time]:
    """A day and a time of day, as often as not about one the clock change skips or repeats."""
    local = draw(moments(zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    about = local + draw(st.integers(-180, 180)) * MINUTE
    return about.date(), about.time().replace(fold=draw(st.integers(0, 1)))


weeks = st.integers(1, 127).map(lambda bits: frozenset(day for day in range(7) if bits & 1 << day))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A working week with any hours of the day, and some holidays."""
    begin = draw(st.integers(0, LAST_MINUTE - 1))
    end = draw(st.integers(begin + 1, LAST_MINUTE))
    holidays = frozenset(draw(st.lists(st.dates(BEGIN.date(), END.date()), max_size=3)))
    return WorkCalendar(draw(zones), clock(begin), clock(end), draw(weeks), holidays)


def clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
