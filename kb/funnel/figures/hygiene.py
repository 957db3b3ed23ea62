"""Pipeline hygiene: live deals overdue, stalled, without a next step, decider or fresh amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import STEP_FAULTS, StepFault

Fault = StepFault | Literal["no_decider", "stale_amount"]
FAULTS: tuple[Fault, ...] = (*STEP_FAULTS, "no_decider", "stale_amount")
DECIDER_FROM = 30  # odds in percent from which somebody who decides should be known
AMOUNT_FROM = 30  # odds in percent from which the amount should be fresh
STALE = timedelta(days=60)


class LiveDeal(NamedTuple):
    """A live deal as hygiene sees it; `amount_at` is when its amount was last set, None: never."""

    deal_id: int
    owner_id: int
    stage: str
    step_fault: StepFault | None
    has_decider: bool
    amount_at: datetime | None


@dataclass(frozen=True)
class OwnerFaults:
    """One member's live deals, counted, and the ids of those with each fault."""

    member_id: int
    live: int
    faults: Mapping[Fault, tuple[int, ...]]

    @property
    def deals(self) -> tuple[int, ...]:
        """The id of every deal with a fault, once, the worst faults first."""
        return tuple(dict.fromkeys(deal for fault in FAULTS for deal in self.faults[fault]))


def check_hygiene(
    deals: Iterable[LiveDeal], funnel: Funnel, now: datetime
) -> tuple[OwnerFaults, ...]:
    """Each owner's faults, whoever has most deals with one first."""
    owners: dict[int, list[LiveDeal]] = {}
    for deal in deals:
        owners.setdefault(deal.owner_id, []).append(deal)
    found = [_check_owner(member, theirs, funnel, now) for member, theirs in owners.items()]
    return tuple(sorted(found, key=lambda each: (-len(each.deals), each.member_id)))


def find_faults(deal: LiveDeal, funnel: Funnel, now: datetime) -> list[Fault]:
    """The faults of a deal, the worst first."""
    odds = funnel.stage(deal.stage).odds
    stale = deal.amount_at is None or now - deal.amount_at > STALE
    wrong: dict[Fault, bool] = {
        "no_decider": odds >= DECIDER_FROM and not deal.has_decider,
        "stale_amount": odds >= AMOUNT_FROM and stale,
    }
    return [fault for fault in FAULTS if fault == deal.step_fault or wrong.get(fault)]


def _check_owner(member: int, deals: list[LiveDeal], funnel: Funnel, now: datetime) -> OwnerFaults:
    wrong = [(deal.deal_id, find_faults(deal, funnel, now)) for deal in deals]
    return OwnerFaults(
        member,
        len(deals),
        {fault: tuple(deal for deal, its in wrong if fault in its) for fault in FAULTS},
    )
