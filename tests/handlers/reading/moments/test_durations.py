"""How long something takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3d4h", timedelta(days=3, hours=4)),
        ("2h30m", timedelta(hours=2, minutes=30)),
        ("90m", timedelta(minutes=90)),
        ("1w", timedelta(weeks=1)),
        ("1 day, 2 hours and 3 minutes", timedelta(days=1, hours=2, minutes=3)),
        ("half an hour", timedelta(minutes=30)),
        ("三天", timedelta(days=3)),
        ("一个半小时", timedelta(minutes=90)),
        ("３ｄ", timedelta(days=3)),
    ],
)
def test_a_length_is_read_from_its_parts(text: str, length: timedelta) -> None:
    assert read_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "x", "3", "-3d", "1e9h", "999999w", "3d 4", "tomorrow", "3d!"]
)
def test_anything_else_is_no_length(text: str) -> None:
    assert read_duration(text) is None


@given(days=st.integers(0, 300), hours=st.integers(0, 23), minutes=st.integers(0, 59))
def test_parts_add_up(days: int, hours: int, minutes: int) -> None:
    text = f"{days}d{hours}h{minutes}m"
    assert read_duration(text) == timedelta(days=days, hours=hours, minutes=minutes)
