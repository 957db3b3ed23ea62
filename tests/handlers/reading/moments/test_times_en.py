"""English words for times of day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.moments.pieces import Clock, TimeFields, find_pieces
from handlers.reading.moments.times_en import TIME_RULES
from tests.handlers.reading.moments.expressions import find_widest, read_widest


def state_clock(hour: int, minute: int = 0, *, sure: bool = False) -> TimeFields:
    return TimeFields(clock=Clock(hour, minute, sure=sure))


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("3pm", state_clock(15, sure=True)),
        ("at 3.15 p.m.", state_clock(15, 15, sure=True)),
        ("12am", state_clock(0, sure=True)),
        ("12 pm", state_clock(12, sure=True)),
        ("at 9", state_clock(9)),
        ("9 o'clock", state_clock(9)),
        ("15h30", state_clock(15, 30)),
        ("half past 3", state_clock(3, 30)),
        ("quarter to five", state_clock(4, 45)),
        ("ten to one", state_clock(12, 50)),
        ("20 past 7pm", state_clock(19, 20, sure=True)),
        ("noon", state_clock(12, sure=True)),
        ("midnight", state_clock(24, sure=True)),
    ],
)
def test_english_words_state_a_time_on_the_clock(text: str, fields: TimeFields) -> None:
    assert read_widest(find_pieces(TIME_RULES, text)) == fields


@pytest.mark.parametrize(
    ("text", "hour"),
    [("3-5pm", 15), ("11-1pm", 11), ("from 3 to 5pm", 15), ("between 9am and 11am", 9)],
)
def test_a_span_of_hours_begins_at_its_first(text: str, hour: int) -> None:
    assert read_widest(find_pieces(TIME_RULES, text)) == state_clock(hour, sure=True)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("in the morning", TimeFields(part="morning")),
        ("early morning", TimeFields(part="early")),
        ("late afternoon", TimeFields(part="late afternoon")),
        ("this evening", TimeFields(days=0, part="evening")),
        ("tonight", TimeFields(days=0, part="night")),
        ("before lunch", TimeFields(part="late morning")),
        ("after lunch", TimeFields(part="afternoon")),
        ("first thing", TimeFields(part="early")),
        ("by eod", TimeFields(part="eod")),
        ("close of business", TimeFields(part="eod")),
    ],
)
def test_english_words_state_a_part_of_the_day(text: str, fields: TimeFields) -> None:
    assert read_widest(find_pieces(TIME_RULES, text)) == fields


@pytest.mark.parametrize("text", ["at 25", "at 9:75", "at 0am"])
def test_no_clock_shows_such_a_time(text: str) -> None:
    piece = find_widest(find_pieces(TIME_RULES, text))
    assert piece is None or piece.fields.impossible


@pytest.mark.parametrize(
    "text",
    [
        "at 9 seats",
        "at 12%",
        "at 5 euros",
        "at 12k",
        "at 3.5",
        "goodnight",
        "3pma",
        "at 10 million",
    ],
)
def test_prices_shares_and_counts_are_no_times(text: str) -> None:
    assert find_widest(find_pieces(TIME_RULES, text)) is None


@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["am", "pm"]))
def test_am_and_pm_make_a_time_sure(hour: int, minute: int, half: str) -> None:
    on_24 = hour % 12 + (12 if half == "pm" else 0)
    for text in (f"{hour}:{minute:02}{half}", f"at {hour}.{minute:02} {half}"):
        assert read_widest(find_pieces(TIME_RULES, text)) == state_clock(on_24, minute, sure=True)
