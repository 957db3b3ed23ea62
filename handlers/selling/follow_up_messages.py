"""Follow-up messages: a lost deal, a discount's end, a close date that passed, care after a win.

Each is a row of its own that goes out once; the nudges of the stall rule neither see nor count it.
It counts in the member's daily limit: where the day is full, it waits for the next working day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from handlers.contract.catalog import action
from handlers.contract.desk import Desk, calendar_of
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals import follow_ups
from handlers.deals.close_date import has_slipped
from handlers.deals.deal_terms import format_day
from handlers.deals.deal_view import render_headline, render_person
from handlers.deals.find_deal import get_deal
from handlers.deals.stakeholder_map import get_people
from handlers.outbox.enqueue import enqueue
from handlers.selling.close_date import compose_slip
from handlers.selling.playbook import list_ways_back
from kb.funnel.calendar import WorkCalendar
from kb.states import OPEN, DealStatus
from storage.scope import Scope
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Deal, Member
from storage.tables.playbook import Occasion
from storage.unit_of_work import UnitOfWork

KIND = "occasion"
HAPPY = 9  # of 10: from here on somebody recommends us
LONGEST_WAIT = 400  # days


def raise_due(memory: UnitOfWork, now: datetime) -> None:
    """Puts the follow-up messages that are due by `now` (aware UTC) into the outbox."""
    for occasion in memory.occasions.list_due(now):
        deal = memory.deals.get(Scope(occasion.team_id), occasion.deal_id)
        owner = memory.members.get(occasion.team_id, deal.owner_id) if deal is not None else None
        if deal is None or owner is None:
            occasion.due_at = None
            continue
        calendar = calendar_of(owner)
        leaves_at = calendar.next_working(now)
        if _is_full(memory, owner, calendar, leaves_at):
            tomorrow = calendar.local(leaves_at).date() + timedelta(days=1)
            occasion.due_at = calendar.next_working(calendar.at_local(tomorrow, time()))
            continue
        key = _make_key(occasion, deal, leaves_at)
        enqueue(memory, owner, KIND, key, leaves_at, occasion.id)
        occasion.due_at = None


def compose(row: Outbox, desk: Desk) -> Reply | None:
    """The message as it is sent; None where its occasion has passed."""
    occasion = desk.memory.occasions.get(row.team_id, row.subject_id or 0)
    deal = desk.memory.deals.get(desk.scope, occasion.deal_id) if occasion is not None else None
    if occasion is None or deal is None or not _is_still_true(desk, occasion.kind, deal):
        return None
    return _COMPOSERS[occasion.kind](desk, deal, occasion.id)


@action("later")
def postpone(request: Request, desk: Desk) -> Reply:
    """Postpones a follow-up by so many days, or with 0 drops it: `later:<occasion>:<days>`."""
    occasion = desk.memory.occasions.get(desk.team.id, request.number(0))
    if occasion is None:
        raise NotFound
    deal = get_deal(desk, occasion.deal_id)
    days = min(request.number(1), LONGEST_WAIT)
    if days == 0:
        follow_ups.drop(desk, deal, occasion.kind)
        return Reply(
            desk.words.say("selling.follow_up_messages.dropped", deal=render_headline(desk, deal))
        ).in_place()
    follow_ups.schedule(desk, deal, occasion.kind, days)
    said = desk.words.say(
        "selling.follow_up_messages.put_off", n=days, deal=render_headline(desk, deal)
    )
    return Reply(said, about=deal.id).in_place()


def _is_full(
    memory: UnitOfWork, owner: Member, calendar: WorkCalendar, leaves_at: datetime
) -> bool:
    day = calendar.local(leaves_at).date()
    begin, end = calendar.at_local(day, time()), calendar.at_local(day + timedelta(days=1), time())
    return memory.outbox.count_nudges_due(owner.team_id, owner.id, begin, end) >= owner.nudges_a_day


def _make_key(occasion: Occasion, deal: Deal, leaves_at: datetime) -> str:
    if occasion.kind == "slip":  # asked once about a date, whatever becomes of the deal meanwhile
        return f"slip:{occasion.deal_id}:{deal.close_date}"
    at = occasion.due_at or leaves_at
    return f"{occasion.kind}:{occasion.deal_id}:{int(at.timestamp())}"


def _is_still_true(desk: Desk, kind: str, deal: Deal) -> bool:
    happy = (deal.satisfaction or 0) >= HAPPY
    if kind == "winback":
        return deal.status == DealStatus.LOST
    if kind == "discount":
        today = desk.calendar.local(desk.now).date()
        is_open = deal.status in OPEN
        return is_open and deal.discount_until is not None and deal.discount_until >= today
    if kind == "slip":
        return deal.status == DealStatus.LIVE and has_slipped(desk, deal)
    if kind == "satisfaction":
        return deal.status == DealStatus.WON and not happy
    if kind == "proof":
        asked_for = not desk.memory.proofs.list_of_deal(desk.team.id, deal.id)
        return deal.status == DealStatus.WON and happy and asked_for
    return deal.status == DealStatus.WON and (happy or kind == "delivery")


def _compose_winback(desk: Desk, deal: Deal, key: int) -> Reply:
    words = desk.words
    reason = desk.funnel_for(deal).reason(deal.lost_reason)
    local = desk.calendar.local
    days = max(1, (local(desk.now).date() - local(deal.stage_since).date()).days)
    text = lines(
        words.say(
            "selling.follow_up_messages.winback",
            n=days,
            name=deal.customer.name,
            reason=reason.name[words.language] if reason else deal.lost_reason,
        ),
        *list_ways_back(desk, deal),
        *(render_person(each) for each in get_people(desk, deal)[:1]),
    )
    buttons = [
        Button(words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}"),
        Button(words.line("selling.deal_list.do_note"), f"note:{deal.id}"),
        Button(words.line("selling.follow_up_messages.in_a_month"), f"later:{key}:30"),
        Button(words.line("selling.follow_up_messages.no_more"), f"later:{key}:0"),
    ]
    return Reply(text, buttons=rows(buttons), about=deal.id)


def _compose_discount(desk: Desk, deal: Deal, key: int) -> Reply:
    words, until = desk.words, deal.discount_until
    said = words.say(
        "selling.follow_up_messages.discount",
        name=deal.customer.name,
        said=deal.discount or words.line("selling.terms.some_discount"),
        day=format_day(desk, until) if until else "",
    )
    people = get_people(desk, deal)[:1]
    text = lines(said, render_headline(desk, deal), *(render_person(each) for each in people))
    buttons = [
        Button(words.line("selling.deal_list.do_step"), f"step:{deal.id}"),
        Button(words.line("selling.deal_list.do_note"), f"note:{deal.id}"),
        Button(words.line("selling.follow_up_messages.extend"), f"edit:{deal.id}:discount"),
        Button(words.line("selling.follow_up_messages.no_more"), f"later:{key}:0"),
    ]
    return Reply(text, buttons=rows(buttons), about=deal.id)


def _compose_delivery(desk: Desk, deal: Deal, key: int) -> Reply:
    words = desk.words
    buttons = [
        Button(words.line("selling.follow_up_messages.delivered_yes"), f"delivered:{deal.id}:yes"),
        Button(words.line("selling.follow_up_messages.delivered_no"), f"delivered:{deal.id}:no"),
        Button(words.line("selling.follow_up_messages.not_yet"), f"later:{key}:7"),
    ]
    return _compose_question(desk, deal, "selling.follow_up_messages.delivery", buttons)


def _compose_satisfaction(desk: Desk, deal: Deal, key: int) -> Reply:
    later = Button(desk.words.line("selling.follow_up_messages.in_a_week"), f"later:{key}:7")
    reply = _compose_question(desk, deal, "selling.follow_up_messages.satisfaction", [])
    return Reply(reply.text, buttons=rows([*offer_scores(deal), later], 6), about=deal.id)


def offer_scores(deal: Deal) -> list[Button]:
    """A button for each score of satisfaction, 0 to 10."""
    return [Button(str(score), f"happy:{deal.id}:{score}") for score in range(11)]


def _compose_proof(desk: Desk, deal: Deal, key: int) -> Reply:
    buttons = [
        Button(desk.words.line("selling.follow_up_messages.they_said"), f"proof-add:{deal.id}"),
        Button(desk.words.line("selling.follow_up_messages.in_a_week"), f"later:{key}:7"),
        Button(desk.words.line("selling.follow_up_messages.no_more"), f"later:{key}:0"),
    ]
    return _compose_question(desk, deal, "selling.follow_up_messages.proof", buttons)


def _compose_referral(desk: Desk, deal: Deal, key: int) -> Reply:
    buttons = [
        Button(desk.words.line("selling.follow_up_messages.refer"), f"refer:{deal.id}"),
        Button(desk.words.line("selling.follow_up_messages.in_a_month"), f"later:{key}:30"),
        Button(desk.words.line("selling.follow_up_messages.no_more"), f"later:{key}:0"),
    ]
    return _compose_question(desk, deal, "selling.follow_up_messages.referral", buttons)


def _compose_question(desk: Desk, deal: Deal, key: str, buttons: list[Button]) -> Reply:
    said: Text = desk.words.say(key, name=deal.customer.name)
    people = get_people(desk, deal)[:1]
    text = lines(said, *(render_person(each) for each in people))
    return Reply(text, buttons=rows(buttons, 3), about=deal.id)


_COMPOSERS: Mapping[str, Callable[[Desk, Deal, int], Reply]] = {
    "winback": _compose_winback,
    "discount": _compose_discount,
    "slip": lambda desk, deal, _: compose_slip(desk, deal),
    "delivery": _compose_delivery,
    "satisfaction": _compose_satisfaction,
    "proof": _compose_proof,
    "referral": _compose_referral,
}
