"""Fit the look-up's weights: python -m tests.bench.fit_lookup --cards FILE... --queries FILE...

Prints kb/objections/weights.toml. Only the first half of the queries (split by card) is fitted.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.objections import fusion
from kb.objections.matching import FEATURES
from kb.objections.search import CardIndex, Ranking, evidence_of
from tests.bench.lookup_data import Query, halves, read_cards, read_queries

Vector = NDArray[np.float64]
STEPS, PACE = 800, 0.05
RANK_PENALTY, DOUBT_PENALTY = 0.003, 0.002
FOLDS = 5
EITHER_WAY = ("base", "weight", "long", "long_rank")
LOWERS_RANK = "denial_differs"


@dataclass(frozen=True)
class Sample:
    """One query's candidates as rows of features, and which of them are right."""

    group: int
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


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


def fit_rank(samples: Sequence[Sample]) -> Vector:
    """Fit a softmax over each query's candidates. Likeness may only raise a card."""
    usable = [sample for sample in samples if sample.right.any() and not sample.right.all()]

    def gradient(weights: Vector) -> Vector:
        total = np.zeros_like(weights)
        for sample in usable:
            ranks = sample.features @ weights
            share = np.exp(ranks - ranks.max())
            wanted = np.where(sample.right, share, 0.0) + 1e-12 * sample.right
            total += (share / share.sum() - wanted / wanted.sum()) @ sample.features
        slope: Vector = total / len(usable) + RANK_PENALTY * weights
        return slope

    lowers = np.array([name == LOWERS_RANK for name in FEATURES])
    low, high = np.where(lowers, -50.0, 0.0), np.where(lowers, 0.0, 50.0)
    return descend(gradient, np.where(lowers, 0.0, 1.0), low, high)


def fit_doubt(evidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Vector:
    """Fit a plain logistic model, in which likeness may only raise the chance."""
    target = right.astype(np.float64)

    def gradient(weights: Vector) -> Vector:
        miss = fusion.chance(evidence, weights) - target
        slope: Vector = miss @ evidence / len(target) + DOUBT_PENALTY * weights
        return slope

    free = np.array([name in EITHER_WAY for name in fusion.DOUBTS])
    low = np.where(free, -50.0, 0.0)
    return descend(gradient, np.zeros(len(free)), low, np.full(len(free), 50.0))


Views = list[tuple[Query, bool]]


def rank_samples(index: CardIndex, views: Views) -> list[Sample]:
    """Measure every short query; long ones are scored by clause, whose labels are unknown."""
    found = []
    for query, together in views:
        ranking = index.rank(query.text, None if together else query.language)
        if ranking is not None and not ranking.long:
            found.append(Sample(_fold(query), ranking.features, _right(index, ranking, query)))
    return found


def doubt_rows(index: CardIndex, views: Views) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the evidence about each query's three best cards, and whether they are right."""
    evidence, right = [], []
    for query, together in views:
        ranking = index.rank(query.text, None if together else query.language)
        if ranking is None:
            continue
        top = np.argsort(-ranking.ranks, kind="stable")[:3]
        evidence.append(evidence_of(ranking)[top])
        right.append(_right(index, ranking, query)[top])
    return np.concatenate(evidence), np.concatenate(right)


def _right(index: CardIndex, ranking: Ranking, query: Query) -> NDArray[np.bool_]:
    ids = [index.id_of(int(number)) for number in ranking.cards]
    return np.array([card in query.anywhere for card in ids], bool)


def _fold(query: Query) -> int:
    return sum(map(ord, min(query.anywhere, default=query.id))) % FOLDS


def fit(cards: Sequence[Path], queries: Sequence[Path], everything: bool = False) -> fusion.Weights:
    """Fit on the first half: the order first, then the doubt on orders fitted without the query."""
    known, data = read_cards(cards), read_queries(queries)
    tuned = data if everything else halves(data)[0]
    views = [(query, together) for query in tuned for together in (False, True)]
    blank = fusion.Weights(np.ones(len(FEATURES)), np.zeros(len(fusion.DOUBTS)))
    samples = rank_samples(CardIndex(known, blank), views)
    evidence, right = [], []
    for fold in range(FOLDS):
        others = fit_rank([sample for sample in samples if sample.group != fold])
        index = CardIndex(known, fusion.Weights(others, blank.doubt))
        rows = doubt_rows(index, [view for view in views if _fold(view[0]) == fold])
        evidence.append(rows[0])
        right.append(rows[1])
    doubt = fit_doubt(np.concatenate(evidence), np.concatenate(right))
    return fusion.Weights(fit_rank(samples), doubt)


def as_toml(weights: fusion.Weights) -> str:
    """Write weights as the data file that ships."""
    parts = (("rank", FEATURES, weights.rank), ("doubt", fusion.DOUBTS, weights.doubt))
    lines = ["# Fitted by `python -m tests.bench.fit_lookup`; not to be edited by hand."]
    for title, names, values in parts:
        lines += ["", f"[{title}]"]
        lines += [f"{name} = {value:.4f}" for name, value in zip(names, values, strict=True)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the command line, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", nargs="+", type=Path, required=True)
    parser.add_argument("--queries", nargs="+", type=Path, required=True)
    given = parser.parse_args()
    print(as_toml(fit(given.cards, given.queries)), end="")


if __name__ == "__main__":
    main()
