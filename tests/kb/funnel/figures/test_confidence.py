"""What a count proves: Wilson's interval, and a floor below which nothing is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.figures.confidence import MIN_COUNT, Share


# Brown, Cai and DasGupta (2001), Statistical Science 16, worked by hand from the formula.
@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    share = Share(part, whole)
    assert share.low == pytest.approx(low, abs=2e-4)
    assert share.high == pytest.approx(high, abs=2e-4)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share_and_stays_within_nothing_and_all(a: int, b: int) -> None:
    share = Share(a, a + b)
    assert 0 <= share.low <= share.high <= 1
    if share.whole:
        assert share.low - 1e-9 <= share.share <= share.high + 1e-9


def test_too_few_are_said_to_tell_nothing() -> None:
    assert not Share(0, 0).enough
    assert not Share(MIN_COUNT - 1, MIN_COUNT - 1).enough
    assert Share(MIN_COUNT, MIN_COUNT).enough


@given(st.integers(1, 50))
def test_more_of_the_same_makes_the_interval_narrower(times: int) -> None:
    few, many = Share(2, 5), Share(2 * (times + 1), 5 * (times + 1))
    assert many.high - many.low < few.high - few.low
