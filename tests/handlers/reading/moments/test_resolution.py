"""The one instant that a person means by an expression."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_when
from handlers.reading.moments.pieces import Clock, DayPart, TimeFields
from handlers.reading.moments.resolution import FARTHEST, WorkingHours, resolve, to_utc
from tests.handlers.reading.phrases import NOW, ZONE, local, read
from tests.kb.funnel.strategies import ZONES, instants, moments

BERLIN = "Europe/Berlin"
OFFICE = WorkingHours.of(time(9), time(18), ZONE)
NIGHT_SHIFT = WorkingHours.of(time(22), time(6), ZONE)


def show(fields: TimeFields, hours: WorkingHours = OFFICE, now: datetime = NOW) -> str:
    """The instant meant, in the hours' zone; "" for none."""
    found = resolve(fields, now, hours)
    return f"{found[0].astimezone(hours.zone):%m-%d %H:%M}" if found else ""


def test_working_hours_tell_morning_from_afternoon() -> None:
    early = read_when("tomorrow at 6", NOW, ZONE, time(6), time(14))
    assert local(early) == "2026-11-19 06:00"
    assert local(read("tomorrow at 6")) == "2026-11-19 18:00"
    assert local(read_when("tomorrow", NOW, ZONE, time(7, 30), time(16))) == "2026-11-19 07:30"


@pytest.mark.parametrize(
    ("text", "now", "moment"),
    [
        ("on 29 March at 02:30", datetime(2026, 3, 20, 9, tzinfo=UTC), "2026-03-29T01:00+00:00"),
        ("on 25 October at 02:30", datetime(2026, 10, 20, 9, tzinfo=UTC), "2026-10-25T00:30+00:00"),
    ],
    ids=["a skipped hour becomes the next valid minute", "a repeated hour is the first"],
)
def test_clocks_that_change(text: str, now: datetime, moment: str) -> None:
    when = read_when(text, now, BERLIN)
    assert when is not None
    assert when.at.isoformat(timespec="minutes") == moment


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        (TimeFields(days=1), "11-19 09:00"),
        (TimeFields(days=0), "11-18 17:00"),
        (TimeFields(minutes=90), "11-18 11:30"),
        (TimeFields(clock=Clock(9)), "11-19 09:00"),
        (TimeFields(days=0, clock=Clock(9)), "11-18 21:00"),
        (TimeFields(clock=Clock(3), part="afternoon"), "11-18 15:00"),
        (TimeFields(days=1, clock=Clock(12), part="night"), "11-20 00:00"),
        (TimeFields(days=1, clock=Clock(2), part="dawn"), "11-19 02:00"),
        (TimeFields(clock=Clock(24, sure=True)), "11-19 00:00"),
        (TimeFields(part="morning"), "11-19 09:00"),
        (TimeFields(days=0, part="morning"), "11-18 11:00"),
        (TimeFields(part="eod"), "11-18 17:00"),
    ],
)
def test_an_expression_means_the_next_moment_of_its_kind(fields: TimeFields, moment: str) -> None:
    assert show(fields) == moment


@pytest.mark.parametrize(
    ("fields", "precision"),
    [
        (TimeFields(clock=Clock(9)), "minute"),
        (TimeFields(minutes=5), "minute"),
        (TimeFields(part="noon"), "part"),
        (TimeFields(weekday=4), "day"),
        (TimeFields(weeks=1), "week"),
        (TimeFields(quarter=3), "month"),
    ],
)
def test_precision_is_that_of_what_was_stated(fields: TimeFields, precision: str) -> None:
    found = resolve(fields, NOW, OFFICE)
    assert found is not None
    assert found[1] == precision


def test_whoever_works_at_night_means_the_night() -> None:
    assert show(TimeFields(days=1, clock=Clock(2)), NIGHT_SHIFT) == "11-19 02:00"
    assert show(TimeFields(days=1, clock=Clock(2))) == "11-19 14:00"


@pytest.mark.parametrize(
    "fields",
    [
        TimeFields(minutes=0),
        TimeFields(days=9**9),
        TimeFields(month=2, day=30),
        TimeFields(years=60),
    ],
)
def test_no_moment_and_one_too_far_away_are_none(fields: TimeFields) -> None:
    assert resolve(fields, NOW, OFFICE) is None


def test_a_date_with_its_year_that_is_over_is_given_as_it_is() -> None:
    assert show(TimeFields(year=2026, month=11, day=17)) == "11-17 09:00"


PARTS: tuple[DayPart, ...] = ("dawn", "morning", "noon", "afternoon", "eod", "evening", "night")


@given(
    now=instants,
    zone=st.sampled_from(["UTC", BERLIN, ZONE, "America/New_York"]),
    fields=st.one_of(
        st.builds(TimeFields, part=st.sampled_from(PARTS)),
        st.builds(lambda hour: TimeFields(clock=Clock(hour)), st.integers(0, 23)),
        st.builds(TimeFields, weekday=st.integers(0, 6)),
        st.builds(TimeFields, day=st.integers(1, 31)),
        st.builds(TimeFields, weeks=st.integers(1, 9)),
    ),
)
def test_what_names_no_year_always_lies_ahead(now: datetime, zone: str, fields: TimeFields) -> None:
    found = resolve(fields, now, WorkingHours.of(time(9), time(18), zone))
    assert found is not None
    assert now < found[0] <= now + FARTHEST
    assert found[0].tzinfo is UTC


@given(data=st.data(), zone=st.sampled_from(ZONES), minute=st.integers(0, 24 * 60 - 1))
def test_a_local_minute_becomes_the_instant_at_which_the_wall_shows_it_or_has_passed_it(
    data: st.DataObject, zone: str, minute: int
) -> None:
    day: date = data.draw(moments(zone)).astimezone(ZoneInfo(zone)).date()
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    shown = to_utc(day, minute, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert wall <= shown <= wall + timedelta(hours=3)
