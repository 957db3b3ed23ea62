"""What decides between cards that fit almost alike: the deal's stage, its industry, what lands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SAME_STAGE, SAME_INDUSTRY, LANDS = 0.12, 0.12, 0.2
MAX_BOOST = 0.35  # in log-odds: no more than a near tie
_DOUBT = 2.0  # imagined outcomes of each sort, so that one lucky line proves little


@dataclass(frozen=True)
class ContextBoost:
    """The deal in hand, and how often each card's line `(landed, did not)` lately."""

    stage: str = ""
    industry: str = ""
    outcomes: Mapping[int | str, tuple[int, int]] = field(default_factory=dict)

    def compute(
        self, card_id: int | str, stages: tuple[str, ...], industries: tuple[str, ...]
    ) -> float:
        """The bonus of a card, from -MAX_BOOST to MAX_BOOST, added to its rank."""
        bonus = SAME_STAGE if self.stage and self.stage in stages else 0.0
        if self.industry and self.industry in industries:
            bonus += SAME_INDUSTRY
        landed, missed = self.outcomes.get(card_id, (0, 0))
        rate = (landed + _DOUBT) / (landed + missed + 2 * _DOUBT)
        return max(-MAX_BOOST, min(MAX_BOOST, bonus + LANDS * (2 * rate - 1)))


NO_BOOST = ContextBoost()
