"""Logistic regression with a ridge (L2) penalty, fitted by Newton's method in numpy.

The objective, over rows x with outcome y and weight w, is

    sum of w * log(1 + exp(-s * x·b))  +  ridge / 2 * sum of b²      with s = 1 if y, else -1

Every coefficient is penalised alike, and there is no intercept beside the columns. The penalty
makes the objective strictly convex: it has exactly one minimum, even if a column is constant, is a
copy of another, or separates the outcomes. See Hastie, Tibshirani and Friedman, The Elements of
Statistical Learning, sections 4.4.1 (Newton's method) and 3.4.1 (ridge).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

LARGEST_EXPONENT = 700.0  # exp of more overflows
MAX_STEPS = 100  # about ten are usual
SHORTEST = 2.0**-50  # of a Newton step
CONVERGED = 1e-12  # expected decrease of the objective at which a step is the last
ROUNDING = 1e-12  # relative error that is allowed for in a sum of losses
# Operations in one product of matrices: below some 260,000 numpy's OpenBLAS stays in one thread.
# More threads gain little here, wait for one another, and take the cores that messages want. For
# the same reason products with a long vector are written with einsum and sum, not with @.
MAX_OPERATIONS = 200_000


@dataclass(frozen=True)
class RidgeLogisticRegression:
    """One regression: its data and its penalty.

    `rows` has the shape (n, columns); `outcomes` and `weights` (none negative) have n entries.
    `ridge` must be positive, else ValueError.
    """

    rows: Floats
    outcomes: NDArray[np.bool_]
    weights: Floats
    ridge: float

    def __post_init__(self) -> None:
        if not self.ridge > 0:
            raise ValueError("the ridge penalty must be positive")

    def fit(self) -> Floats:
        """The coefficients at the minimum, one a column; the same data give the same ones."""
        coefficients: Floats = np.zeros(self.rows.shape[1])
        for _ in range(MAX_STEPS):
            gradient = self.gradient(coefficients)
            step = np.linalg.solve(self.hessian(coefficients), gradient)
            decrease = float(gradient @ step)
            if decrease <= CONVERGED:
                return coefficients - step
            coefficients = self._descend(coefficients, step, decrease)
        return coefficients

    def objective(self, coefficients: Floats) -> float:
        """What `fit` minimises."""
        losses = np.logaddexp(0, -self._margins(coefficients))
        penalty = self.ridge / 2 * float(coefficients @ coefficients)
        return float((self.weights * losses).sum()) + penalty

    def gradient(self, coefficients: Floats) -> Floats:
        """The objective's first derivatives, one a column."""
        pulls = self.weights * self._signs() * _logistic(-self._margins(coefficients))
        gradient: Floats = self.ridge * coefficients - np.einsum("i,ij->j", pulls, self.rows)
        return gradient

    def hessian(self, coefficients: Floats) -> Floats:
        """The objective's second derivatives, (columns, columns); always positive definite."""
        margins = self._margins(coefficients)
        variances = _logistic(margins) * _logistic(-margins)
        curvatures = (self.weights * variances)[:, np.newaxis]
        columns = self.rows.shape[1]
        hessian = self.ridge * np.eye(columns)
        size = max(1, MAX_OPERATIONS // columns**2)
        for first in range(0, len(self.rows), size):
            part = self.rows[first : first + size]
            hessian += part.T @ (part * curvatures[first : first + size])
        return hessian

    def _descend(self, start: Floats, step: Floats, decrease: float) -> Floats:
        """Goes along a Newton step, halved until the objective falls enough (Armijo's rule)."""
        before = self.objective(start)
        slack = ROUNDING * before
        length = 1.0
        while length > SHORTEST:
            after = self.objective(start - length * step)
            if after <= before - length * decrease / 4 + slack:
                break
            length /= 2
        return start - length * step

    def _margins(self, coefficients: Floats) -> Floats:
        """Each row's log odds of the outcome that it had."""
        margins: Floats = self._signs() * np.einsum("ij,j->i", self.rows, coefficients)
        return margins

    def _signs(self) -> Floats:
        return np.where(self.outcomes, 1.0, -1.0)


def _logistic(log_odds: Floats) -> Floats:
    """Log odds as chances, exact to the last digits also near 0."""
    chances: Floats = 1 / (1 + np.exp(np.minimum(-log_odds, LARGEST_EXPONENT)))
    return chances
