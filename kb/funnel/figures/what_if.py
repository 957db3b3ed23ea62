"""What if: projects a year of the funnel with other conversions, leads or amounts.

The conversions multiply, so several changes together bring more than their sum, and what is won
changes by the same factor as the product of all steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from kb.funnel.figures.confidence import Share
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Span
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus

LEADS, AMOUNT = "leads", "amount"


@dataclass(frozen=True)
class Step:
    """A stage's conversion, as it was and as projected, 0..1."""

    stage: str
    actual: Share
    projected: float

    @property
    def changed(self) -> bool:
        """Whether the projection differs from what was."""
        return self.projected != self.actual.share


@dataclass(frozen=True)
class ProjectedYear:
    """A year as it was and as projected. Money is in the team's currency."""

    steps: tuple[Step, ...]
    won: int
    amount: Decimal
    factor: float  # what the won amount is multiplied by
    # What each change would bring without the others, in the order in which they were named.
    extra_of_each: tuple[tuple[str, Decimal], ...]
    leads: float = 1.0  # what the number of leads is multiplied by

    @property
    def projected_wins(self) -> float:
        """How many deals would be won; a change of the amounts alone wins no more."""
        return self.won * prod(_ratio_of(step) for step in self.steps) * self.leads

    @property
    def projected_amount(self) -> Decimal:
        """What would be won."""
        return self.amount * Decimal(str(self.factor))

    @property
    def extra(self) -> Decimal:
        """What all changes together would add; negative where they take away."""
        return self.projected_amount - self.amount


def project_year(
    histories: Sequence[DealHistory],
    funnel: Funnel,
    year: Span,
    amount: Decimal,
    changes: Mapping[str, float],
) -> ProjectedYear:
    """Projects the year: percentage points by stage, percent for LEADS and AMOUNT.

    `amount` is what was won in the year. A conversion stays between 0 and 1.
    """
    steps = tuple(
        _project_step(histories, place, stage.key, year, changes.get(stage.key, 0.0))
        for place, stage in enumerate(funnel.selling)
    )
    won = sum(
        history.status == DealStatus.WON and year.holds(history.ended_at) for history in histories
    )
    scaled = {name: 1 + changes.get(name, 0.0) / 100 for name in (LEADS, AMOUNT)}
    ratios = {step.stage: _ratio_of(step) for step in steps} | scaled
    factor = prod(ratios.values())
    extras = tuple((name, amount * Decimal(str(ratios[name] - 1))) for name in changes)
    return ProjectedYear(steps, won, amount, factor, extras, scaled[LEADS])


def _project_step(
    histories: Sequence[DealHistory], place: int, stage: str, year: Span, points: float
) -> Step:
    came = [history for history in histories if year.holds(history.reached_at[place])]
    decided = [history for history in came if history.went_on(place) or not history.is_open]
    share = Share(sum(history.went_on(place) for history in decided), len(decided))
    projected = min(1.0, max(0.0, share.share + points / 100)) if points else share.share
    return Step(stage, share, projected)


def _ratio_of(step: Step) -> float:
    return step.projected / step.actual.share if step.actual.share else 1.0
