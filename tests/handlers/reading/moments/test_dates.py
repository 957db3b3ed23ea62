"""When something will be: every phrase, the rules behind them, and where they stand in a line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_when, remove_spans
from kb.funnel.calendar import WorkCalendar
from tests.handlers.reading.phrases import NOW, ZONE, is_accepted, local, phrases, read

BERLIN = "Europe/Berlin"
# Hypothesis takes its bounds without a zone and gives the moments theirs.
EARLIEST = datetime(2024, 1, 1)  # noqa: DTZ001 - see above
LATEST = datetime(2035, 1, 1)  # noqa: DTZ001 - see above


@pytest.mark.parametrize("row", phrases("dates"), ids=lambda row: str(row["phrase"]))
def test_a_phrase_is_read_as_people_mean_it(row: dict[str, Any]) -> None:
    when = read(row["phrase"])
    accept = ["..".join(f"2026-{day}" for day in each.split("..")) for each in row["accept"]]
    assert is_accepted(when, accept), local(when)
    assert when is not None
    assert when.text == row["phrase"]


@pytest.mark.parametrize("row", phrases("more_dates"), ids=lambda row: str(row["text"]))
def test_more_phrases_of_the_same_kinds_are_read_too(row: dict[str, Any]) -> None:
    when = read(row["text"])
    assert is_accepted(when, row["accept"]), local(when)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("call Acme tomorrow at 3pm about the 12k offer", "call Acme about the 12k offer"),
        ("tomorrow call Acme at 3pm", "call Acme"),
        ("明天给华为打电话下午3点", "给华为打电话"),
        ("明天下午3点 给华为打电话", "给华为打电话"),
        ("send the offer by Friday", "send the offer"),
        ("follow up in 2 days with the quote", "follow up with the quote"),
        ("周五之前发报价", "发报价"),
        ("Friday (3pm) demo", "demo"),
    ],
)
def test_what_said_when_can_be_cut_out_of_the_line(line: str, rest: str) -> None:
    when = read(line)
    assert when is not None
    assert remove_spans(line, when.spans) == rest


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("tomorrow 3pm", "minute"),
        ("in 3 hours", "minute"),
        ("tomorrow morning", "part"),
        ("下班前", "part"),
        ("tomorrow", "day"),
        ("end of month", "day"),
        ("next week", "week"),
        ("下个月", "month"),
    ],
)
def test_precision_says_how_exact_the_words_were(text: str, precision: str) -> None:
    when = read(text)
    assert when is not None
    assert when.precision == precision


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("at 9", "2026-11-19 09:00"),
        ("today at 9", "2026-11-18 21:00"),
        ("Wednesday", "2026-11-25 09:00"),
        ("Wednesday 3pm", "2026-11-18 15:00"),
        ("Wednesday 9am", "2026-11-25 09:00"),
        ("on the 18th", "2026-12-18 09:00"),
        ("18号下午3点", "2026-11-18 15:00"),
        ("11/17", "2027-11-17 09:00"),
    ],
)
def test_what_is_past_rolls_forward_to_the_next_time(text: str, moment: str) -> None:
    assert local(read(text)) == moment


def test_a_past_date_with_its_year_is_told_as_past() -> None:
    assert local(read("17.11.2026")) == "2026-11-17 09:00"
    assert local(read("sent on 17.11.2026, call tomorrow")) == "2026-11-19 09:00"


@pytest.mark.parametrize(
    "text", ["yesterday 3pm", "2 days ago", "last Friday", "昨天下午3点", "三天前"]
)
def test_what_has_been_is_no_appointment(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "31 Feb",
        "29.2.2027",
        "2026-13-45",
        "2月30日",
        "1 January 10000",
        "10000-01-01",
        "tomorrow 25:00",
        "call on 31 Feb at 3pm",
        "Friday Dec 3",
        "in 9999 weeks",
        "in 9999 years",
    ],
)
def test_impossible_dates_are_no_date_and_no_error(text: str) -> None:
    assert read(text) is None


def test_the_team_decides_whether_the_day_or_the_month_is_first() -> None:
    march = read_when("12/3", NOW, ZONE, day_first=True)
    assert local(march) == "2027-03-12 09:00"
    assert local(read("12/3")) == "2026-12-03 09:00"
    assert local(read("25/12")) == "2026-12-25 09:00"


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


def test_now_must_say_its_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_when("tomorrow", NOW.replace(tzinfo=None), ZONE)


@given(day=st.dates(date(2026, 11, 19), date(2030, 12, 31)), hour=st.integers(0, 23))
def test_an_iso_date_is_read_as_itself(day: date, hour: int) -> None:
    assert local(read(f"{day.isoformat()} {hour:02}:15")) == f"{day.isoformat()} {hour:02}:15"


@given(
    now=st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    zone=st.sampled_from(["UTC", BERLIN, ZONE, "America/New_York", "Australia/Lord_Howe"]),
    text=st.sampled_from(
        [
            "at 9",
            "Friday",
            "tomorrow",
            "25号",
            "下周三上午",
            "3pm",
            "next month",
            "月底",
            "today",
            "on the 31st",
            "end of the week",
            "this weekend",
            "in 20 minutes",
            "12月3日",
            "EOD",
        ]
    ),
)
def test_relative_words_always_mean_a_moment_ahead(now: datetime, zone: str, text: str) -> None:
    when = read_when(text, now, zone)
    assert when is not None
    assert now < when.at <= now + timedelta(days=370) or text == "EOD"
    assert when.at.tzinfo is UTC


@given(days=st.integers(1, 400), now=st.datetimes(EARLIEST, LATEST))
def test_so_many_days_are_so_many_dates(days: int, now: datetime) -> None:
    zone = ZoneInfo(BERLIN)
    here = now.replace(tzinfo=zone)
    for text in (f"in {days} days", f"{days}天后"):
        when = read_when(text, here, BERLIN)
        assert when is not None
        assert when.at.astimezone(zone).date() == now.date() + timedelta(days=days)


SUNDAYS_TO_THURSDAYS = WorkCalendar(ZONE, time(9), time(18), frozenset({6, 0, 1, 2, 3}))
AWAY = WorkCalendar(
    ZONE,
    time(9),
    time(18),
    frozenset(range(5)),
    holidays=frozenset({date(2026, 11, 19)}),
    away_from=date(2026, 11, 23),
    away_until=date(2026, 11, 25),
)
NOTHING_ON_A_WEEKDAY = WorkCalendar(ZONE, time(9), time(18), frozenset({5}))


@pytest.mark.parametrize(
    ("text", "calendar", "expected"),
    [
        ("in 3 working days", SUNDAYS_TO_THURSDAYS, "2026-11-23"),
        ("3个工作日后", SUNDAYS_TO_THURSDAYS, "2026-11-23"),
        ("in 3 working days", AWAY, "2026-11-27"),
        ("in 1 working day", NOTHING_ON_A_WEEKDAY, "2026-11-21"),
        ("in 255 working days", AWAY, "2027-11-16"),
    ],
)
def test_working_days_are_the_days_on_which_the_member_works(
    text: str, calendar: WorkCalendar, expected: str
) -> None:
    when = read_when(text, NOW, ZONE, is_workday=calendar.is_working_day)
    assert local(when) == f"{expected} 09:00"


def test_whoever_never_works_has_no_third_working_day() -> None:
    assert read_when("in 3 working days", NOW, ZONE, is_workday=lambda _day: False) is None
