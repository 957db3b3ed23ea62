"""A report's figures in one value: what was won, lost and made, where it sticks, who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kb.funnel.figures import bottleneck
from kb.funnel.figures.bottleneck import Bottleneck
from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.measures import Counted, Days, Measures, Span, counted, measure, velocity
from kb.funnel.figures.money import Rates, Total
from kb.funnel.figures.periods import Period
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus


@dataclass(frozen=True)
class Objection:
    """A card's objection that came up at a stage, and what became of those deals."""

    stage: str
    card_id: int
    times: int
    won: int
    lost: int


@dataclass(frozen=True)
class Doings:
    """What people did in the period: by member and kind of act how often.

    `response` is how long new leads waited for the first touch.
    """

    activity: Mapping[int, Mapping[str, int]]
    response: Days
    objections: tuple[Objection, ...]


@dataclass(frozen=True)
class Report:
    """A period's figures beside those of the one before, up to the same day of it.

    `won`, `past_won`, `lost`, `made` and `open` are sums in the team's currency, `velocity` is so
    much of it a day; `standing` are the deals that are live now.
    """

    period: Period
    so_far: bool
    now: Measures
    past: Measures
    won: Total
    past_won: Total
    lost: Total
    made: Total
    standing: Counted
    open: Total
    velocity: Decimal | None
    bottleneck: Bottleneck
    doings: Doings


@dataclass(frozen=True)
class Asked:
    """What a report is about: the period's instants, those it is held against, and the moment."""

    period: Period
    span: Span
    past: Span
    now: datetime

    @property
    def so_far(self) -> bool:
        """Whether the period is not over yet."""
        return self.now < self.span.end

    @property
    def same_stretch(self) -> Span:
        """As much of the period before as is over of this one."""
        if not self.so_far:
            return self.past
        return Span(self.past.start, min(self.past.end, self.past.start + self.elapsed))

    @property
    def elapsed(self) -> timedelta:
        """How much of the period is over."""
        return self.now - self.span.start


def report(
    found: Sequence[Course],
    funnel: Funnel,
    asked: Asked,
    rates: Rates,
    targets: Mapping[str, int],
    doings: Doings,
) -> Report:
    """The figures of these courses; what no course tells is handed in."""
    now, past = measure(found, funnel, asked.span), measure(found, funnel, asked.same_stretch)
    standing = counted([course for course in found if course.status == DealStatus.LIVE])
    won = rates.total(now.won.amounts)
    return Report(
        period=asked.period,
        so_far=asked.so_far,
        now=now,
        past=past,
        won=won,
        past_won=rates.total(past.won.amounts),
        lost=rates.total(now.lost.amounts),
        made=rates.total(now.made.amounts),
        standing=standing,
        open=rates.total(standing.amounts),
        velocity=velocity(now, standing.n, won.amount),
        bottleneck=bottleneck.find(
            found, funnel, asked.span, asked.past, asked.now, rates, targets
        ),
        doings=doings,
    )
