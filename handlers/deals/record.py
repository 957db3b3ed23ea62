"""Carries out a change to a deal: the event, the answered nudges, the next time for attention.

Every handler that changes a deal does it through `record`, so that no change forgets one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from handlers.contract import open_question
from handlers.contract.desk import Desk, calendar_of
from handlers.contract.reply import Button
from handlers.deals import follow_ups
from handlers.outbox import settled_nudges
from kb.funnel.calendar import WorkCalendar
from kb.funnel.nudge_budget import worth
from kb.funnel.odds.stage_odds import chance
from kb.funnel.pool import turn
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import DealFacts, attention, idle_working_days, patience_of
from storage.tables.people_and_deals import Deal, Event
from storage.unit_of_work import UnitOfWork

UNDO_WINDOW = timedelta(minutes=10)
NO_STEP: dict[str, Any] = {"next_step": "", "next_step_at": None}


def record(
    desk: Desk,
    deal: Deal,
    kind: str,
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    nudge_answer: str = "acted",
) -> Event:
    """Changes the deal's columns and writes the event of `kind`; the deal is then in hand.

    An act is activity: it answers the deal's open nudges and its patience starts anew.
    """
    event = desk.memory.deals.change(
        deal,
        {**(changes or {}), "last_activity_at": desk.now, "nudges_sent": 0},
        kind=kind,
        by=desk.member.id,
        at=desk.now,
        platform=desk.account.platform,
        note=note,
    )
    open_question.settled(desk)
    if desk.memory.nudges.answer_all(deal.team_id, deal.id, nudge_answer, desk.now):
        settled_nudges.settle(desk, deal)
    desk.member.deal_in_hand_id = deal.id
    refresh_attention(desk, deal)
    follow_ups.follow(desk, deal, event.after)
    return event


def refresh_attention(desk: Desk, deal: Deal) -> None:
    """Recomputes when the deal next deserves a nudge, in its owner's working time."""
    owner = desk.memory.members.get(deal.team_id, deal.owner_id) or desk.member
    pay_attention(deal, desk.funnel, calendar_of(owner), desk.now)


def pay_attention(deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> None:
    """Stores on the deal what the funnel's rule says of it."""
    due = attention(facts_of(deal), funnel, calendar, now)
    deal.attention_at = due.at if due else None
    deal.attention_kind = due.kind if due else ""
    watch_pool(deal, funnel, calendar, now)


def watch_pool(deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> None:
    """Stores when the pool's rule looks at the deal next; of one in the pool, since when it is."""
    if deal.status == "pooled":
        deal.pool_at = min(deal.pool_at or now, now)
        return
    following = turn(facts_of(deal), funnel, calendar, deal.pool_warned_at)
    deal.pool_at = following.at if following else None


def count_anew(
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
    told: Mapping[int, datetime] = {}
    for deal in deals:
        if deal.nudges_sent and not told:
            told = memory.nudges.last_made(deal.team_id)
        since = told.get(deal.id, now) if deal.nudges_sent else now
        if deal.owner_id in calendars:
            pay_attention(deal, funnel, calendars[deal.owner_id], since)


def facts_of(deal: Deal) -> DealFacts:
    """The deal as the funnel's rules take it."""
    return DealFacts(
        stage=deal.stage,
        status=deal.status,
        stage_since=deal.stage_since,
        last_activity_at=deal.last_activity_at,
        next_step_at=deal.next_step_at,
        parked_until=deal.parked_until,
        nudges_sent=deal.nudges_sent,
        rhythm=deal.rhythm,
    )


def urgency(deal: Deal, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> Decimal:
    """What a deal is worth looking at now: value x chance x working days over its patience."""
    facts = facts_of(deal)
    over = idle_working_days(facts, calendar, now) - patience_of(facts, funnel)
    return worth(deal.amount, chance(deal.stage, deal.status, funnel), over)


def undo_button(desk: Desk, event: Event) -> Button:
    """The tap that takes an act back while its window is open."""
    return Button(desk.words.line("contract.common.undo"), f"undo:{event.id}")
