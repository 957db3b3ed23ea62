"""A deal's history, rebuilt from its events alone: what it reached when, and how it ended.

An event that was undone, and the one that undid it, do not count. A deal that skips stages has
reached them too, at the instant of the move: so the shares that go on from stage to stage multiply
to the share that is won. A stage that is no longer in the funnel counts as the one that took its
place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from kb.funnel.stages.funnel import Funnel
from kb.states import ENDED, DealStatus


class DealRow(NamedTuple):
    """A deal as it is now: what no event records, or what never changes."""

    id: int
    owner_id: int
    source: str
    stage: str
    status: DealStatus
    amount: Decimal | None  # in `currency`
    currency: str  # ISO 4217
    created_at: datetime
    own_odds: int | None = None  # its owner's own chance of it, in percent
    close_date: date | None = None  # local day on which it should be signed


class EventRow(NamedTuple):
    """One event of a deal; what it left unchanged is None. Instants are aware UTC."""

    deal_id: int
    id: int
    undoes_id: int | None
    kind: str
    at: datetime
    stage_before: str | None
    stage: str | None
    status: str | None
    reason: str | None  # why it was lost
    amount_before: str | None
    amount: str | None


@dataclass(slots=True)
class Stay:
    """Time in one stage, from `came` to `went`; None while the deal is still there."""

    stage: str
    came: datetime
    went: datetime | None = None


@dataclass(slots=True)
class DealHistory:
    """What became of a deal, as of its newest event."""

    deal: DealRow
    began_at: datetime
    # By the funnel's order: when the deal first came to each stage or skipped it; None where it
    # has not come so far.
    reached_at: list[datetime | None]
    selling: int  # how many stages come before the payment
    stays: list[Stay] = field(default_factory=list)
    status: DealStatus = DealStatus.LIVE
    reason: str = ""  # why it was lost
    ended_at: datetime | None = None  # when it was won or lost; None while open
    amounts_since: list[tuple[datetime, Decimal | None]] = field(default_factory=list)

    @property
    def stage(self) -> str:
        """The stage where the deal is now, or where it ended."""
        return self.stays[-1].stage

    @property
    def is_open(self) -> bool:
        """Whether it can still be won: also one that is parked, or waits for a new owner."""
        return self.status not in ENDED

    @property
    def amount(self) -> Decimal | None:
        """Its newest amount."""
        return self.amounts_since[-1][1]

    def went_on(self, place: int) -> bool:
        """Whether it came to any stage after this one, or was won from it."""
        if self.status == DealStatus.WON and place < self.selling:
            return True
        return any(at is not None for at in self.reached_at[place + 1 :])

    def amount_at(self, at: datetime) -> Decimal | None:
        """Its amount as it was known at an instant."""
        known = [amount for since, amount in self.amounts_since if since <= at]
        return known[-1] if known else self.amounts_since[0][1]


def build_histories(
    deals: Iterable[DealRow], events: Iterable[EventRow], funnel: Funnel
) -> list[DealHistory]:
    """The history of each deal that has any; events come deal by deal, in the order of their ids.

    Deals whose creation was undone have none.
    """
    known = {deal.id: deal for deal in deals}
    builder = _HistoryBuilder(funnel)
    histories = []
    for deal_id, its_events in groupby(events, key=lambda event: event.deal_id):
        deal = known.get(deal_id)
        if deal is not None:
            history = builder.build(deal, _drop_undone(list(its_events)))
            if history.status != DealStatus.WITHDRAWN:
                histories.append(history)
    return histories


def _drop_undone(events: list[EventRow]) -> list[EventRow]:
    """The events that were not undone, without those that undid the others."""
    undone = {event.undoes_id for event in events if event.undoes_id is not None}
    if not undone:
        return events
    return [event for event in events if event.undoes_id is None and event.id not in undone]


class _HistoryBuilder:
    """Replays events along a funnel's stages."""

    def __init__(self, funnel: Funnel) -> None:
        self._funnel = funnel
        self._places = {stage.key: place for place, stage in enumerate(funnel.stages)}
        self._current: dict[str, str] = {key: key for key in self._places}

    def build(self, deal: DealRow, events: Sequence[EventRow]) -> DealHistory:
        """The history of one deal from its events, none of them undone."""
        funnel = self._funnel
        began = events[0].at if events else deal.created_at
        history = DealHistory(deal, began, [None] * len(funnel.stages), len(funnel.selling))
        stages = (event.stage_before for event in events if event.stage_before is not None)
        history.stays.append(Stay(self._current_stage(next(stages, deal.stage)), began))
        history.amounts_since.append((began, _find_first_amount(deal, events)))
        history.status = deal.status if not events else DealStatus.WITHDRAWN
        furthest = self._places[history.stage]
        history.reached_at[furthest] = began
        for event in events:
            furthest = self._apply(history, event, furthest)
        return history

    def _current_stage(self, key: str) -> str:
        """The stage of this funnel that a key means today."""
        found = self._current.get(key)
        if found is None:
            found = self._current[key] = self._funnel.here(key)
        return found

    def _apply(self, history: DealHistory, event: EventRow, furthest: int) -> int:
        """Applies one event to the history; returns the furthest place reached so far."""
        if event.amount is not None or event.amount_before is not None:
            history.amounts_since.append((event.at, _parse_amount(event.amount)))
        if event.status is not None and event.status != history.status:
            _change_status(history, DealStatus(event.status), event)
        stage = self._current_stage(event.stage) if event.stage is not None else history.stage
        if stage == history.stage:
            return furthest
        place = self._places[stage]
        _enter_stage(history, stage, event.at, after=place >= history.selling)
        for each in range(furthest + 1, place + 1):
            history.reached_at[each] = event.at
        return max(furthest, place)


def _change_status(history: DealHistory, status: DealStatus, event: EventRow) -> None:
    """Ends or reopens the deal; its stay in the stage ends or begins with that."""
    history.status, history.reason = status, event.reason or ""
    history.ended_at = None if history.is_open else event.at
    if history.ended_at is not None:
        history.stays[-1].went = history.stays[-1].went or event.at
    elif history.stays[-1].went is not None:
        history.stays.append(Stay(history.stage, event.at))


def _enter_stage(history: DealHistory, stage: str, at: datetime, *, after: bool) -> None:
    """Begins a stay. A won deal leaves the last stage before the payment in the same instant."""
    history.stays[-1].went = history.stays[-1].went or at
    went = at if history.ended_at is not None and not after else None
    history.stays.append(Stay(stage, at, went))


def _find_first_amount(deal: DealRow, events: Sequence[EventRow]) -> Decimal | None:
    for event in events:
        if event.amount is not None or event.amount_before is not None:
            return _parse_amount(event.amount_before)
    return deal.amount


def _parse_amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
