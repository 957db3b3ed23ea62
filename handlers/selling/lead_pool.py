"""`pool` and `take`: the lead pool, where leads their owners left untouched are free to take.

`kb/funnel/pool.py` decides when a lead goes there; the sweep warns its owner, then gives it back.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

from handlers.contract.act_log import ActKind, log_act, undoes
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk, calendar_of, funnel_of
from handlers.contract.refusals import (
    ChoiceNeeded,
    NotFound,
    TextRefusal,
    UnknownDeal,
    require_role,
)
from handlers.contract.reply import Button, Reply, Text, lines, rows, text_of
from handlers.contract.request import Request
from handlers.contract.words import choose_words
from handlers.deals.attention import get_deal_facts, schedule_attention, schedule_pool_check
from handlers.deals.deal_view import render_headline, render_person_with_link
from handlers.deals.find_deal import get_deal
from handlers.deals.record import offer_undo, record
from handlers.deals.steps import drop_all, refresh_steps
from handlers.outbox import dead_letters
from handlers.outbox.enqueue import enqueue
from handlers.outbox.notices import notify, notify_other
from handlers.reading import NameIndex, split_name
from handlers.selling.next_step import add_next_step_question
from kb.funnel.pool import LONGEST, SHORTEST, decide_pool_act
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import CLOSE_TOGETHER
from kb.states import DealStatus, EventKind
from storage.scope import Scope
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Audit, Deal, Member, Role
from storage.unit_of_work import UnitOfWork

MAX_SHOWN = 4
CHOICES = (3, 5, 10)  # working days
LONGEST_BREAK = 30  # days without a digest that the next one looks back over
_OFF = frozenset({"off", "never", "no", "0", "关闭", "关", "不用", "取消"})


@command("pool", "公海", "公海池", "线索池", "公海线索", glues=False)
def pool(request: Request, desk: Desk) -> Reply:
    """Lists the pool; `pool 5` and `pool off` by an admin set the days until a lead goes there."""
    said = request.text.strip().casefold()
    number = said.removesuffix("天").removesuffix("days").removesuffix("个工作日").strip()
    if desk.may(Role.ADMIN) and (number in _OFF or (number.isascii() and number.isdigit())):
        return _save_days(desk, 0 if number in _OFF else int(number[:4]))
    return _render_pool(desk)


@action("pool")
def show_by_tap(request: Request, desk: Desk) -> Reply:
    """Lists the pool from a button."""
    return _render_pool(desk)


@action("pool-days", role=Role.ADMIN)
def choose_days(request: Request, desk: Desk) -> Reply:
    """`pool-days` asks after how many working days, `pool-days:<n>` saves it."""
    if request.word(0):
        return _save_days(desk, request.number(0)).in_place()
    return _ask_days(desk)


@command("take", "领取", "认领", "捞取", "接手")
def take(request: Request, desk: Desk) -> Reply:
    """Takes a lead out of the pool: `take acme`."""
    said = request.text.strip()
    names = [(deal.id, deal.customer.name) for deal in desk.memory.deals.list_pooled(desk.team.id)]
    if not said and names:
        return _render_pool(desk)
    found = split_name(said, NameIndex(names)).match
    if found.ambiguous:
        buttons = [Button(each.name, f"take:{each.id}") for each in found.best[:MAX_SHOWN]]
        raise TextRefusal("selling.lead_pool.which", *buttons, name=said[:60])
    if not found.sure:  # "take it or leave it" is what a customer says
        raise UnknownDeal(said[:60], (), "take", said)
    return _take(desk, found.best[0].id)


@action("take")
def take_by_tap(request: Request, desk: Desk) -> Reply:
    """Takes the lead that a button names: `take:<deal>`."""
    return _take(desk, request.number(0)).in_place()


@action("pool-give")
def give_back_by_tap(request: Request, desk: Desk) -> Reply:
    """Gives the owner's lead back to the pool at once: `pool-give:<deal>`."""
    deal = get_deal(desk, request.number(0))
    if deal.status != DealStatus.LIVE or not desk.team.pool_days:
        raise NotFound
    changes = {"status": DealStatus.POOLED, **drop_all(desk.memory, deal)}
    event = record(desk, deal, EventKind.POOLED, changes, nudge_answer="pooled")
    said = desk.words.say("selling.lead_pool.given", name=deal.customer.name)
    return Reply(said, buttons=((offer_undo(desk, event),),), about=deal.id).in_place()


