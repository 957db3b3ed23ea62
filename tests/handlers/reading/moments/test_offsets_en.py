"""English times counted from now: in two days, a week from Friday, an hour ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_when
from handlers.reading.moments.offsets_en import OFFSET_RULES
from handlers.reading.moments.pieces import TimeFields, find_pieces
from tests.handlers.reading.moments.expressions import find_widest, read_widest

BERLIN = "Europe/Berlin"
# Hypothesis takes its bounds without a zone and gives the moments theirs.
EARLIEST = datetime(2024, 1, 1)  # noqa: DTZ001 - see above
LATEST = datetime(2035, 1, 1)  # noqa: DTZ001 - see above


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("in 2 days", TimeFields(days=2)),
        ("in half an hour", TimeFields(minutes=30)),
        ("in an hour and a half", TimeFields(minutes=90)),
        ("in 2 hours and 30 minutes", TimeFields(minutes=150)),
        ("within 20 min", TimeFields(minutes=20)),
        ("after a fortnight", TimeFields(days=14)),
        ("two weeks from now", TimeFields(days=14)),
        ("a couple of months later", TimeFields(ahead_months=2)),
        ("in 2 quarters", TimeFields(ahead_months=6)),
        ("in 3 working days", TimeFields(workdays=3)),
        ("in half a day", TimeFields(minutes=240)),
        ("in half a month", TimeFields(days=15)),
        ("in 1.5 weeks", TimeFields(days=10)),
        ("+2d", TimeFields(days=2)),
        ("a week from friday", TimeFields(shift=7)),
        ("3 hours ago", TimeFields(past=True)),
        ("two weeks back", TimeFields(past=True)),
    ],
)
def test_a_time_from_now_is_stated_in_its_unit(text: str, fields: TimeFields) -> None:
    assert read_widest(find_pieces(OFFSET_RULES, text)) == fields


def test_a_length_alone_is_a_time_from_now_only_where_nothing_else_is_said() -> None:
    piece = find_widest(find_pieces(OFFSET_RULES, "2 days"))
    assert piece is not None
    assert piece.place == "alone"


@pytest.mark.parametrize("text", ["in house", "in two minds", "$2 days", "some"])
def test_other_words_behind_in_are_no_time(text: str) -> None:
    assert find_widest(find_pieces(OFFSET_RULES, text)) is None


@given(days=st.integers(1, 400), now=st.datetimes(EARLIEST, LATEST))
def test_so_many_days_are_so_many_dates(days: int, now: datetime) -> None:
    zone = ZoneInfo(BERLIN)
    here = now.replace(tzinfo=zone)
    for text in (f"in {days} days", f"{days}天后"):
        when = read_when(text, here, BERLIN)
        assert when is not None
        assert when.at.astimezone(zone).date() == now.date() + timedelta(days=days)


@given(
    st.integers(1, 999),
    st.sampled_from(["minutes", "min", "mins"]),
    st.sampled_from(["in", "after"]),
)
def test_minutes_are_stated_as_they_are(count: int, unit: str, before: str) -> None:
    assert read_widest(find_pieces(OFFSET_RULES, f"{before} {count} {unit}")) == TimeFields(
        minutes=count
    )
