"""Moments of steps: read from a line in the member's time, or offered as buttons."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from handlers.contract.desk import Desk
from handlers.reading import When, clean_text, read_when, remove_spans

STEP_CHARACTERS = 300
MORNING, EVENING = time(9), time(17)
# Marks in front of what is to be done, but for a minus: -5 % discount.
_LOOSE_BEGINNING = re.compile(r"\A(?:[ ,，:：;；。.]|[-–—](?!\d))+")
MINUTE = "%Y%m%d%H%M"


def read_minute(written: str) -> datetime | None:
    """The instant written in a button as MINUTE; None where it is not one."""
    try:
        return datetime.strptime(written, MINUTE).replace(tzinfo=UTC)
    except ValueError:
        return None


def write_minute(at: datetime) -> str:
    """An instant as `read_minute` reads it in a button: its minute in UTC."""
    return at.astimezone(UTC).strftime(MINUTE)


def read_moment(said: str, desk: Desk) -> When | None:
    """The moment a line names, by the member's time zone, working hours and working days."""
    calendar = desk.calendar
    is_workday = calendar.is_working_day
    return read_when(said, desk.now, desk.zone, calendar.start, calendar.end, is_workday=is_workday)


def cut_moment(said: str, when: When) -> str:
    """The line without the words that name the moment, wherever they stand."""
    left = remove_spans(said, when.spans).rstrip(" ,，:：;；-–—。.")
    return clean_text(_LOOSE_BEGINNING.sub("", left), STEP_CHARACTERS)


def get_quick_moments(desk: Desk) -> dict[str, datetime]:
    """The moments offered as taps: today 17:00, tomorrow 9:00, in three days 9:00.

    What would fall on a day off becomes the morning of the next working day.
    """
    today: date = desk.calendar.local(desk.now).date()
    return {
        "today": desk.calendar.at_local(today, EVENING),
        "tomorrow": _get_morning(desk, today + timedelta(days=1)),
        "days3": _get_morning(desk, today + timedelta(days=3)),
    }


def _get_morning(desk: Desk, day: date) -> datetime:
    calendar = desk.calendar
    at = calendar.at_local(day, MORNING)
    if calendar.hours_on(day) is not None:
        return at
    working = calendar.local(calendar.next_working(at)).date()
    return calendar.at_local(working, MORNING)
