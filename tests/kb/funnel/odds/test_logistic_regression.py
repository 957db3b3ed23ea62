"""A fit stands at the one minimum of its objective, whatever the data, and always at the same."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.odds.logistic_regression import RidgeLogisticRegression

seeds = st.integers(0, 2**32 - 1)
ridges = st.floats(0.01, 100)


def random_regression(
    seed: int, ridge: float = 0.5, rows: int = 200, columns: int = 6
) -> RidgeLogisticRegression:
    """Columns of very different scales, one of them constant; outcomes that follow some of them."""
    chance = np.random.default_rng(seed)
    data = chance.normal(size=(rows, columns)) * 10.0 ** chance.integers(-2, 3, size=columns)
    data[:, 0] = 1.0
    scores = data @ (chance.normal(size=columns) / (1 + np.abs(data).max(axis=0, initial=0)))
    outcomes = chance.normal(size=rows) < 3 * scores
    return RidgeLogisticRegression(data, outcomes, chance.random(rows), ridge)


def with_columns(data: list[list[float]], outcomes: list[bool]) -> RidgeLogisticRegression:
    return RidgeLogisticRegression(
        np.array(data), np.array(outcomes), np.ones(len(outcomes)), ridge=0.5
    )


@given(seeds, ridges)
def test_the_gradient_is_zero_at_the_fit(seed: int, ridge: float) -> None:
    regression = random_regression(seed, ridge)
    size = np.abs(regression.rows).max() * len(regression.rows)
    assert np.abs(regression.gradient(regression.fit())).max() <= 1e-11 * size


@given(seeds, ridges, st.integers(1, 12), st.integers(0, 60))
def test_no_change_of_the_coefficients_lowers_the_objective(
    seed: int, ridge: float, columns: int, rows: int
) -> None:
    regression = random_regression(seed, ridge, rows, columns)
    fit, chance = regression.fit(), np.random.default_rng(seed + 1)
    least = regression.objective(fit)
    for length in (1e-6, 1e-3, 1.0, 100.0):
        change = chance.normal(size=columns) * length
        found = regression.objective(fit + change)
        # The penalty alone curves every direction by `ridge`; what is left is rounding.
        assert found >= least + regression.ridge / 2 * change @ change - 1e-11 * (1 + found)


@given(seeds)
def test_the_derivatives_are_those_of_the_objective(seed: int) -> None:
    regression = random_regression(seed)
    chance = np.random.default_rng(seed)
    scale = 1 / np.abs(regression.rows).max(axis=0)
    at, step = chance.normal(size=6) * scale, chance.normal(size=6) * scale * 1e-5
    rise = regression.objective(at + step) - regression.objective(at - step)
    assert rise == pytest.approx(2 * regression.gradient(at) @ step, rel=1e-5, abs=1e-9)
    bend = regression.gradient(at + step) - regression.gradient(at - step)
    assert bend * scale == pytest.approx(
        2 * (regression.hessian(at) @ step) * scale, rel=1e-5, abs=1e-8
    )


def test_one_coefficient_is_what_the_sum_on_paper_gives() -> None:
    # Of deals that weigh 4, 3.5 were won: 4 * chance - 3.5 + ridge * b = 0. At b = log 3 the
    # chance is 3/4, so that a ridge of 0.5 / log 3 puts the minimum there.
    rows, outcomes = np.ones((2, 1)), np.array([True, False])
    regression = RidgeLogisticRegression(rows, outcomes, np.array([3.5, 0.5]), 0.5 / log(3))
    assert regression.fit() == pytest.approx([log(3)], abs=1e-12)


def test_a_column_that_separates_the_outcomes_gets_a_finite_coefficient() -> None:
    regression = with_columns(
        [[1.0, each] for each in (-1e4, -3, 5, 1e4)], [False] * 2 + [True] * 2
    )
    fit = regression.fit()
    assert np.isfinite(fit).all()
    assert np.abs(regression.gradient(fit)).max() < 1e-9


def test_constant_and_doubled_columns_share_what_they_say() -> None:
    regression = with_columns([[1.0, 1.0, 0.0]] * 5, [True] * 4 + [False])
    one, other, nothing = regression.fit()
    assert one == pytest.approx(other)
    assert one > 0
    assert nothing == 0


def test_a_heavier_penalty_draws_the_coefficients_towards_zero() -> None:
    lengths = [np.linalg.norm(random_regression(3, ridge).fit()) for ridge in (0.1, 1, 10, 1e6)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < 1e-2


def test_a_weight_counts_like_that_many_rows() -> None:
    data, outcomes = np.array([[1.0, 2.0], [1.0, -1.0], [1.0, 0.5]]), np.array([True, False, False])
    times = np.array([3, 1, 2])
    weighed = RidgeLogisticRegression(data, outcomes, times.astype(float), 0.5)
    repeated = RidgeLogisticRegression(
        data.repeat(times, axis=0), outcomes.repeat(times), np.ones(6), 0.5
    )
    assert weighed.fit() == pytest.approx(repeated.fit(), abs=1e-12)


def test_no_rows_leave_every_coefficient_at_zero() -> None:
    empty = RidgeLogisticRegression(np.empty((0, 3)), np.empty(0, bool), np.empty(0), 1.0)
    assert (empty.fit() == 0).all()


@given(seeds)
def test_the_same_data_give_the_same_coefficients(seed: int) -> None:
    assert (random_regression(seed).fit() == random_regression(seed).fit()).all()


@pytest.mark.parametrize("ridge", [0.0, -1.0, float("nan")])
def test_a_penalty_that_is_not_positive_is_refused(ridge: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        random_regression(1, ridge)
