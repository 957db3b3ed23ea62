"""Turns what an expression states of a time into the one instant a person means by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from handlers.reading.moments.days import IsWorkday, find_days, is_weekday
from handlers.reading.moments.pieces import Clock, DayPart, TimeFields

Precision = Literal["minute", "part", "day", "week", "month"]

FARTHEST = timedelta(days=50 * 366)  # a later date is a slip of the finger
NOON, END_OF_DAY, MIDNIGHT = 12 * 60, 17 * 60, 24 * 60  # minutes of a day
_LEAST_OF_PART = 120  # minutes that must be left of a part of the day for it to mean today's
_PARTS: dict[DayPart, tuple[int, int]] = {  # its usual minute, and the minute it ends
    "dawn": (6 * 60, 8 * 60),
    "early": (8 * 60, 11 * 60),
    "morning": (9 * 60, NOON),
    "late morning": (11 * 60, NOON),
    "noon": (NOON, 13 * 60),
    "early afternoon": (13 * 60, 15 * 60),
    "afternoon": (14 * 60, 18 * 60),
    "late afternoon": (16 * 60, 18 * 60),
    "eod": (END_OF_DAY, 19 * 60),
    "dusk": (18 * 60, 20 * 60),
    "evening": (19 * 60, 23 * 60),
    "night": (20 * 60, MIDNIGHT),
}
_AFTER_NOON = ("early afternoon", "afternoon", "late afternoon", "eod", "dusk", "evening", "night")


@dataclass(frozen=True)
class WorkingHours:
    """When a member works."""

    start: int  # minutes of the day
    end: int
    zone: ZoneInfo
    is_workday: IsWorkday = is_weekday

    @classmethod
    def of(
        cls, start: time, end: time, zone: str, is_workday: IsWorkday = is_weekday
    ) -> WorkingHours:
        """Working hours from times of day and an IANA zone name."""
        begin, over = (clock.hour * 60 + clock.minute for clock in (start, end))
        return cls(begin, over, ZoneInfo(zone), is_workday)

    def is_likely(self, minute: int) -> bool:
        """Whether a call at this minute is likely: in working time, give or take an hour."""
        early, late = self.start - 60, self.end + 60
        if early <= late - 120:
            return early <= minute <= late
        return minute >= early or minute <= late


def resolve(
    fields: TimeFields, now: datetime, hours: WorkingHours
) -> tuple[datetime, Precision] | None:
    """The first instant after `now` that `fields` may mean, in UTC.

    One that is over where it can only mean that ("17.11.2026"); None for no day of the calendar.
    """
    try:
        at = (
            _add_minutes(fields.minutes, now)
            if fields.has("minutes")
            else _find_first(fields, now, hours)
        )
    except (OverflowError, ValueError):  # beyond the calendar, which ends with the year 9999
        return None
    if at is None or at - now > FARTHEST:
        return None
    return at, "minute" if fields.has("minutes") else _get_precision(fields)


def _add_minutes(minutes: int | None, now: datetime) -> datetime | None:
    at = now.astimezone(UTC) + timedelta(minutes=minutes or 0)
    return at.replace(second=0, microsecond=0) if minutes else None


def _get_precision(fields: TimeFields) -> Precision:
    if fields.clock is not None:
        return "minute"
    if fields.part is not None:
        return "part"
    if not fields.is_period:
        return "day"
    return "week" if fields.has("weeks") else "month"


def _find_first(fields: TimeFields, now: datetime, hours: WorkingHours) -> datetime | None:
    latest: datetime | None = None
    for at in _list_instants(fields, now.astimezone(hours.zone), hours):
        if at > now:
            return at
        latest = max(at, latest or at)
    return latest


def _list_instants(fields: TimeFields, local: datetime, hours: WorkingHours) -> Iterator[datetime]:
    days = list(find_days(fields, local.date(), hours.is_workday))
    for clock_choice in _list_clock_choices(fields, hours):
        for day in days:
            for minute in _list_minutes(fields, clock_choice, day, local, hours):
                yield to_utc(day, minute, hours.zone)


def _list_clock_choices(fields: TimeFields, hours: WorkingHours) -> list[list[int]]:
    """Minutes of the day by likelihood: each list is tried on every day before the next list."""
    clock = fields.clock
    if clock is None:
        return [[]]
    minute = clock.hour * 60 + clock.minute
    if clock.sure or clock.hour > 12 or clock.hour == 0:
        return [[minute]]
    if fields.part is not None:
        return [[_fit_to_part(clock, fields.part)]]
    both = sorted({minute % NOON, minute % NOON + NOON})
    likely = [choice for choice in both if hours.is_likely(choice)] or both
    return [likely, [choice for choice in both if choice not in likely]]


def _fit_to_part(clock: Clock, part: DayPart) -> int:
    hour = clock.hour % 12
    if part in ("evening", "night") and (hour < 5 or clock.hour == 12):
        hour += 24  # twelve at night, or two: the day's last night, not its first
    elif part in _AFTER_NOON or (part == "noon" and hour < 10):
        hour += 12
    elif part not in ("dawn", "early") and clock.hour == 12:
        hour = 12
    return hour * 60 + clock.minute


def _list_minutes(
    fields: TimeFields, clock: Sequence[int], day: date, local: datetime, hours: WorkingHours
) -> Iterator[int]:
    if fields.clock is not None:
        yield from clock
        return
    is_today = day == local.date()
    soon = (local.hour + 1) * 60
    if fields.part is not None:
        yield from _list_part_minutes(fields, soon if is_today else None, hours)
        return
    yield hours.start
    if is_today:
        yield from (min(END_OF_DAY, hours.end), hours.end, soon, MIDNIGHT - 1)


def _list_part_minutes(fields: TimeFields, soon: int | None, hours: WorkingHours) -> Iterator[int]:
    part = fields.part or "morning"
    usual, end = _PARTS[part]
    if part in ("early", "morning") and 5 * 60 <= hours.start < NOON:
        usual = hours.start
    if part == "eod":
        usual = min(END_OF_DAY, hours.end) if hours.end > NOON else END_OF_DAY
    yield usual
    if soon is None:
        return
    if soon < end and (fields.is_dated or end - soon >= _LEAST_OF_PART):
        yield soon
    if fields.is_dated:
        yield end - 1 if end == MIDNIGHT else end


def to_utc(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a day's local minute (0 to 47 h), in UTC.

    A time that the clocks skip becomes the next valid minute, one that comes twice the first.
    """
    naive = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = naive.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == naive:
        return first
    before = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _find_change(before, first, zone)


def _find_change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the zone's offset changes, to the second."""
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)
