"""The stage that costs most, against the team's own past or its target, and how sure that is.

Both times are counted alike: of the deals that came to a stage, those that went on within the same
number of days. A deal that has not stood there so long yet is not counted in either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import prod

from kb.funnel.figures.confidence import Share, surely_lower
from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.measures import Span, days_of
from kb.funnel.figures.money import Rates
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus

ENOUGH = 12  # deals in either time
SURE = 0.8
SHORTEST, LONGEST = 7, 90  # days


@dataclass(frozen=True)
class Loss:
    """A stage's share that went on within `days`, now and before, and what the gap costs.

    `money` is in the team's currency: the deals that would have gone on besides, times their
    chance from there, times the average amount. `sure`, 0..1, is how likely the share really is
    the lower one. `target` is true where `before` is what the team set itself, not its past.
    """

    stage: str
    now: Share
    before: Share
    days: int
    money: Decimal
    sure: float
    target: bool = False

    @property
    def gap(self) -> float:
        """By how much of a share it is lower."""
        return self.before.share - self.now.share


@dataclass(frozen=True)
class Bottleneck:
    """The costliest stage; None where no stage is surely worse. `counted` were enough to tell."""

    loss: Loss | None
    counted: int

    @property
    def too_few(self) -> bool:
        """Whether there were too few deals in every stage to tell anything."""
        return self.counted == 0


def find(
    found: Sequence[Course],
    funnel: Funnel,
    span: Span,
    past: Span,
    now: datetime,
    rates: Rates,
    targets: Mapping[str, int] | None = None,
) -> Bottleneck:
    """The stage that costs most in the time against `past`, or its target in percent."""
    shares = [_conversion(found, place, past) for place in range(len(funnel.selling))]
    worth = _average(found, rates)
    losses = []
    for place, stage in enumerate(funnel.selling):
        days = _horizon(found, place)
        counts = [_within(found, place, each, days, now) for each in (span, past)]
        target = (targets or {}).get(stage.key)
        if target is not None:
            counts[1] = Share(target * 100, 10_000)
        if min(each.whole for each in counts) >= ENOUGH:
            onward = prod((share.share for share in shares[place + 1 :]), start=1.0)
            losses.append(_loss(stage.key, counts, days, worth * Decimal(str(onward)), target))
    costly = [loss for loss in losses if loss.gap > 0 and loss.sure >= SURE]
    worst = max(costly, key=lambda loss: (loss.money, loss.gap), default=None)
    return Bottleneck(worst, len(losses))


def _loss(stage: str, counts: list[Share], days: int, worth: Decimal, target: int | None) -> Loss:
    now, before = counts
    missing = max(0.0, before.share - now.share) * now.whole
    money = worth * Decimal(str(missing))
    return Loss(stage, now, before, days, money, surely_lower(now, before), target is not None)


def _conversion(found: Iterable[Course], place: int, span: Span) -> Share:
    came = [course for course in found if span.holds(course.reached[place])]
    decided = [c for c in came if c.went_on(place) or not c.is_open]
    return Share(sum(course.went_on(place) for course in decided), len(decided))


def _horizon(found: Iterable[Course], place: int) -> int:
    """In so many days four of five of those that went on did so."""
    took = (
        left - came
        for course in found
        if (came := course.reached[place]) is not None
        and (left := _went_on_at(course, place)) is not None
    )
    p80 = days_of(took).p80
    return min(LONGEST, max(SHORTEST, round(p80))) if p80 is not None else SHORTEST


def _within(found: Iterable[Course], place: int, span: Span, days: int, now: datetime) -> Share:
    limit = timedelta(days=days)
    came = [
        (course, at)
        for course in found
        if (at := course.reached[place]) is not None and span.holds(at) and now - at >= limit
    ]
    on = sum(_is_within(_went_on_at(course, place), at + limit) for course, at in came)
    return Share(on, len(came))


def _is_within(at: datetime | None, end: datetime) -> bool:
    return at is not None and at <= end


def _went_on_at(course: Course, place: int) -> datetime | None:
    further = [at for at in course.reached[place + 1 :] if at is not None]
    if course.status == DealStatus.WON and course.ended_at is not None:
        further.append(course.ended_at)
    return min(further, default=None)


def _average(found: Iterable[Course], rates: Rates) -> Decimal:
    """What a deal is worth in the team's currency, over all that have an amount and a rate."""
    worths = [
        course.amount * rate
        for course in found
        if course.amount is not None and (rate := rates.of(course.deal.currency)) is not None
    ]
    return sum(worths, Decimal(0)) / len(worths) if worths else Decimal(0)
