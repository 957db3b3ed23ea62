"""Take a second look with a model's opinion: the order and the chances, fitted anew with it.

Asked only where the fast look-up is not sure. What the fast look-up found, its ranks and its
chances, are the first of the measures here; the weights are in `weights_semantic.toml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.objections.card import Card
from kb.objections.context_boost import ContextBoost
from kb.objections.scoring import Weights, estimate_chances, read_weights
from kb.objections.semantic.meaning import Likeness

FILE = Path(__file__).parent / "weights_semantic.toml"
CANDIDATES = 12  # from the fast look-up, and as many by meaning
# How alike an answer is helps only with a long text, which speaks of more than the objection.
MEASURES = ("rank", "wording", "long_rank", "long_wording", "long_answer")
DOUBTS = (
    "base",
    "rank",
    "lead",
    "odds",
    "best_odds",
    "wording",
    "wording_lead",
    "answer",
    "answer_lead",
    "long",
    "long_rank",
)
FAR = 6.0
AT_MOST = 0.99  # an exact wording alone is surer
UNSEEN = 0.02  # the chance of a card that the fast look-up did not consider
Vector = NDArray[np.float64]


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the weights that ship with Repmate, fitted by tests/bench/fit_second.py."""
    return read_weights(FILE, MEASURES, DOUBTS)


@dataclass(frozen=True)
class First:
    """What the fast look-up found: cards, ranks and chances, a card a place, best first."""

    cards: Sequence[Card]
    ranks: Vector
    chances: Vector
    long: bool


@dataclass(frozen=True)
class Look:
    """The candidates of both, a card a place: what the fast look-up made of them, and the model.

    `best_chance` is the fast look-up's of its best card.
    """

    cards: Sequence[Card]
    fast_ranks: Vector
    chances: Vector
    wording: Vector
    answer: Vector
    best_chance: float
    long: bool

    def measures(self) -> NDArray[np.float64]:
        """Return a row a card, in the order of MEASURES."""
        both = np.column_stack((self.fast_ranks, self.wording))
        texts = np.column_stack((both, self.answer))
        short = np.column_stack((both, np.zeros_like(texts)))
        long = np.column_stack((np.zeros_like(both), texts))
        return long if self.long else short

    def ranks(self, weights: Weights) -> Vector:
        """Return the rank of each card, higher is better."""
        found: Vector = self.measures() @ weights.rank
        return found

    def doubts(self, ranks: Vector) -> NDArray[np.float64]:
        """Return, a row a card, what tells how far to trust its rank: see DOUBTS."""
        count = len(ranks)
        return np.column_stack(
            (
                np.ones(count),
                ranks,
                _lead(ranks),
                _odds(self.chances),
                np.full(count, _odds(np.array(self.best_chance))),
                self.wording,
                _lead(self.wording),
                self.answer,
                _lead(self.answer),
                np.full(count, float(self.long)),
                ranks * float(self.long),
            )
        )

    def chance(self, weights: Weights) -> Vector:
        """Return the probability, 0..1, that each card is the right one."""
        return estimate_chances(self.doubts(self.ranks(weights)), weights.doubt)


def look(first: First, likeness: Likeness, among: Sequence[bool] | None = None) -> Look | None:
    """Bring together the best by either; None if there is no card at all.

    `among` says which of the likeness's cards may be found, all by default.
    """
    by_meaning = likeness.wording if among is None else np.where(among, likeness.wording, -np.inf)
    best = np.argsort(-by_meaning, kind="stable")[:CANDIDATES]
    near = [likeness.cards[place] for place in best if by_meaning[place] > -np.inf]
    fast = list(zip(first.cards, first.ranks, first.chances, strict=True))[:CANDIDATES]
    ranks = {card.id: (float(rank), float(chance)) for card, rank, chance in fast}
    cards = list({card.id: card for card in (*(row[0] for row in fast), *near)}.values())
    cards = [card for card in cards if card.id in likeness.places]
    if not cards:
        return None
    places = [likeness.places[card.id] for card in cards]
    known = np.array([ranks.get(card.id, (0.0, UNSEEN)) for card in cards])
    return Look(
        cards,
        known[:, 0],
        known[:, 1],
        likeness.wording[places],
        likeness.answer[places],
        float(first.chances[0]) if len(first.chances) else UNSEEN,
        first.long,
    )


def decided(
    found: Look, weights: Weights, limit: int, boost: ContextBoost
) -> list[tuple[Card, float]]:
    """Return the best cards with the chance of each, best first; never surer of a later one."""
    bonus = [boost.compute(card.id, card.stages, card.industries) for card in found.cards]
    order = np.argsort(-(found.ranks(weights) + np.array(bonus)), kind="stable")[: max(0, limit)]
    chances = np.minimum.accumulate(np.minimum(found.chance(weights)[order], AT_MOST))
    return [
        (found.cards[place], float(chance)) for place, chance in zip(order, chances, strict=True)
    ]


def _lead(values: Vector) -> Vector:
    """Return by how much each is above the best of the others."""
    if len(values) < 2:
        return np.full(len(values), FAR)
    second, top = np.partition(values, -2)[-2:]
    lead: Vector = np.clip(values - np.where(values == top, second, top), -FAR, FAR)
    return lead


def _odds(chances: Vector) -> Vector:
    bounded = np.clip(chances, 1e-3, 1 - 1e-3)
    odds: Vector = np.log(bounded / (1.0 - bounded))
    return odds
