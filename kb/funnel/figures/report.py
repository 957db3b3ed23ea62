"""The figures of a report: deals won, lost and created, the bottleneck, people's activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kb.funnel.figures.bottleneck import Bottleneck, find_bottleneck
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import (
    DealCount,
    Durations,
    Measures,
    Span,
    compute_velocity,
    count_deals,
    measure,
)
from kb.funnel.figures.money import Rates, Total
from kb.funnel.figures.periods import Period
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus


@dataclass(frozen=True)
class Objection:
    """How often a card's objection came up at a stage, and what became of those deals."""

    stage: str
    card_id: int
    times: int
    won: int
    lost: int


@dataclass(frozen=True)
class Activity:
    """What people did in the period; `acts` counts by member and kind of event.

    `response` is how long new leads waited for the first touch.
    """

    acts: Mapping[int, Mapping[str, int]]
    response: Durations
    objections: tuple[Objection, ...]


@dataclass(frozen=True)
class Report:
    """A period's figures beside those of the period before, up to the same day of it.

    `won`, `past_won`, `lost`, `made` and `open` are sums in the team's currency, `velocity` is an
    amount of it a day; `live_deals` are live now.
    """

    period: Period
    is_unfinished: bool
    now: Measures
    past: Measures
    won: Total
    past_won: Total
    lost: Total
    made: Total
    live_deals: DealCount
    open: Total
    worth: Mapping[str, Total]  # by stage: of the deals that came there in the period
    velocity: Decimal | None
    bottleneck: Bottleneck
    activity: Activity


@dataclass(frozen=True)
class ReportTimes:
    """The times of a report: its period, the period before to compare it with, and now."""

    period: Period
    span: Span
    past: Span
    now: datetime

    @property
    def is_unfinished(self) -> bool:
        """Whether the period is not over yet."""
        return self.now < self.span.end

    @property
    def comparable_past(self) -> Span:
        """The period before, cut to the length that has passed of this one."""
        if not self.is_unfinished:
            return self.past
        return Span(self.past.start, min(self.past.end, self.past.start + self.elapsed))

    @property
    def elapsed(self) -> timedelta:
        """How much of the period is over."""
        return self.now - self.span.start


def build_report(
    histories: Sequence[DealHistory],
    funnel: Funnel,
    times: ReportTimes,
    rates: Rates,
    targets: Mapping[str, int],
    activity: Activity,
) -> Report:
    """The figures of these histories; what no history tells is passed in."""
    now, past = (
        measure(histories, funnel, times.span),
        measure(histories, funnel, times.comparable_past),
    )
    live_deals = count_deals(
        [history for history in histories if history.status == DealStatus.LIVE]
    )
    won = rates.total(now.won.amounts)
    return Report(
        period=times.period,
        is_unfinished=times.is_unfinished,
        now=now,
        past=past,
        won=won,
        past_won=rates.total(past.won.amounts),
        lost=rates.total(now.lost.amounts),
        made=rates.total(now.made.amounts),
        live_deals=live_deals,
        open=rates.total(live_deals.amounts),
        worth={flow.stage: rates.total(flow.amounts) for flow in now.flows},
        velocity=compute_velocity(now, live_deals.n, won.amount),
        bottleneck=find_bottleneck(
            histories, funnel, times.span, times.past, times.now, rates, targets
        ),
        activity=activity,
    )
