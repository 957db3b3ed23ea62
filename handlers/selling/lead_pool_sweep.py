"""Gives leads their owners left untouched back to the pool, the owner told before and after."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from handlers.contract.desk import Desk, calendar_of, funnel_of
from handlers.contract.reply import Button, Reply, Text, rows, to_json
from handlers.contract.words import Words, speaking
from handlers.deals.attention import facts_of, schedule_attention, schedule_pool_check
from handlers.outbox import dead_letters
from kb.funnel.calendar import WorkCalendar
from kb.funnel.pool import decide_pool_act
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import CLOSE_TOGETHER
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Deal, Member
from storage.unit_of_work import UnitOfWork


def sweep(memory: UnitOfWork, now: datetime) -> None:
    """Warns of what goes back by tomorrow, and gives back what nobody touched.

    Where a nudge about the deal comes within CLOSE_TOGETHER, the warning comes with it.
    """
    for deal in memory.deals.due_for_pool(now, now + CLOSE_TOGETHER):
        owner = memory.members.get(deal.team_id, deal.owner_id)
        if owner is None:  # handed over at removal; what nobody owns must not stay due for ever
            deal.pool_at = None
            continue
        turned = partial(_turned, memory, deal, owner, now)
        if not dead_letters.tried(memory, deal.team_id, owner.id, now, turned):
            deal.pool_at = now + CLOSE_TOGETHER + dead_letters.LATER


def _turned(memory: UnitOfWork, deal: Deal, owner: Member, now: datetime) -> None:
    funnel = funnel_of(memory.members.team(deal.team_id), deal.pipeline)
    calendar = calendar_of(owner)
    following = decide_pool_act(facts_of(deal), funnel, calendar, deal.pool_warned_at)
    if following is not None and following.kind == "warn" and following.at <= now + CLOSE_TOGETHER:
        _warn(memory, deal, calendar, now)
    elif following is not None and following.kind == "pool" and following.at <= now:
        _give_back(memory, deal, owner, funnel, now)
    schedule_pool_check(deal, funnel, calendar, now)


def _warn(memory: UnitOfWork, deal: Deal, calendar: WorkCalendar, now: datetime) -> None:
    deal.pool_warned_at = now
    nudge_at = deal.attention_at
    with_it = nudge_at is not None and now < nudge_at <= now + CLOSE_TOGETHER
    memory.outbox.put(
        Outbox(
            team_id=deal.team_id,
            member_id=deal.owner_id,
            key=f"pool:{deal.id}:{int(now.timestamp())}",
            kind="pool",
            subject_id=deal.id,
            due_at=calendar.next_working(nudge_at if with_it and nudge_at else now),
        )
    )


def _give_back(
    memory: UnitOfWork, deal: Deal, owner: Member, funnel: Funnel, now: datetime
) -> None:
    changes = {"status": "pooled", "next_step": "", "next_step_at": None}
    memory.deals.change(deal, changes, kind="pooled", by=None, at=now)
    memory.nudges.answer_all(deal.team_id, deal.id, "pooled", now)
    schedule_attention(deal, funnel, calendar_of(owner), now)
    words = Words(speaking(owner.language))
    taps = [
        Button(words.line("selling.lead_pool.do_take_back"), f"take:{deal.id}"),
        Button(words.line("selling.lead_pool.do_see"), "pool"),
    ]
    said = words.say("selling.lead_pool.went_back", name=deal.customer.name, n=funnel.pool_days)
    memory.outbox.put(
        Outbox(
            team_id=deal.team_id,
            member_id=owner.id,
            key=f"pooled:{deal.id}:{int(now.timestamp())}",
            kind="notice",
            due_at=calendar_of(owner).next_working(now),
            body=to_json(Reply(said, buttons=rows(taps), about=deal.id)),
        )
    )


def goes_back(desk: Desk, deal: Deal) -> Text:
    """When the lead goes back to the pool, for an owner who has been told or is being told."""
    if deal.pool_warned_at is None:
        return ()
    following = decide_pool_act(
        facts_of(deal), desk.funnel_for(deal), desk.calendar, deal.pool_warned_at
    )
    if following is None or following.kind != "pool":
        return ()
    day = desk.words.day(max(following.at, desk.now), desk.zone, desk.now)
    return desk.words.say("selling.lead_pool.goes_back", name=deal.customer.name, day=day)
