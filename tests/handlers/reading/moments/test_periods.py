"""Weeks, months, quarters and years, as people name them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.moments.periods import read_period
from kb.funnel.figures.periods import KINDS, Kind, find_period

TODAY = date(2026, 11, 18)  # a Wednesday
SAID = {
    "week": ("week", date(2026, 11, 16), ""),
    "last week Ann": ("week", date(2026, 11, 9), "Ann"),
    "month": ("month", date(2026, 11, 1), ""),
    "Ann last month": ("month", date(2026, 10, 1), "Ann"),
    "quarter": ("quarter", date(2026, 10, 1), ""),
    "last quarter": ("quarter", date(2026, 7, 1), ""),
    "q2": ("quarter", date(2026, 4, 1), ""),
    "Q1 2025 Bo": ("quarter", date(2025, 1, 1), "Bo"),
    "march": ("month", date(2026, 3, 1), ""),
    "december": ("month", date(2025, 12, 1), ""),
    "dec 2024": ("month", date(2024, 12, 1), ""),
    "year": ("year", date(2026, 1, 1), ""),
    "2025": ("year", date(2025, 1, 1), ""),
    "本周": ("week", date(2026, 11, 16), ""),
    "上周 小王": ("week", date(2026, 11, 9), "小王"),
    "上个月": ("month", date(2026, 10, 1), ""),
    "本季度": ("quarter", date(2026, 10, 1), ""),
    "上季度": ("quarter", date(2026, 7, 1), ""),
    "第一季度": ("quarter", date(2026, 1, 1), ""),
    "三月": ("month", date(2026, 3, 1), ""),
    "十月份": ("month", date(2026, 10, 1), ""),
    "2025年12月": ("month", date(2025, 12, 1), ""),
    "去年": ("year", date(2025, 1, 1), ""),
    "今年": ("year", date(2026, 1, 1), ""),
}


@pytest.mark.parametrize("said", SAID)
def test_a_period_is_read_and_the_rest_left(said: str) -> None:
    found = read_period(said, TODAY)
    assert found is not None
    assert (found.period.kind, found.period.first, found.rest) == SAID[said]


@pytest.mark.parametrize("said", ["", "Ann", "marcus", "mayor", "quartz", "Q5", "60%", "小王"])
def test_what_names_no_period_is_none(said: str) -> None:
    assert read_period(said, TODAY) is None


def test_a_goal_s_month_lies_ahead() -> None:
    found = read_period("march 50k", TODAY, ahead=True)
    assert found is not None
    assert (found.period.first, found.rest) == (date(2027, 3, 1), "50k")


@given(st.sampled_from(KINDS), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_periods_follow_each_other_without_gap_or_overlap(kind: Kind, day: date) -> None:
    period = find_period(kind, day)
    assert period.holds(day)
    assert period.after.before == period == period.before.after
    assert (period.after.first - period.last).days == 1
    assert find_period(kind, period.last) == period


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(said: str) -> None:
    read_period(said, TODAY)
    read_period(said, TODAY, ahead=True)
