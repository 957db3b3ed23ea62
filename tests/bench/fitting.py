"""Fit an order as a softmax over candidates, and a chance as a logistic model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.objections.candidates import FEATURES
from kb.objections.scoring import Weights
from kb.objections.search import CardIndex, Ranking
from tests.bench.lookup_data import Query

Vector = NDArray[np.float64]
STEPS, PACE = 300, 0.08
RANK_PENALTY, CHANCE_PENALTY = 0.003, 20.0
NEWTON_STEPS = 12
BEST = 25  # candidates of a query that are fitted on
LOWERS_RANK = "denial_differs"


@dataclass(frozen=True)
class Case:
    """One query measured: its parts (one, or a long text's clauses), and in each what is right.

    `group` names the cards that belong together, so that none is fitted and looked at at once;
    `counts` is how much the case weighs in a fit; `index` is what was searched.
    """

    query: Query
    together: bool
    group: str
    counts: float
    parts: Sequence[tuple[Ranking, NDArray[np.bool_]]]
    index: CardIndex


@dataclass(frozen=True)
class _Stack:
    """All short cases below one another: where each begins, and which one a row is of."""

    features: Vector
    right: NDArray[np.bool_]
    starts: NDArray[np.int64]
    of_row: NDArray[np.int64]
    counts: Vector


def fit_rank(cases: Sequence[Case]) -> Vector:
    """Fit a softmax over each query's candidates. Likeness may only raise a card."""
    stack = _stacked(cases)
    total = stack.counts.sum()

    def gradient(weights: Vector) -> Vector:
        ranks = stack.features @ weights
        best = np.maximum.reduceat(ranks, stack.starts)
        share = np.exp(ranks - best[stack.of_row])
        wanted = np.where(stack.right, share, 0.0)
        share /= np.add.reduceat(share, stack.starts)[stack.of_row]
        wanted /= (np.add.reduceat(wanted, stack.starts) + 1e-12)[stack.of_row]
        pull = (share - wanted) * stack.counts[stack.of_row]
        slope: Vector = pull @ stack.features / total + RANK_PENALTY * weights
        return slope

    lowers = np.array([name == LOWERS_RANK for name in FEATURES])
    low, high = np.where(lowers, -50.0, 0.0), np.where(lowers, 0.0, 50.0)
    return descend(gradient, np.where(lowers, 0.0, 1.0), low, high)


def _stacked(cases: Sequence[Case]) -> _Stack:
    features, right, counts = [], [], []
    for case in cases:
        if not case.parts or case.parts[0][0].long:
            continue  # a long text is scored by clause, and which clause is meant is unknown
        ranking, hits = case.parts[0]
        top = np.argsort(-ranking.features.sum(axis=1), kind="stable")
        kept = np.union1d(top[:BEST], np.flatnonzero(hits))
        if hits.any() and not hits[kept].all():
            features.append(ranking.features[kept])
            right.append(hits[kept])
            counts.append(case.counts)
    lengths = [len(one) for one in right]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    of_row = np.repeat(np.arange(len(right)), lengths)
    return _Stack(np.concatenate(features), np.concatenate(right), starts, of_row, np.array(counts))


def descend(
    gradient: Callable[[Vector], Vector], start: Vector, low: Vector, high: Vector
) -> Vector:
    """Return the minimum found by Adam within the bounds."""
    point, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        slope = gradient(point)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        move = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-9)
        point = np.clip(point - PACE * move, low, high)
    return point


def fit_chance(evidence: Vector, right: NDArray[np.bool_], counts: Vector) -> Vector:
    """Fit a logistic model by Newton's method, penalised as if all columns had one spread.

    The first column is 1 and not penalised.
    """
    centre, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    centre[0], spread[0] = 0.0, 1.0
    rows = (evidence - centre) / spread
    penalty = np.full(rows.shape[1], CHANCE_PENALTY)
    penalty[0] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(NEWTON_STEPS):
        chances = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30.0, 30.0)))
        slope = rows.T @ (counts * (chances - right)) + penalty * weights
        bend = (rows.T * (counts * chances * (1 - chances) + 1e-9)) @ rows + np.diag(penalty)
        weights = weights - np.linalg.solve(bend, slope)
    found: Vector = weights / spread
    found[0] -= float(found[1:] @ centre[1:])
    return found


def write_toml(
    program: str, weights: Weights, features: Sequence[str], evidence: Sequence[str]
) -> str:
    """Return weights as the TOML file that `read_weights` reads; `program` is what fitted them."""
    lines = [f"# Fitted by `python -m tests.bench.{program}`; not to be edited by hand."]
    for title, names, values in (
        ("rank", features, weights.rank),
        ("chance", evidence, weights.chance),
    ):
        lines += ["", f"[{title}]"]
        lines += [f"{name} = {value:.4f}" for name, value in zip(names, values, strict=True)]
    return "\n".join(lines) + "\n"
