"""What the clocks on the walls of a zone really show, minute by minute, read back from zoneinfo.

Another way to the same answers as `kb/funnel/calendar.py`: nothing here turns a local time into
an instant. It walks along UTC and looks when a wall first shows a time, or has gone past it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from tests.kb.funnel.strategies import MINUTE, changes

DAY = timedelta(days=1)
YEAR = 2026
# Each changes both ways in 2026.
CHANGING = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",
)


@dataclass(frozen=True)
class Walk:
    """The minutes of a stretch of time, and what the wall showed in each (naive local)."""

    instants: tuple[datetime, ...]
    shown: tuple[datetime, ...]
    latest: tuple[datetime, ...]  # the latest that it had shown until then
    often: Counter[datetime]

    def first(self, wall: datetime) -> datetime:
        """When the wall first showed this time of day, or, where it never did, had passed it."""
        assert self.shown[0] <= wall <= self.latest[-1]
        return self.instants[bisect_left(self.latest, wall)]

    def times(self, wall: datetime) -> int:
        """How often the wall showed it: 0 for what was skipped, 2 for what came twice."""
        return self.often[wall]


@cache
def walk_clock(zone: str, change: datetime) -> Walk:
    """Six days about a change of the clocks."""
    begin, there = change - 3 * DAY, ZoneInfo(zone)
    instants = tuple(begin + minute * MINUTE for minute in range(6 * 24 * 60))
    shown = tuple(at.astimezone(there).replace(tzinfo=None) for at in instants)
    return Walk(instants, shown, tuple(accumulate(shown, max)), Counter(shown))


def list_changes(zone: str) -> tuple[datetime, ...]:
    """The hours of the year in which its clocks change, aware UTC."""
    return tuple(change for change in changes(zone) if change.year == YEAR)


def find_changed_day(zone: str, change: datetime) -> date:
    """The local day whose small hours the change is nearest to."""
    return (change.astimezone(ZoneInfo(zone)) + timedelta(hours=3)).date()


def list_minutes_to_check(zone: str, change: datetime) -> list[time]:
    """Two to four in the morning, and two and a half hours about where this zone's change is."""
    local = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    near = ((local + minute * MINUTE).time() for minute in range(-75, 150))
    night = (time(hour, minute) for hour in (2, 3) for minute in range(60))
    return sorted({*night, *near})
