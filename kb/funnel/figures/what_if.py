"""What if: a year through the funnel once more, with another share or number at some steps.

The shares multiply, so what several changes bring together is more than their sum, and what is won
changes by the same factor as the product of all steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from kb.funnel.figures.confidence import Share
from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.measures import Span
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus

LEADS, AMOUNT = "leads", "amount"


@dataclass(frozen=True)
class Step:
    """A stage's share that goes on, as it was and as it would be, 0..1."""

    stage: str
    came: Share
    would: float

    @property
    def changed(self) -> bool:
        """Whether anything would be different here."""
        return self.would != self.came.share


@dataclass(frozen=True)
class Supposed:
    """A year as it was and as it would be. Money is in the team's currency.

    `factor` is what everything won is multiplied by; `alone` is the extra each change would bring
    without the others, in the order in which they were said.
    """

    steps: tuple[Step, ...]
    won: int
    amount: Decimal
    factor: float
    alone: tuple[tuple[str, Decimal], ...]

    @property
    def would_win(self) -> float:
        """How many deals would be won; a change of the amount alone wins no more."""
        return self.won * prod(_ratio(step) for step in self.steps) * self.leads

    leads: float = 1.0

    @property
    def would_amount(self) -> Decimal:
        """What would be won."""
        return self.amount * Decimal(str(self.factor))

    @property
    def extra(self) -> Decimal:
        """What that is more, all changes together."""
        return self.would_amount - self.amount


def suppose(
    found: Sequence[Course],
    funnel: Funnel,
    year: Span,
    amount: Decimal,
    changes: Mapping[str, float],
) -> Supposed:
    """The year with these changes: percentage points by stage, percent for LEADS and AMOUNT.

    `amount` is what was won in the year. A share stays between 0 and 1.
    """
    steps = tuple(
        _step(found, place, stage.key, year, changes.get(stage.key, 0.0))
        for place, stage in enumerate(funnel.selling)
    )
    won = sum(course.status == DealStatus.WON and year.holds(course.ended_at) for course in found)
    scaled = {name: 1 + changes.get(name, 0.0) / 100 for name in (LEADS, AMOUNT)}
    ratios = {step.stage: _ratio(step) for step in steps} | scaled
    factor = prod(ratios.values())
    alone = tuple((name, amount * Decimal(str(ratios[name] - 1))) for name in changes)
    return Supposed(steps, won, amount, factor, alone, scaled[LEADS])


def _step(found: Sequence[Course], place: int, stage: str, year: Span, points: float) -> Step:
    came = [course for course in found if year.holds(course.reached[place])]
    decided = [course for course in came if course.went_on(place) or not course.is_open]
    share = Share(sum(course.went_on(place) for course in decided), len(decided))
    would = min(1.0, max(0.0, share.share + points / 100)) if points else share.share
    return Step(stage, share, would)


def _ratio(step: Step) -> float:
    return step.would / step.came.share if step.came.share else 1.0
