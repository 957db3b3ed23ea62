"""Working time: a member's days and hours in their own zone. Instants are aware UTC in and out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_GAP = 2 * 24 * 60  # minutes; an island that changes sides of the date line skips a day
LONGEST_SEARCH = 800  # days; no real calendar is without a working day for longer


class BrokenCalendar(ValueError):
    """Working hours that no day can hold."""


@dataclass(frozen=True)
class WorkCalendar:
    """The working hours of a person: `days` are weekdays (Monday 0), `holidays` are off.

    The day ends at `end`; hours that cross midnight are refused with BrokenCalendar.
    """

    zone: str
    start: time
    end: time
    days: frozenset[int]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BrokenCalendar("working hours end after they begin, on the same day")
        if not self.days or not self.days <= frozenset(range(7)):
            raise BrokenCalendar("working days are at least one of 0 to 6")

    def local(self, at: datetime) -> datetime:
        """The instant in the person's zone."""
        return at.astimezone(ZoneInfo(self.zone))

    def at_local(self, day: date, clock: time) -> datetime:
        """The instant of a local day and time of day.

        A time that the clock change skips becomes the first minute that exists; one that comes
        twice is its first.
        """
        zone = ZoneInfo(self.zone)
        wall = datetime.combine(day, clock)
        for _minute in range(LONGEST_GAP):
            instant = wall.replace(tzinfo=zone).astimezone(UTC)
            if instant.astimezone(zone).replace(tzinfo=None) == wall:
                return instant
            wall += timedelta(minutes=1)
        raise BrokenCalendar(f"no time of day exists on {day} in {self.zone}")

    def is_working_day(self, day: date) -> bool:
        """Whether the local day is one to work on."""
        return day.weekday() in self.days and day not in self.holidays

    def is_working(self, at: datetime) -> bool:
        """Whether the instant lies in working hours; the end of the day no longer does."""
        day = self.local(at).date()
        if not self.is_working_day(day):
            return False
        return self.at_local(day, self.start) <= at < self.at_local(day, self.end)

    def next_working(self, at: datetime) -> datetime:
        """The first working instant that is not before `at`."""
        if self.is_working(at):
            return at
        day = self.local(at).date()
        if self.is_working_day(day) and at < self.at_local(day, self.start):
            return self.at_local(day, self.start)
        return self.at_local(self._working_day_after(day), self.start)

    def add_working_days(self, at: datetime, count: int) -> datetime:
        """The same local time `count` working days later, moved into working hours."""
        begin = self.next_working(at)
        local = self.local(begin)
        day = local.date()
        for _ in range(count):
            day = self._working_day_after(day)
        return self.next_working(self.at_local(day, local.time().replace(tzinfo=None)))

    def working_days_between(self, begin: datetime, end: datetime) -> int:
        """Whole working days that have passed from `begin` to `end`; 0 when `end` is not later."""
        if end <= begin:
            return 0
        count = 0
        while count < LONGEST_SEARCH and self.add_working_days(begin, count + 1) <= end:
            count += 1
        return count

    def next_hour(self, at: datetime, hour: int) -> datetime:
        """The next local `hour` o'clock on a working day, later than `at`."""
        day = self.local(at).date()
        today = self.at_local(day, time(hour))
        if self.is_working_day(day) and today > at:
            return today
        return self.at_local(self._working_day_after(day), time(hour))

    def _working_day_after(self, day: date) -> date:
        for ahead in range(1, LONGEST_SEARCH):
            candidate = day + timedelta(days=ahead)
            if self.is_working_day(candidate):
                return candidate
        raise BrokenCalendar("no working day in sight")
