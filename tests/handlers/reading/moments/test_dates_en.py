"""English words for days, weeks and months."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.moments.dates_en import find_english_pieces, read_month
from handlers.reading.moments.pieces import TimeFields
from tests.handlers.reading.moments.expressions import find_widest, read_widest


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("today", TimeFields(days=0)),
        ("tmrw", TimeFields(days=1)),
        ("the day after tomorrow", TimeFields(days=2)),
        ("friday", TimeFields(weekday=4)),
        ("this friday", TimeFields(weekday=4, today_too=True)),
        ("next fri", TimeFields(weekday=4, weeks=1)),
        ("friday after next", TimeFields(weekday=4, weeks=2)),
        ("by the weekend", TimeFields(weekend=True)),
        ("next month", TimeFields(months=1)),
        ("the week after next", TimeFields(weeks=2)),
        ("end of next quarter", TimeFields(quarters=1, edge="end")),
        ("eoq", TimeFields(quarters=0, edge="end")),
        ("end of month", TimeFields(edge="end")),
        ("mid march", TimeFields(month=3, edge="mid")),
        ("year end", TimeFields(years=0, edge="end")),
        ("by q3", TimeFields(quarter=3)),
        ("dec 3rd", TimeFields(month=12, day=3)),
        ("the third of december", TimeFields(month=12, day=3)),
        ("3 december 2027", TimeFields(year=2027, month=12, day=3)),
        ("march 2027", TimeFields(year=2027, month=3)),
        ("on the 25th", TimeFields(day=25)),
        ("the first monday of next month", TimeFields(nth=1, weekday=0, months=1)),
        ("last friday in december", TimeFields(nth=-1, weekday=4, month=12)),
    ],
)
def test_english_words_state_a_day_a_week_or_a_month(text: str, fields: TimeFields) -> None:
    assert read_widest(find_english_pieces(text)) == fields


@pytest.mark.parametrize("text", ["yesterday", "last friday", "last month", "last night"])
def test_what_has_been_is_stated_as_past(text: str) -> None:
    assert read_widest(find_english_pieces(text)) == TimeFields(past=True)


def test_no_month_has_a_32nd() -> None:
    assert read_widest(find_english_pieces("dec 32nd")) == TimeFields(impossible=True)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sat", "whole"),
        ("on sat", "anywhere"),
        ("may", "whole"),
        ("in may", "anywhere"),
        ("25th", "whole"),
    ],
)
def test_words_of_many_sentences_need_a_small_word_before_them(text: str, place: str) -> None:
    piece = find_widest(find_english_pieces(text))
    assert piece is not None
    assert piece.place == place


@pytest.mark.parametrize(
    "text",
    ["monthly", "black friday", "good friday", "marching", "decide", "sunny"],
)
def test_longer_words_and_names_of_days_state_nothing(text: str) -> None:
    assert find_widest(find_english_pieces(text)) is None


@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_is_known_by_its_name_and_its_first_letters(number: int) -> None:
    name = date(2026, number, 1).strftime("%B").lower()
    assert read_month(name) == read_month(name[:3]) == number


@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)))
def test_a_date_written_out_is_that_date(day: date) -> None:
    stated = TimeFields(year=day.year, month=day.month, day=day.day)
    name = calendar.month_name[day.month].lower()
    for text in (f"{day.day} {name} {day.year}", f"{name} {day.day}, {day.year}"):
        assert read_widest(find_english_pieces(text)) == stated
