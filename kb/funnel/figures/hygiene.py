"""Which live deals are not kept in order: no next step, overdue, no decision maker, no amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from kb.funnel.stages.funnel import Funnel

Fault = Literal["no_step", "overdue", "no_decider", "stale_amount"]
FAULTS: tuple[Fault, ...] = ("overdue", "no_step", "no_decider", "stale_amount")
DECIDER_FROM = 30  # odds in percent from which somebody who decides should be known
AMOUNT_FROM = 30
STALE = timedelta(days=60)


class Kept(NamedTuple):
    """A live deal as it is kept; `amount_at` is when its amount was last said, None for never."""

    deal_id: int
    owner_id: int
    stage: str
    next_step_at: datetime | None
    has_decider: bool
    amount_at: datetime | None


@dataclass(frozen=True)
class Owner:
    """One member's live deals and what is wrong with which of them; a deal may have several."""

    member_id: int
    live: int
    faults: Mapping[Fault, tuple[int, ...]]

    @property
    def deals(self) -> tuple[int, ...]:
        """Every deal with a fault, once, the worst fault first."""
        return tuple(dict.fromkeys(deal for fault in FAULTS for deal in self.faults[fault]))


def hygiene(deals: Iterable[Kept], funnel: Funnel, now: datetime) -> tuple[Owner, ...]:
    """Each owner's faults, whoever has most deals with one in front."""
    owners: dict[int, list[Kept]] = {}
    for deal in deals:
        owners.setdefault(deal.owner_id, []).append(deal)
    found = [_owner(member, theirs, funnel, now) for member, theirs in owners.items()]
    return tuple(sorted(found, key=lambda each: (-len(each.deals), each.member_id)))


def faults_of(deal: Kept, funnel: Funnel, now: datetime) -> list[Fault]:
    """What is wrong with a deal."""
    odds = funnel.stage(deal.stage).odds
    stale = deal.amount_at is None or now - deal.amount_at > STALE
    wrong: dict[Fault, bool] = {
        "overdue": deal.next_step_at is not None and deal.next_step_at < now,
        "no_step": deal.next_step_at is None,
        "no_decider": odds >= DECIDER_FROM and not deal.has_decider,
        "stale_amount": odds >= AMOUNT_FROM and stale,
    }
    return [fault for fault in FAULTS if wrong[fault]]


def _owner(member: int, deals: list[Kept], funnel: Funnel, now: datetime) -> Owner:
    wrong = [(deal.deal_id, faults_of(deal, funnel, now)) for deal in deals]
    return Owner(
        member,
        len(deals),
        {fault: tuple(deal for deal, its in wrong if fault in its) for fault in FAULTS},
    )
