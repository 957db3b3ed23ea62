"""When something will be: every phrase, the rules behind them, and where they stand in a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_when, remove_spans
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


def test_now_must_say_its_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_when("tomorrow", NOW.replace(tzinfo=None), ZONE)


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
