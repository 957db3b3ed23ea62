"""Adds to a card's score for the deal's stage, its industry and recent success."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SAME_STAGE, SAME_INDUSTRY, LANDS = 0.12, 0.12, 0.2
MAX_BOOST = 0.35  # in ranks (log-odds): enough to decide between cards that fit almost alike
_PRIOR = 2.0  # imagined outcomes of each sort, so that one lucky line proves little


@dataclass(frozen=True)
class ContextBoost:
    """What cards are boosted by: the deal in hand, and how each card's line did lately."""

    stage: str = ""
    industry: str = ""
    # By card id: how often the line landed, and how often it did not.
    outcomes: Mapping[int | str, tuple[int, int]] = field(default_factory=dict)

    def compute(
        self, card_id: int | str, stages: tuple[str, ...], industries: tuple[str, ...]
    ) -> float:
        """Return what is added to a card's rank, from -MAX_BOOST to MAX_BOOST."""
        bonus = SAME_STAGE if self.stage and self.stage in stages else 0.0
        if self.industry and self.industry in industries:
            bonus += SAME_INDUSTRY
        landed, missed = self.outcomes.get(card_id, (0, 0))
        rate = (landed + _PRIOR) / (landed + missed + 2 * _PRIOR)
        return max(-MAX_BOOST, min(MAX_BOOST, bonus + LANDS * (2 * rate - 1)))


NO_BOOST = ContextBoost()
