"""When a deal next deserves a nudge, what is wrong with its next step, and how urgent it is.

The rules are the funnel's (`kb/funnel/stall.py`, `kb/funnel/pool.py`); here their answers are
stored on the deal, where the sweeps find them by index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from handlers.contract.desk import Desk, calendar_of
from handlers.contract.words import Words
from kb.funnel.calendar import WorkCalendar
from kb.funnel.nudge_budget import compute_worth
from kb.funnel.odds.stage_odds import chance
from kb.funnel.pool import decide_pool_act
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import (
    STEP_FAULTS,
    DealFacts,
    StepFault,
    count_idle_working_days,
    find_attention,
    find_step_fault,
    get_patience,
)
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal
from storage.unit_of_work import UnitOfWork


def get_deal_facts(deal: Deal) -> DealFacts:
    """The deal as the funnel's rules take it."""
    return DealFacts(
        stage=deal.stage,
        status=deal.status,
        last_activity_at=deal.last_activity_at,
        next_step_at=deal.next_step_at,
        parked_until=deal.parked_until,
        nudges_sent=deal.nudges_sent,
        rhythm=deal.rhythm,
    )


def schedule_attention(deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> None:
    """Stores when the deal next deserves a nudge and when the lead pool looks at it next.

    `calendar` is the owner's working time.
    """
    schedule_nudge(deal, funnel, calendar, now)
    schedule_pool_check(deal, funnel, calendar, now)


def schedule_for_owner(desk: Desk, deal: Deal) -> None:
    """Stores both dates by the working time of the deal's owner, whoever acts."""
    schedule_attention(deal, desk.funnel, get_owner_calendar(desk, deal), desk.now)


def get_owner_calendar(desk: Desk, deal: Deal) -> WorkCalendar:
    """The working time of the deal's owner, or of the acting member where the owner has left."""
    if deal.owner_id == desk.member.id:
        return desk.calendar
    owner = desk.memory.members.get(deal.team_id, deal.owner_id)
    return calendar_of(owner or desk.member)


def find_fault(desk: Desk, deal: Deal) -> StepFault | None:
    """What is wrong with a deal's next step, by its owner's working time."""
    calendar = get_owner_calendar(desk, deal)
    return find_step_fault(get_deal_facts(deal), desk.funnel, calendar, desk.now)


def find_faults(desk: Desk, deals: Iterable[Deal]) -> dict[int, StepFault]:
    """By deal id what is wrong with its next step; a deal with nothing wrong is not in it."""
    calendars: dict[int, WorkCalendar] = {}
    faults: dict[int, StepFault] = {}
    for deal in deals:
        if deal.owner_id not in calendars:
            calendars[deal.owner_id] = get_owner_calendar(desk, deal)
        calendar = calendars[deal.owner_id]
        fault = find_step_fault(get_deal_facts(deal), desk.funnel, calendar, desk.now)
        if fault is not None:
            faults[deal.id] = fault
    return faults


def list_fault_counts(
    words: Words, counts: Mapping[StepFault, int], named: Iterable[StepFault] = STEP_FAULTS
) -> list[str]:
    """How many deals are overdue, stalled and without a step: 1 overdue, 6 stalled; no zeros."""
    return [
        words.line(f"selling.deal_list.count_{fault}", n=counts[fault])
        for fault in named
        if counts.get(fault)
    ]


def schedule_nudge(deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> None:
    """Stores when the deal next deserves a nudge, and of which kind."""
    due = find_attention(get_deal_facts(deal), funnel, calendar, now)
    deal.attention_at = due.at if due else None
    deal.attention_kind = due.kind if due else ""


def schedule_pool_check(deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> None:
    """Stores when the pool's rule looks at the deal next; in the pool, since when it is."""
    if deal.status == DealStatus.POOLED:
        deal.pool_at = min(deal.pool_at or now, now)
        return
    following = decide_pool_act(get_deal_facts(deal), funnel, calendar, deal.pool_warned_at)
    deal.pool_at = following.at if following else None


def reschedule_all(
    memory: UnitOfWork,
    deals: Iterable[Deal],
    funnel: Funnel,
    calendars: Mapping[int, WorkCalendar],
    now: datetime,
) -> None:
    """Recomputes when deals of one team deserve a nudge, by the calendars of their owners.

    Nothing has happened to them: the next nudge in a row counts from the one before it, not from
    now, or whoever changes a setting each day would never be reminded again.
    """
    nudged_at: Mapping[int, datetime] = {}
    for deal in deals:
        if deal.nudges_sent and not nudged_at:
            nudged_at = memory.nudges.find_last_sent_times(deal.team_id)
        since = nudged_at.get(deal.id, now) if deal.nudges_sent else now
        if deal.owner_id in calendars:
            schedule_attention(deal, funnel, calendars[deal.owner_id], since)


def compute_urgency(deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> Decimal:
    """How urgent a deal is: its value x win probability x idle working days over its patience."""
    facts = get_deal_facts(deal)
    over = count_idle_working_days(facts, calendar, now) - get_patience(facts, funnel)
    return compute_worth(deal.amount, chance(deal.stage, deal.status, funnel), over)
