"""Turn a card's features into a rank and a calibrated probability, by weights fitted on data.

The rank is a weighted sum of the features. The probability is a logistic model over the card's own
features and over their lead on all other cards (`over_...`): a card that leads by words, by letters
and by ideas alike is far more often right than one with the same sum and a rival.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.objections.candidates import FEATURES

FILE = Path(__file__).parent / "weights.toml"
LEADS = (
    "words",
    "grams",
    "ideas",
    "sounds",
    "letters_alike",
    "words_alike",
    "all_words",
    "all_ideas",
    "answer_words",
    "part_alike",
    "words_of_query",
    "ideas_of_query",
    "ideas_of_card",
)
AGREEING = 6  # the first of LEADS: independent enough to count in how many a card leads
OVERALL = ("base", "rank", "lead", "lead_on_field", "share", "known", "weight", "long")
EVIDENCE = (*OVERALL, *FEATURES, *(f"over_{name}" for name in LEADS), "agreed")
RIVALS = 3  # the best cards, which may well be near-duplicates or translations of each other
MAX_LEAD = 6.0  # in ranks
_LEAD_PLACES = [FEATURES.index(name) for name in LEADS]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Fitted weights: of each feature for the rank, of each piece of evidence for the chance."""

    rank: Vector
    chance: Vector


def read_weights(file: Path, features: Sequence[str], evidence: Sequence[str]) -> Weights:
    """Read weights by name from the tables `rank` and `chance` of a TOML file.

    Raises KeyError for a name that the file does not have.
    """
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return Weights(
        np.array([float(tables["rank"][name]) for name in features]),
        np.array([float(tables["chance"][name]) for name in evidence]),
    )


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the weights that ship with Repmate, fitted by tests/bench/fit_lookup.py."""
    return read_weights(FILE, FEATURES, EVIDENCE)


def rank_cards(features: Vector, weight: float, long: bool, weights: Vector) -> Vector:
    """Return the rank of each card (higher is better) by its FEATURES, a row a card.

    `weight` is that of the text measured: a scrap of a long text is covered by a card all too
    easily, so that its ranks count for less.
    """
    ranks: Vector = features @ weights
    return ranks + np.log1p(weight) if long else ranks


def build_evidence(
    places: Sequence[int] | NDArray[np.int64],
    ranks: Vector,
    features: Vector,
    known: float,
    weight: float,
    long: bool,
) -> Vector:
    """Return, a row for each place, what tells how far to trust that card: see EVIDENCE."""
    own = features[places]
    overall = _compare_ranks(places, ranks)
    given = np.tile([known, np.log1p(weight), float(long)], (len(own), 1))
    over = own[:, _LEAD_PLACES] - _find_best_other(features[:, _LEAD_PLACES], places)
    agreed = (over[:, :AGREEING] >= 0).sum(axis=1)
    return np.column_stack((overall, given, own, over, agreed))


def _compare_ranks(places: Sequence[int] | NDArray[np.int64], ranks: Vector) -> Vector:
    own = ranks[places]
    falling = -np.sort(-ranks)
    field = falling[RIVALS] if len(falling) > RIVALS else falling[0] - MAX_LEAD
    lead = np.minimum(own - _find_best_other(ranks[:, np.newaxis], places)[:, 0], MAX_LEAD)
    share = np.exp(own - falling[0]) / np.exp(np.maximum(ranks - falling[0], -30.0)).sum()
    return np.column_stack((np.ones(len(own)), own, lead, np.minimum(own - field, MAX_LEAD), share))


def _find_best_other(columns: Vector, places: Sequence[int] | NDArray[np.int64]) -> Vector:
    """Return the best value of each column among all rows but the one of the place."""
    if len(columns) < 2:
        return np.zeros((len(places), columns.shape[1]))
    best, second = -np.partition(-columns, 1, axis=0)[:2]
    other: Vector = np.where(columns[places] == best, second, best)
    return other


def estimate_chances(evidence: Vector, weights: Vector) -> Vector:
    """Return the probability, 0..1, that each card is the right one."""
    chances: Vector = 1.0 / (1.0 + np.exp(-np.clip(evidence @ weights, -30.0, 30.0)))
    return chances
