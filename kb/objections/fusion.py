"""Turn measures into one order and one honest probability, by weights fitted on data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.objections.matching import FEATURES

FILE = Path(__file__).parent / "weights.toml"
SIGNS = ("words_of_query", "grams_of_query", "ideas", "all_ideas", "letters_alike", "words_alike")
DOUBTS = ("base", "rank", "lead", "known", "weight", "long", "long_rank", *SIGNS)
_SIGN_PLACES = [FEATURES.index(name) for name in SIGNS]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Fitted by tests/bench/fit_lookup.py: one number for each of FEATURES, and of DOUBTS."""

    rank: Vector
    doubt: Vector

    @staticmethod
    def read(table: Mapping[str, Any]) -> "Weights":
        """Take the weights from a table by name; a missing name is a KeyError."""
        return Weights(
            np.array([float(table["rank"][name]) for name in FEATURES]),
            np.array([float(table["doubt"][name]) for name in DOUBTS]),
        )


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """Return the weights that ship with Repmate."""
    return Weights.read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def doubts(
    ranks: Vector, features: NDArray[np.float64], known: float, weight: float, long: bool
) -> NDArray[np.float64]:
    """Return, a row a card, what tells how far to trust its rank: see DOUBTS."""
    order = np.sort(ranks)
    top, second = order[-1], order[-2] if len(order) > 1 else order[-1] - 5.0
    lead = np.clip(ranks - np.where(ranks == top, second, top), -6.0, 6.0)
    count = len(ranks)
    columns = (
        np.ones(count),
        ranks,
        lead,
        np.full(count, known),
        np.full(count, np.log1p(weight)),
        np.full(count, float(long)),
        ranks * float(long),
        features[:, _SIGN_PLACES],
    )
    return np.column_stack(columns)


def chance(doubts: NDArray[np.float64], weights: Vector) -> Vector:
    """Return the probability, 0..1, that each card is the right one."""
    chances: Vector = 1.0 / (1.0 + np.exp(-np.clip(doubts @ weights, -30.0, 30.0)))
    return chances
