"""Rerank the look-up's candidates by a model's opinion: order and chances, fitted anew with it.

Asked only where the fast look-up is not sure. The ranks and chances of the fast look-up are the
first of the measures here; the weights are in `weights_semantic.toml`.
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
EVIDENCE = (
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
MAX_LEAD = 6.0  # in ranks or spreads
MAX_CHANCE = 0.99  # an exact wording alone is surer
UNSEEN = 0.02  # the chance of a card that the fast look-up did not consider
Vector = NDArray[np.float64]


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Return the weights that ship with Repmate, fitted by tests/bench/fit_second.py."""
    return read_weights(FILE, MEASURES, EVIDENCE)


@dataclass(frozen=True)
class FastResult:
    """What the fast look-up found: cards, ranks and chances, a card a place, best first."""

    cards: Sequence[Card]
    ranks: Vector
    chances: Vector
    long: bool


@dataclass(frozen=True)
class Candidates:
    """The best cards of the fast look-up and of the model together, a card a place."""

    cards: Sequence[Card]
    fast_ranks: Vector  # by the fast look-up; 0 for a card that it did not consider
    chances: Vector  # by the fast look-up; UNSEEN for a card that it did not consider
    wording: Vector  # how alike in meaning the best wording is, in spreads
    answer: Vector  # how alike in meaning the answer is, in spreads
    best_chance: float  # the fast look-up's of its best card
    long: bool  # whether the query is a pasted text

    def measures(self) -> NDArray[np.float64]:
        """Return a row a card, in the order of MEASURES."""
        both = np.column_stack((self.fast_ranks, self.wording))
        texts = np.column_stack((both, self.answer))
        short = np.column_stack((both, np.zeros_like(texts)))
        long = np.column_stack((np.zeros_like(both), texts))
        return long if self.long else short

    def rank(self, weights: Weights) -> Vector:
        """Return the rank of each card, higher is better."""
        ranks: Vector = self.measures() @ weights.rank
        return ranks

    def build_evidence(self, ranks: Vector) -> NDArray[np.float64]:
        """Return, a row a card, what tells how far to trust its rank: see EVIDENCE."""
        count = len(ranks)
        return np.column_stack(
            (
                np.ones(count),
                ranks,
                _measure_lead(ranks),
                _to_odds(self.chances),
                np.full(count, _to_odds(np.array(self.best_chance))),
                self.wording,
                _measure_lead(self.wording),
                self.answer,
                _measure_lead(self.answer),
                np.full(count, float(self.long)),
                ranks * float(self.long),
            )
        )

    def estimate_chances(self, weights: Weights) -> Vector:
        """Return the probability, 0..1, that each card is the right one."""
        return estimate_chances(self.build_evidence(self.rank(weights)), weights.chance)


def join_candidates(
    fast: FastResult, likeness: Likeness, among: Sequence[bool] | None = None
) -> Candidates | None:
    """Bring together the best cards by either; None if there is no card at all.

    `among` says which of the likeness's cards may be found, all by default.
    """
    by_meaning = likeness.wording if among is None else np.where(among, likeness.wording, -np.inf)
    best = np.argsort(-by_meaning, kind="stable")[:CANDIDATES]
    near = [likeness.cards[place] for place in best if by_meaning[place] > -np.inf]
    first = list(zip(fast.cards, fast.ranks, fast.chances, strict=True))[:CANDIDATES]
    ranks = {card.id: (float(rank), float(chance)) for card, rank, chance in first}
    cards = list({card.id: card for card in (*(row[0] for row in first), *near)}.values())
    cards = [card for card in cards if card.id in likeness.places]
    if not cards:
        return None
    places = [likeness.places[card.id] for card in cards]
    by_fast = np.array([ranks.get(card.id, (0.0, UNSEEN)) for card in cards])
    return Candidates(
        cards,
        by_fast[:, 0],
        by_fast[:, 1],
        likeness.wording[places],
        likeness.answer[places],
        float(fast.chances[0]) if len(fast.chances) else UNSEEN,
        fast.long,
    )


def choose_cards(
    candidates: Candidates, weights: Weights, limit: int, boost: ContextBoost
) -> list[tuple[Card, float]]:
    """Return the best cards with the chance of each, best first; never surer of a later one."""
    bonus = [boost.compute(card.id, card.stages, card.industries) for card in candidates.cards]
    ranks = candidates.rank(weights) + np.array(bonus)
    order = np.argsort(-ranks, kind="stable")[: max(0, limit)]
    chances = np.minimum(candidates.estimate_chances(weights)[order], MAX_CHANCE)
    falling = np.minimum.accumulate(chances)
    return [
        (candidates.cards[place], float(chance))
        for place, chance in zip(order, falling, strict=True)
    ]


def _measure_lead(values: Vector) -> Vector:
    """Return by how much each is above the best of the others, at most MAX_LEAD either way."""
    if len(values) < 2:
        return np.full(len(values), MAX_LEAD)
    second, top = np.partition(values, -2)[-2:]
    lead: Vector = np.clip(values - np.where(values == top, second, top), -MAX_LEAD, MAX_LEAD)
    return lead


def _to_odds(chances: Vector) -> Vector:
    """Return chances as log-odds, within bounds."""
    bounded = np.clip(chances, 1e-3, 1 - 1e-3)
    odds: Vector = np.log(bounded / (1.0 - bounded))
    return odds
