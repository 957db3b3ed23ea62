"""Patience learned from won deals: from enough of them, and what four of five stayed within."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.calendar import WorkCalendar
from kb.funnel.patience import ENOUGH_DEALS, StageEntry, compute_percentile, learn_patience
from kb.funnel.stages.funnel_templates import load_funnel

ALWAYS = WorkCalendar("UTC", time(0), time(23, 59), frozenset(range(7)))
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def won(deal: int, days_in_demo: int) -> list[StageEntry]:
    left = BEGAN + timedelta(days=days_in_demo)
    return [
        StageEntry(deal, BEGAN, "demo"),
        StageEntry(deal, left, "decider"),
        StageEntry(deal, left, ""),
    ]


def history(days: list[int]) -> list[StageEntry]:
    return [entered for deal, stay in enumerate(days) for entered in won(deal, stay)]


def test_too_few_won_deals_teach_nothing() -> None:
    assert learn_patience(history([4] * (ENOUGH_DEALS - 1)), ALWAYS) == {}


def test_what_four_of_five_won_deals_stayed_within_is_the_patience() -> None:
    days = [2] * 16 + [9] * 4
    assert learn_patience(history(days), ALWAYS)["demo"] == 2
    assert learn_patience(history([*days, 9]), ALWAYS)["demo"] == 9


def test_a_stage_passed_within_the_hour_has_a_patience_of_a_day() -> None:
    assert learn_patience(history([0] * ENOUGH_DEALS), ALWAYS) == {"decider": 1, "demo": 1}


def test_two_stays_in_one_stage_are_one_longer_one() -> None:
    rows = []
    for deal in range(ENOUGH_DEALS):
        for place, stage in enumerate(["demo", "decider", "demo", ""]):
            rows.append(StageEntry(deal, BEGAN + timedelta(days=3 * place), stage))
    assert learn_patience(rows, ALWAYS) == {"demo": 6, "decider": 3}


@given(st.lists(st.integers(0, 90), min_size=1, max_size=60), st.integers(1, 100))
def test_the_percentile_is_the_least_value_that_so_many_do_not_exceed(
    values: list[int], percent: int
) -> None:
    found = compute_percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * percent / 100
    assert sum(value < found for value in values) < len(values) * percent / 100 or found == min(
        values
    )


def test_a_funnel_takes_the_learned_patience_and_says_that_it_is_learned() -> None:
    funnel = load_funnel("odds6")
    own = funnel.with_patience({"demo": 11, "gone": 3})
    assert (own.stage("demo").patience, own.stage("demo").learned) == (11, True)
    assert own.stage("decider") == funnel.stage("decider")
    assert funnel.with_patience({}) is funnel


@pytest.mark.parametrize("days", [[500] * ENOUGH_DEALS])
def test_no_patience_is_endless(days: list[int]) -> None:
    assert learn_patience(history(days), ALWAYS)["demo"] == 60