def compose_warning(row: Outbox, desk: Desk) -> Reply | None:
    """The owner's warning as it is sent; None where they acted since or a nudge says it."""
    deal = desk.memory.deals.get(desk.scope, row.subject_id or 0)
    if deal is None or deal.owner_id != desk.member.id:
        return None
    line = render_return_day(desk, deal)
    nudges = desk.memory.nudges.list_open(desk.team.id, deal.id)
    told_at = deal.pool_warned_at or desk.now
    if not line or any(not each.folded and each.made_at >= told_at for each in nudges):
        return None
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    people = (render_person_with_link(contact) for contact in contacts[:1])
    buttons = [
        Button(desk.words.line("selling.deal_list.do_done"), f"done:{deal.id}"),
        Button(desk.words.line("selling.deal_list.do_step"), f"step:{deal.id}"),
        Button(desk.words.line("nudges.nudge.answer_lost"), f"lost:{deal.id}"),
        Button(desk.words.line("selling.lead_pool.do_give"), f"pool-give:{deal.id}"),
    ]
    return Reply(
        lines(line, render_headline(desk, deal), *people), buttons=rows(buttons), about=deal.id
    )


def render_new_leads(desk: Desk) -> tuple[Text, Button] | None:
    """The digest's line about leads that came into the pool since the last digest."""
    since = _get_last_digest(desk)
    new = [
        deal
        for deal in desk.memory.deals.list_pooled(desk.team.id)
        if deal.pool_at is not None and deal.pool_at >= since and deal.owner_id != desk.member.id
    ]
    if not new:
        return None
    names = " · ".join(deal.customer.name for deal in new[:MAX_SHOWN])
    said = desk.words.say("selling.lead_pool.new", n=len(new), names=names)
    return said, Button(desk.words.line("selling.lead_pool.do_see"), "pool")


def _get_last_digest(desk: Desk) -> datetime:
    day = desk.calendar.local(desk.now).date()
    for _ in range(LONGEST_BREAK):
        day -= timedelta(days=1)
        if desk.calendar.is_working_day(day):
            break
    return desk.calendar.at_local(day, time(desk.member.digest_hour))


def _render_pool(desk: Desk) -> Reply:
    deals = desk.memory.deals.list_pooled(desk.team.id)
    days = desk.team.pool_days
    change = Button(desk.words.line("selling.lead_pool.do_change"), "pool-days")
    more = [change] if desk.may(Role.ADMIN) else []
    if not deals:
        said = (
            desk.words.say("selling.lead_pool.empty", n=days)
            if days
            else desk.words.say("selling.lead_pool.off")
        )
        return Reply(said, buttons=rows(more))
    buttons = [
        Button(
            desk.words.line("selling.lead_pool.take", name=deal.customer.name), f"take:{deal.id}"
        )
        for deal in deals[:MAX_SHOWN]
    ]
    title = desk.words.say("selling.lead_pool.title", n=len(deals))
    listed = (_render_row(desk, deal) for deal in deals[:MAX_SHOWN])
    return Reply(lines(title, *listed), buttons=rows([*buttons, *more]))


def _render_row(desk: Desk, deal: Deal) -> Text:
    since = desk.words.day(deal.pool_at or deal.last_activity_at, desk.zone, desk.now)
    return text_of(render_headline(desk, deal), f" · {since}")


def _ask_days(desk: Desk) -> Reply:
    words = desk.words
    buttons = [
        Button(words.line("selling.lead_pool.days", n=days), f"pool-days:{days}")
        for days in CHOICES
    ]
    buttons.append(Button(words.line("selling.lead_pool.do_off"), "pool-days:0"))
    return Reply(words.say("selling.lead_pool.ask"), buttons=rows(buttons))


def _save_days(desk: Desk, days: int) -> Reply:
    if days and not SHORTEST <= days <= LONGEST:
        raise TextRefusal("selling.lead_pool.wrong_days", low=SHORTEST, high=LONGEST)
    log_act(desk, ActKind.POOL_DAYS, days=days, was=desk.team.pool_days)
    return _set_days(desk, days)


@undoes(ActKind.POOL_DAYS)
def undo_days(desk: Desk, act: Audit) -> Reply:
    """Sets the days back to what they were."""
    require_role(desk, Role.ADMIN)
    if desk.team.pool_days != act.data["days"]:
        raise TextRefusal("undo.changed_since", name=desk.team.name)
    return _set_days(desk, act.data["was"])


def _set_days(desk: Desk, days: int) -> Reply:
    desk.team.pool_days = days
    _reschedule_leads(desk)
    key = "selling.lead_pool.kept" if days else "selling.lead_pool.kept_off"
    return Reply(desk.words.say(key, n=days) if days else desk.words.say(key))


def _reschedule_leads(desk: Desk) -> None:
    """Recomputes when the pool's rule looks at each of the team's leads."""
    funnel = funnel_of(desk.team)
    calendars = {m.id: calendar_of(m) for m in desk.memory.members.list_active(desk.team.id)}
    for deal in desk.memory.deals.within(Scope(desk.team.id), (DealStatus.LIVE,)):
        if deal.owner_id in calendars:
            schedule_pool_check(deal, funnel, calendars[deal.owner_id], desk.now)


