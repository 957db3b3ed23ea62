"""Counts lost deals by stage and reason, the most frequent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Span, measure
from kb.funnel.figures.money import Rates, Total
from kb.funnel.figures.periods import Period
from kb.funnel.stages.funnel import Funnel


@dataclass(frozen=True)
class LossRow:
    """The deals lost at one stage for one reason, and the sum of their amounts."""

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
    rows: tuple[LossRow, ...]


def list_losses(
    histories: Sequence[DealHistory], funnel: Funnel, span: Span, period: Period, rates: Rates
) -> Losses:
    """The losses among these deals in the time."""
    measured = measure(histories, funnel, span)
    rows = tuple(
        LossRow(stage, reason, each.n, rates.total(each.amounts))
        for (stage, reason), each in measured.losses.items()
    )
    return Losses(period, measured.lost.n, rates.total(measured.lost.amounts), rows)
