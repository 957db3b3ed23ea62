"""The bottleneck: the stage that loses most money against the team's own past or its target.

Both times are counted alike: of the deals that came to a stage, those that went on within the same
number of days. A deal that came more recently than that is counted in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import prod

from kb.funnel.figures.confidence import Share, probability_lower
from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Span, summarize_durations
from kb.funnel.figures.money import Rates
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus

MIN_DEALS = 12  # deals in either time
MIN_CONFIDENCE = 0.8
MIN_DAYS, MAX_DAYS = 7, 90  # days


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
    confidence: float
    target: bool = False

    @property
    def gap(self) -> float:
        """By how much of a share it is lower."""
        return self.before.share - self.now.share


@dataclass(frozen=True)
class Bottleneck:
    """The costliest stage; None where no stage is surely worse. `counted` were enough to tell."""

    loss: Loss | None
    judged: int

    @property
    def too_few(self) -> bool:
        """Whether there were too few deals in every stage to tell anything."""
        return self.judged == 0


def find_bottleneck(
    histories: Sequence[DealHistory],
    funnel: Funnel,
    span: Span,
    past: Span,
    now: datetime,
    rates: Rates,
    targets: Mapping[str, int] | None = None,
) -> Bottleneck:
    """The stage that costs most in the time against `past`, or its target in percent."""
    shares = [_measure_conversion(histories, place, past) for place in range(len(funnel.selling))]
    worth = _average_amount(histories, rates)
    losses = []
    for place, stage in enumerate(funnel.selling):
        days = _find_horizon(histories, place)
        counts = [_measure_share_within(histories, place, each, days, now) for each in (span, past)]
        target = (targets or {}).get(stage.key)
        if target is not None:
            counts[1] = Share(target * 100, 10_000)
        if min(each.whole for each in counts) >= MIN_DEALS:
            onward = prod((share.share for share in shares[place + 1 :]), start=1.0)
            losses.append(
                _compare_shares(stage.key, counts, days, worth * Decimal(str(onward)), target)
            )
    costly = [loss for loss in losses if loss.gap > 0 and loss.confidence >= MIN_CONFIDENCE]
    worst = max(costly, key=lambda loss: (loss.money, loss.gap), default=None)
    return Bottleneck(worst, len(losses))


def _compare_shares(
    stage: str, counts: list[Share], days: int, worth: Decimal, target: int | None
) -> Loss:
    now, before = counts
    missing = max(0.0, before.share - now.share) * now.whole
    money = worth * Decimal(str(missing))
    return Loss(stage, now, before, days, money, probability_lower(now, before), target is not None)


def _measure_conversion(histories: Iterable[DealHistory], place: int, span: Span) -> Share:
    came = [history for history in histories if span.holds(history.reached_at[place])]
    decided = [c for c in came if c.went_on(place) or not c.is_open]
    return Share(sum(history.went_on(place) for history in decided), len(decided))


def _find_horizon(histories: Iterable[DealHistory], place: int) -> int:
    """In so many days four of five of those that went on did so."""
    took = (
        left - came
        for history in histories
        if (came := history.reached_at[place]) is not None
        and (left := _find_progress(history, place)) is not None
    )
    p80 = summarize_durations(took).p80
    return min(MAX_DAYS, max(MIN_DAYS, round(p80))) if p80 is not None else MIN_DAYS


def _measure_share_within(
    histories: Iterable[DealHistory], place: int, span: Span, days: int, now: datetime
) -> Share:
    limit = timedelta(days=days)
    came = [
        (history, at)
        for history in histories
        if (at := history.reached_at[place]) is not None and span.holds(at) and now - at >= limit
    ]
    on = sum(_is_within(_find_progress(history, place), at + limit) for history, at in came)
    return Share(on, len(came))


def _is_within(at: datetime | None, end: datetime) -> bool:
    return at is not None and at <= end


def _find_progress(history: DealHistory, place: int) -> datetime | None:
    further = [at for at in history.reached_at[place + 1 :] if at is not None]
    if history.status == DealStatus.WON and history.ended_at is not None:
        further.append(history.ended_at)
    return min(further, default=None)


def _average_amount(histories: Iterable[DealHistory], rates: Rates) -> Decimal:
    """What a deal is worth in the team's currency, over all that have an amount and a rate."""
    worths = [
        history.amount * rate
        for history in histories
        if history.amount is not None and (rate := rates.of(history.deal.currency)) is not None
    ]
    return sum(worths, Decimal(0)) / len(worths) if worths else Decimal(0)