def _take(desk: Desk, deal_id: int) -> Reply:
    deal = desk.memory.deals.lock_pooled(desk.team.id, deal_id)
    if deal is None:
        raise ChoiceNeeded(
            "selling.lead_pool.gone", Button(desk.words.line("selling.lead_pool.do_see"), "pool")
        )
    before = deal.owner_id
    changes = {"status": DealStatus.LIVE, "owner_id": desk.member.id, "stage_since": desk.now}
    event = record(desk, deal, EventKind.TAKEN, changes)
    notify_other(
        desk,
        before,
        f"taken:{event.id}",
        lambda words: Reply(
            words.say("selling.lead_pool.taken_by", name=desk.member.name, deal=deal.customer.name)
        ),
    )
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    said = lines(
        desk.words.say("selling.lead_pool.taken", deal=render_headline(desk, deal)),
        *(render_person_with_link(contact) for contact in contacts[:1]),
    )
    reply = Reply(said, buttons=((offer_undo(desk, event),),), about=deal.id)
    return add_next_step_question(desk, deal, reply)


def sweep(memory: UnitOfWork, now: datetime) -> None:
    """Warns owners of leads that go back within a day, and gives back those nobody touched.

    Where a nudge about the deal comes within CLOSE_TOGETHER, the warning comes with it.
    """
    for deal in memory.deals.list_due_for_pool(now, now + CLOSE_TOGETHER):
        owner = memory.members.get(deal.team_id, deal.owner_id)
        if owner is None:  # handed over at removal; what nobody owns must not stay due for ever
            deal.pool_at = None
            continue
        act = partial(_act_on_lead, memory, deal, owner, now)
        if not dead_letters.try_for_member(memory, deal.team_id, owner.id, now, act):
            deal.pool_at = now + CLOSE_TOGETHER + dead_letters.RETRY_AFTER


def _act_on_lead(memory: UnitOfWork, deal: Deal, owner: Member, now: datetime) -> None:
    funnel = funnel_of(memory.members.get_team(deal.team_id), deal.pipeline)
    calendar = calendar_of(owner)
    following = decide_pool_act(get_deal_facts(deal), funnel, calendar, deal.pool_warned_at)
    if following is not None and following.kind == "warn" and following.at <= now + CLOSE_TOGETHER:
        _warn(memory, deal, owner, now)
    elif following is not None and following.kind == "pool" and following.at <= now:
        _give_back(memory, deal, owner, funnel, now)
    schedule_pool_check(deal, funnel, calendar, now)


def _warn(memory: UnitOfWork, deal: Deal, owner: Member, now: datetime) -> None:
    deal.pool_warned_at = now
    nudge_at = deal.attention_at
    with_it = nudge_at is not None and now < nudge_at <= now + CLOSE_TOGETHER
    due_at = calendar_of(owner).next_working(nudge_at if with_it and nudge_at else now)
    enqueue(memory, owner, "pool", f"pool:{deal.id}:{int(now.timestamp())}", due_at, deal.id)


def _give_back(
    memory: UnitOfWork, deal: Deal, owner: Member, funnel: Funnel, now: datetime
) -> None:
    changes = {"status": DealStatus.POOLED, **drop_all(memory, deal)}
    memory.deals.change(deal, changes, kind=EventKind.POOLED, by=None, at=now)
    refresh_steps(memory, deal)
    memory.nudges.answer_all(deal.team_id, deal.id, "pooled", now)
    schedule_attention(deal, funnel, calendar_of(owner), now)
    words = choose_words(owner.language)
    taps = [
        Button(words.line("selling.lead_pool.do_take_back"), f"take:{deal.id}"),
        Button(words.line("selling.lead_pool.do_see"), "pool"),
    ]
    said = words.say("selling.lead_pool.went_back", name=deal.customer.name, n=funnel.pool_days)
    key = f"pooled:{deal.id}:{int(now.timestamp())}"
    notify(memory, owner, key, Reply(said, buttons=rows(taps), about=deal.id), now)


def render_return_day(desk: Desk, deal: Deal) -> Text:
    """The line that says when the lead goes back; empty before its owner is warned."""
    if deal.pool_warned_at is None:
        return ()
    following = decide_pool_act(
        get_deal_facts(deal), desk.funnel_for(deal), desk.calendar, deal.pool_warned_at
    )
    if following is None or following.kind != "pool":
        return ()
    day = desk.words.day(max(following.at, desk.now), desk.zone, desk.now)
    return desk.words.say("selling.lead_pool.goes_back", name=deal.customer.name, day=day)
