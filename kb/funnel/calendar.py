"""A person's working days and hours in their own time zone; instants are aware UTC in and out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from kb.funnel.holidays import is_holiday, is_makeup_workday

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LONGEST_GAP = 2 * 24 * 60  # minutes; an island that changes sides of the date line skips a day
LONGEST_COUNT = 3 * 365 * DAY
LONGEST_SEARCH = 800  # days; no real calendar is without a working day for longer


class BrokenCalendar(ValueError):
    """Working hours that nobody can keep."""


@dataclass(frozen=True)
class WorkCalendar:
    """The working hours of a person.

    Hours that cross midnight, an unknown zone and a week without a working day are refused with
    BrokenCalendar.
    """

    zone: str  # IANA name
    start: time  # local
    end: time  # local; the day is over then
    days: frozenset[int]  # working weekdays, Monday 0
    holidays: frozenset[date] = frozenset()  # the person's own days off
    country: str = ""  # ISO 3166 alpha-2, whose public holidays and make-up workdays count
    away_from: date | None = None  # first day away
    away_until: date | None = None  # last day away

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BrokenCalendar("working hours end after they begin, on the same day")
        if not self.days or not self.days <= frozenset(range(7)):
            raise BrokenCalendar("working days are at least one of 0 to 6")
        _load_zone(self.zone)

    def local(self, at: datetime) -> datetime:
        """The instant in the person's zone; ValueError for one that is not aware."""
        if at.tzinfo is None:
            raise ValueError("an instant is an aware datetime")
        return at.astimezone(_load_zone(self.zone))

    def at_local(self, day: date, clock: time) -> datetime:
        """The instant of a local day and time of day.

        A time that the clock change skips becomes the first minute that exists; one that comes
        twice is its first.
        """
        wall = datetime.combine(day, clock.replace(fold=0))
        instant = self._find_instant(wall)
        if instant is not None:
            return instant
        minute = wall.replace(second=0, microsecond=0)
        for ahead in range(1, LONGEST_GAP):
            instant = self._find_instant(minute + ahead * MINUTE)
            if instant is not None:
                return instant
        raise BrokenCalendar(f"no time of day exists on {day} in {self.zone}")

    def find_day_bounds(self, at: datetime) -> tuple[datetime, datetime]:
        """The instants at which the local day of `at` begins and ends."""
        day = self.local(at).date()
        return self.at_local(day, time()), self.at_local(day + DAY, time())

    def is_working_day(self, day: date) -> bool:
        """Whether the local day is one to work on."""
        if day in self.holidays or self.is_away(day):
            return False
        if is_makeup_workday(self.country, day):
            return True
        return day.weekday() in self.days and not is_holiday(self.country, day)

    def is_away(self, day: date) -> bool:
        """Whether the person is away on the local day."""
        if self.away_from is None or self.away_until is None:
            return False
        return self.away_from <= day <= self.away_until

    def hours_on(self, day: date) -> tuple[datetime, datetime] | None:
        """When work begins and ends on a local day; None where there is none.

        None also for hours that the clock change swallows whole.
        """
        return _find_hours(self, day)

    def is_working(self, at: datetime) -> bool:
        """Whether the instant lies in working hours; the end of the day no longer does."""
        hours = self.hours_on(self.local(at).date())
        return hours is not None and hours[0] <= at < hours[1]

    def next_working(self, at: datetime) -> datetime:
        """The first working instant that is not before `at`."""
        for begin, end in self._list_hours(self.local(at).date()):
            if at < end:
                return max(at.astimezone(UTC), begin)
        raise BrokenCalendar(f"no working day in {LONGEST_SEARCH} days")

    def add_working_days(self, at: datetime, count: int) -> datetime:
        """The same local time `count` working days later, inside working hours.

        What lies outside working hours counts from the next working instant: Saturday plus one
        working day is Tuesday's beginning. ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("working days are counted forward")
        begin = self.next_working(at)
        local = self.local(begin)
        if count == 0:
            return begin
        day = next(islice(self._list_working_days(local.date()), count - 1, None))
        return self.next_working(self.at_local(day, local.time()))

    def working_days_between(self, begin: datetime, end: datetime) -> int:
        """Whole working days that have passed from `begin` to `end`; 0 when `end` is not later.

        Those of three years are as good as more: `end` may be mistyped by centuries.
        """
        first = self.next_working(begin)
        if end <= first:
            return 0
        end = min(end, first + LONGEST_COUNT)
        last = self.local(end).date()
        days = self._list_working_days(self.local(first).date())
        count = sum(1 for _ in takewhile(lambda day: day <= last, days))
        return count if self.add_working_days(first, count) <= end else count - 1

    def next_hour(self, at: datetime, hour: int) -> datetime:
        """The next local `hour` o'clock on a working day, later than `at`."""
        day = self.local(at).date()
        today = self.at_local(day, time(hour))
        if today > at and self.hours_on(day) is not None:
            return today
        return self.at_local(next(self._list_working_days(day)), time(hour))

    def _find_instant(self, wall: datetime) -> datetime | None:
        """The first instant of a naive local time; None where the clock change skips it."""
        zone = _load_zone(self.zone)
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None

    def _list_hours(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for ahead in range(LONGEST_SEARCH):
            hours = self.hours_on(day + ahead * DAY)
            if hours is not None:
                yield hours

    def _list_working_days(self, day: date) -> Iterator[date]:
        """Every working day after this one, without end; BrokenCalendar where there is no more."""
        idle = 0
        while idle < LONGEST_SEARCH:
            day += DAY
            idle += 1
            if self.hours_on(day) is not None:
                idle = 0
                yield day
        raise BrokenCalendar(f"no working day in {LONGEST_SEARCH} days")


@lru_cache(maxsize=8192)
def _find_hours(calendar: WorkCalendar, day: date) -> tuple[datetime, datetime] | None:
    """The hours on a day, cached: a list of deals asks for the same few days again and again."""
    if not calendar.is_working_day(day):
        return None
    begin = calendar.at_local(day, calendar.start)
    end = calendar.at_local(day, calendar.end)
    return (begin, end) if begin < end else None


@cache
def _load_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, read once; BrokenCalendar for a name that is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BrokenCalendar(f"there is no time zone {name[:64]!r}") from error
