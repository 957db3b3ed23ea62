"""Dates and times in digits, in the orders in which countries write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_when
from handlers.reading.moments.dates_digits import find_digit_pieces
from handlers.reading.moments.pieces import Clock, TimeFields
from tests.handlers.reading.moments.expressions import find_widest, read_widest
from tests.handlers.reading.phrases import NOW, ZONE, local, read


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("2026-12-03", TimeFields(year=2026, month=12, day=3)),
        ("2026/12/3", TimeFields(year=2026, month=12, day=3)),
        ("3.12.2026", TimeFields(year=2026, month=12, day=3)),
        ("12/3/26", TimeFields(year=2026, month=12, day=3)),
        ("12/3", TimeFields(month=12, day=3)),
        ("25/12", TimeFields(month=12, day=25)),
        ("12-3", TimeFields(month=12, day=3)),
        ("14:00", TimeFields(clock=Clock(14))),
        ("09:30", TimeFields(clock=Clock(9, 30, sure=True))),
        ("9:00-10:30", TimeFields(clock=Clock(9))),
        ("2026-13-45", TimeFields(impossible=True)),
        ("25:00", TimeFields(impossible=True)),
    ],
)
def test_digits_state_a_date_or_a_time(text: str, fields: TimeFields) -> None:
    assert read_widest(find_digit_pieces(text, day_first=False)) == fields


@pytest.mark.parametrize(
    "text",
    ["24/7", "31/31", "1.2.26", "10-11-12", "12/3 seats", "10/10 of them", "€12.30", "v1.2.3"],
)
def test_versions_lists_and_shares_are_no_dates(text: str) -> None:
    assert find_widest(find_digit_pieces(text, day_first=False)) is None


def test_a_date_in_digits_may_stand_anywhere_but_a_bare_pair_only_alone() -> None:
    assert read_widest(find_digit_pieces("demo 12/3 ok", day_first=False)) is not None
    assert read_widest(find_digit_pieces("demo 12-3 ok", day_first=False)) is None


def test_the_team_decides_whether_the_day_or_the_month_is_first() -> None:
    march = read_when("12/3", NOW, ZONE, day_first=True)
    assert local(march) == "2027-03-12 09:00"
    assert local(read("12/3")) == "2026-12-03 09:00"
    assert local(read("25/12")) == "2026-12-25 09:00"


@given(day=st.dates(date(2026, 11, 19), date(2030, 12, 31)), hour=st.integers(0, 23))
def test_an_iso_date_is_read_as_itself(day: date, hour: int) -> None:
    assert local(read(f"{day.isoformat()} {hour:02}:15")) == f"{day.isoformat()} {hour:02}:15"


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), clock=st.times())
def test_every_order_of_a_full_date_means_the_same_day(day: date, clock: time) -> None:
    stated = TimeFields(year=day.year, month=day.month, day=day.day)
    for form, day_first in (
        ("%Y-%m-%d", False),
        ("%d.%m.%Y", False),
        ("%m/%d/%Y", False),
        ("%d/%m/%y", True),
    ):
        assert read_widest(find_digit_pieces(f"{day:{form}}", day_first)) == stated
    hour = read_widest(find_digit_pieces(f"{clock:%H:%M}", day_first=False))
    assert hour == TimeFields(clock=Clock(clock.hour, clock.minute, sure=clock.hour < 10))


@pytest.mark.parametrize("text", ["15:00: send it", "15:00 - send it", "15:00. Send it", "15:00"])
def test_a_clock_may_have_a_mark_behind_it(text: str) -> None:
    piece = find_widest(find_digit_pieces(text, day_first=True))
    assert piece is not None
    assert piece.fields.clock == Clock(15, 0)


@pytest.mark.parametrize("text", ["15:00:3", "3:15%", "1:10.5"])
def test_what_goes_on_in_digits_is_no_clock(text: str) -> None:
    assert find_widest(find_digit_pieces(text, day_first=True)) is None
