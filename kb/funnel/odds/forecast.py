"""What the open deals will bring: weighted by chances, and as a range by drawing them many times.

A deal counts for a period by its chance of being won at all, times the share of past won deals
that were won as soon from where it stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kb.funnel.figures.deal_history import Course
from kb.funnel.figures.measures import DAY, Span
from kb.funnel.figures.money import Rates, Total, added
from kb.funnel.figures.periods import Period
from kb.funnel.odds.backtest import Month
from kb.funnel.odds.odds_model import Model, Odds, predict
from kb.funnel.odds.snapshots import at_moment
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus

DRAWS = 2_000
LOW, HIGH = 0.1, 0.9
ENOUGH = 5  # past won deals to say how long it takes


@dataclass(frozen=True)
class Chance:
    """An open deal: its amount in the team's currency, its odds, and how likely it comes in time.

    `own` is its owner's number, 0..1; `in_time` the chance, 0..1, that it is won in the period if
    it is won at all.
    """

    deal_id: int
    owner_id: int
    stage: str
    amount: Decimal
    odds: Odds
    own: float | None
    in_time: float

    @property
    def worth(self) -> Decimal:
        """The amount times the learned chance."""
        return self.amount * Decimal(str(self.odds.chance))

    @property
    def own_or_learned(self) -> float:
        """Its owner's number, or where they gave none the learned one."""
        return self.odds.chance if self.own is None else self.own


@dataclass(frozen=True)
class Forecast:
    """What a period will bring, in the team's currency.

    `fixed`, `learned` and `own` weigh all open deals by the stages' odds, the learned ones, and the
    owners' numbers where they gave one. `in_time` is what is won already and what the learned odds
    expect until the end; `low` and `high` bound it in four of five draws. `unpriced` deals have no
    amount or no rate. `record` is how the learned odds did, month by month.
    """

    period: Period
    won: Total
    open: Total
    fixed: Decimal
    learned: Decimal
    own: Decimal
    in_time: Decimal
    low: Decimal
    high: Decimal
    chances: tuple[Chance, ...]
    unpriced: int
    record: tuple[Month, ...] = ()

    @property
    def is_learned(self) -> bool:
        """Whether history said enough to say anything beside the fixed odds."""
        return any(chance.odds.learned for chance in self.chances)


def forecast(
    found: Sequence[Course],
    funnel: Funnel,
    model: Model,
    rates: Rates,
    period: Period,
    span: Span,
    now: datetime,
) -> Forecast:
    """What these courses will bring by the end of the period."""
    pace = _Pace(found)
    left = max(0.0, (span.end - now) / DAY)
    live = [course for course in found if course.is_open]
    every = [_chance(course, funnel, model, rates, pace, left, now) for course in live]
    chances = sorted((each for each in every if each), key=lambda each: (-each.worth, each.deal_id))
    won = [
        course
        for course in found
        if course.status == DealStatus.WON and span.holds(course.ended_at)
    ]
    total = rates.total(added((course.amount, course.deal.currency) for course in won))
    expected = [each.odds.chance * each.in_time for each in chances]
    low, high = drawn([float(each.amount) for each in chances], expected)
    return Forecast(
        period=period,
        won=total,
        open=rates.total(added((course.amount, course.deal.currency) for course in live)),
        fixed=_weighed(chances, [each.odds.fixed for each in chances]),
        learned=_weighed(chances, [each.odds.chance for each in chances]),
        own=_weighed(chances, [each.own_or_learned for each in chances]),
        in_time=total.amount + _weighed(chances, expected),
        low=total.amount + low,
        high=total.amount + high,
        chances=tuple(chances),
        unpriced=len(live) - len(chances),
    )


def drawn(amounts: Sequence[float], chances: Sequence[float]) -> tuple[Decimal, Decimal]:
    """The sums that LOW and HIGH of many draws do not exceed; the same deals give the same."""
    if not amounts:
        return Decimal(0), Decimal(0)
    import numpy as np  # noqa: PLC0415 only a forecast needs it

    chance, sums = np.random.default_rng(1), np.zeros(DRAWS)
    for amount, share in zip(amounts, chances, strict=True):
        sums += amount * (chance.random(DRAWS) < share)
    low, high = np.quantile(sums, [LOW, HIGH])
    return Decimal(round(float(low))), Decimal(round(float(high)))


def _chance(
    course: Course,
    funnel: Funnel,
    model: Model,
    rates: Rates,
    pace: _Pace,
    left: float,
    now: datetime,
) -> Chance | None:
    """An open deal's chance; None where its amount is not known in the team's currency."""
    seen, rate = at_moment(course, now, rates), rates.of(course.deal.currency)
    if seen is None or rate is None or course.amount is None:
        return None
    own = course.deal.own_odds
    return Chance(
        course.deal.id,
        course.deal.owner_id,
        course.stage,
        course.amount * rate,
        predict(model, funnel, seen),
        own / 100 if own is not None else None,
        pace.in_time(funnel.index(course.stage), seen.age, left),
    )


def _weighed(chances: Sequence[Chance], shares: Sequence[float]) -> Decimal:
    return sum(
        (each.amount * Decimal(str(share)) for each, share in zip(chances, shares, strict=True)),
        Decimal(0),
    )


class _Pace:
    """How many days the won deals took from each stage until they were won."""

    def __init__(self, found: Sequence[Course]) -> None:
        took: dict[int, list[float]] = {}
        for course in found:
            if course.status != DealStatus.WON or course.ended_at is None:
                continue
            for place, came in enumerate(course.reached[: course.selling]):
                if came is not None and course.ended_at > came:
                    took.setdefault(place, []).append((course.ended_at - came) / DAY)
        self._took = {place: sorted(days) for place, days in took.items()}

    def in_time(self, place: int, age: float, left: float) -> float:
        """The share of those that stood in the stage that long and were won in so many days."""
        took = self._took.get(place, [])
        longer = len(took) - bisect_right(took, age)
        if longer >= ENOUGH:
            return (bisect_right(took, age + left) - bisect_right(took, age)) / longer
        return bisect_right(took, left) / len(took) if len(took) >= ENOUGH else 1.0
