"""Lost deals by stage and reason in one value, the most frequent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.measures import Span, measure
from kb.funnel.figures.money import Rates, Total
from kb.funnel.figures.periods import Period
from kb.funnel.stages.funnel import Funnel


@dataclass(frozen=True)
class Row:
    """The deals lost at one stage for one reason, and what they came to."""

    stage: str
    reason: str
    n: int
    total: Total


@dataclass(frozen=True)
class Losses:
    """A period's lost deals: how many, their sum, and by stage and reason."""

    period: Period
    n: int
    total: Total
    rows: tuple[Row, ...]


def losses(
    found: Sequence[Course], funnel: Funnel, span: Span, period: Period, rates: Rates
) -> Losses:
    """The losses of these courses in the time."""
    measured = measure(found, funnel, span)
    rows = tuple(
        Row(stage, reason, each.n, rates.total(each.amounts))
        for (stage, reason), each in measured.losses.items()
    )
    return Losses(period, measured.lost.n, rates.total(measured.lost.amounts), rows)
