"""Forecasts what the open deals will bring: weighted by their chances, and as a simulated range.

A deal with an expected close date counts in the period of that day, by its chance of being won at
all. One without counts by that chance times the share of past won deals that were won as soon from
the same stage.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import DAY, Span
from kb.funnel.figures.money import Rates, Total, sum_amounts
from kb.funnel.figures.periods import Period
from kb.funnel.odds.backtest import Month
from kb.funnel.odds.odds_model import Model, Odds, predict
from kb.funnel.odds.snapshots import take_snapshot
from kb.funnel.stages.funnel import Funnel
from kb.states import DealStatus

DRAWS = 2_000
LOW, HIGH = 0.1, 0.9
MIN_WON = 5  # past won deals that say how long winning takes


@dataclass(frozen=True)
class Chance:
    """An open deal's chance of being won, and of being won in the period."""

    deal_id: int
    owner_id: int
    stage: str
    amount: Decimal  # in the team's currency
    odds: Odds
    own: float | None  # its owner's own number, 0..1
    in_time: float  # chance, 0..1, that it is won in the period if it is won at all
    close_date: date | None  # the day on which its owner expects it to be signed

    @property
    def worth(self) -> Decimal:
        """The amount times the learned chance."""
        return self.amount * Decimal(str(self.odds.chance))

    @property
    def own_or_learned(self) -> float:
        """The owner's number, or the learned one where they gave none."""
        return self.odds.chance if self.own is None else self.own


@dataclass(frozen=True)
class Forecast:
    """What a period will bring, in the team's currency."""

    period: Period
    won: Total
    open: Total
    fixed: Decimal  # all open deals weighted by the stages' own odds,
    learned: Decimal  # by the learned odds,
    own: Decimal  # and by the owners' numbers where they gave one
    in_time: Decimal  # won already, and expected until the end by the learned odds
    low: Decimal  # in four of five simulations the sum lies between `low` and `high`
    high: Decimal
    chances: tuple[Chance, ...]
    unpriced: int  # open deals without an amount or a rate
    undated: int  # counted deals without a close date
    record: tuple[Month, ...] = ()  # the backtest of the learned odds

    @property
    def is_learned(self) -> bool:
        """Whether a model has a say beside the stages' own odds."""
        return any(chance.odds.learned for chance in self.chances)


def forecast_period(
    histories: Sequence[DealHistory],
    funnel: Funnel,
    model: Model,
    rates: Rates,
    period: Period,
    span: Span,
    now: datetime,
) -> Forecast:
    """What these deals will bring in the period: the dated ones of its days, the others by its end.

    `span` is the period in local time. The period has not ended by `now`.
    """
    pace = _WinningPace(histories)
    live = [history for history in histories if history.is_open]

    def find_share(history: DealHistory, age: float) -> float:
        day = history.deal.close_date
        if day is not None:
            return float(is_expected_in(day, period, is_current=span.holds(now)))
        left = max(0.0, (span.end - now) / DAY)
        return pace.in_time(funnel.index(history.stage), age, left)

    every = [_estimate_chance(history, funnel, model, rates, find_share, now) for history in live]
    chances = sorted((each for each in every if each), key=lambda each: (-each.worth, each.deal_id))
    won = [
        history
        for history in histories
        if history.status == DealStatus.WON and span.holds(history.ended_at)
    ]
    total = rates.total(sum_amounts((history.amount, history.deal.currency) for history in won))
    expected = [each.odds.chance * each.in_time for each in chances]
    low, high = simulate_range([float(each.amount) for each in chances], expected)
    return Forecast(
        period=period,
        won=total,
        open=rates.total(sum_amounts((history.amount, history.deal.currency) for history in live)),
        fixed=_weigh(chances, [each.odds.fixed for each in chances]),
        learned=_weigh(chances, [each.odds.chance for each in chances]),
        own=_weigh(chances, [each.own_or_learned for each in chances]),
        in_time=total.amount + _weigh(chances, expected),
        low=total.amount + low,
        high=total.amount + high,
        chances=tuple(chances),
        unpriced=len(live) - len(chances),
        undated=sum(each.close_date is None for each in chances),
    )


def is_expected_in(day: date, period: Period, *, is_current: bool) -> bool:
    """Whether an open deal with this close date counts in the period.

    One whose day has passed counts in the current period: it can't be won any sooner. So of the
    periods from the current one on exactly one counts it.
    """
    return period.holds(day) or (is_current and day < period.first)


def simulate_range(amounts: Sequence[float], chances: Sequence[float]) -> tuple[Decimal, Decimal]:
    """The sums at the LOW and HIGH quantiles of many simulations; the same deals give the same."""
    if not amounts:
        return Decimal(0), Decimal(0)
    import numpy as np  # noqa: PLC0415 only a forecast needs it

    chance, sums = np.random.default_rng(1), np.zeros(DRAWS)
    for amount, share in zip(amounts, chances, strict=True):
        sums += amount * (chance.random(DRAWS) < share)
    low, high = np.quantile(sums, [LOW, HIGH])
    return Decimal(round(float(low))), Decimal(round(float(high)))


def _estimate_chance(
    history: DealHistory,
    funnel: Funnel,
    model: Model,
    rates: Rates,
    find_share: Callable[[DealHistory, float], float],
    now: datetime,
) -> Chance | None:
    """An open deal's chance, of which `find_share` gives the share that falls into the period.

    It takes the days that the deal has been in its stage. None where the amount is not known in
    the team's currency.
    """
    seen, rate = take_snapshot(history, now, rates), rates.of(history.deal.currency)
    if seen is None or rate is None or history.amount is None:
        return None
    own = history.deal.own_odds
    return Chance(
        history.deal.id,
        history.deal.owner_id,
        history.stage,
        history.amount * rate,
        predict(model, funnel, seen),
        own / 100 if own is not None else None,
        find_share(history, seen.age),
        history.deal.close_date,
    )


def _weigh(chances: Sequence[Chance], shares: Sequence[float]) -> Decimal:
    return sum(
        (each.amount * Decimal(str(share)) for each, share in zip(chances, shares, strict=True)),
        Decimal(0),
    )


class _WinningPace:
    """How many days won deals took from each stage until they were won."""

    def __init__(self, histories: Sequence[DealHistory]) -> None:
        took: dict[int, list[float]] = {}
        for history in histories:
            if history.status != DealStatus.WON or history.ended_at is None:
                continue
            for place, came in enumerate(history.reached_at[: history.selling]):
                if came is not None and history.ended_at > came:
                    took.setdefault(place, []).append((history.ended_at - came) / DAY)
        self._took = {place: sorted(days) for place, days in took.items()}

    def in_time(self, place: int, age: float, left: float) -> float:
        """The share, of past deals that were in the stage for `age` days, won `left` days later."""
        took = self._took.get(place, [])
        longer = len(took) - bisect_right(took, age)
        if longer >= MIN_WON:
            return (bisect_right(took, age + left) - bisect_right(took, age)) / longer
        return bisect_right(took, left) / len(took) if len(took) >= MIN_WON else 1.0
