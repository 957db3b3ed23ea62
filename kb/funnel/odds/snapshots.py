"""Snapshots of deals while they were open: what was known of them at one age in one stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from kb.funnel.figures.deal_history import DealHistory, Stay
from kb.funnel.figures.measures import DAY
from kb.funnel.figures.money import Rates
from kb.states import DealStatus

AGES = (0, 2, 5, 9, 14, 21, 30, 45, 60, 90)  # days


class Snapshot(NamedTuple):
    """A deal at one moment while it was open; what comes after `amount` was not known then."""

    deal_id: int
    stage: str
    age: float  # days in the stage so far
    source: str
    owner_id: int
    amount: float | None  # in the team's currency
    won: bool = False
    stayed: float = 0.0  # days that it was in the stage in all


def list_ended(histories: Iterable[DealHistory], before: datetime) -> list[DealHistory]:
    """The deals that had ended before an instant, in the order of their ends."""
    ended = [c for c in histories if c.ended_at is not None and c.ended_at < before]
    return sorted(ended, key=lambda history: (history.ended_at or before, history.deal.id))


def take_past_snapshots(histories: Iterable[DealHistory], rates: Rates) -> list[Snapshot]:
    """Snapshots of ended deals at several ages in each of their stages."""
    return [snapshot for history in histories for snapshot in _take_at_ages(history, rates)]


def _take_at_ages(history: DealHistory, rates: Rates) -> Iterator[Snapshot]:
    for stay in history.stays:
        if stay.went is None or stay.went == stay.came:
            continue
        for age in AGES:
            at = stay.came + timedelta(days=age)
            if at >= stay.went:
                break
            yield _take(history, stay, at, rates)


def take_snapshot(history: DealHistory, at: datetime, rates: Rates) -> Snapshot | None:
    """The deal as it was at an instant; None where it was not open then."""
    for stay in history.stays:
        if stay.came <= at and (stay.went is None or at < stay.went):
            return _take(history, stay, at, rates)
    return None


def _take(history: DealHistory, stay: Stay, at: datetime, rates: Rates) -> Snapshot:
    amount, rate = history.amount_at(at), rates.of(history.deal.currency)
    return Snapshot(
        history.deal.id,
        stay.stage,
        (at - stay.came) / DAY,
        history.deal.source,
        history.deal.owner_id,
        float(amount * rate) if amount is not None and rate is not None else None,
        history.status == DealStatus.WON,
        ((stay.went or at) - stay.came) / DAY,
    )
