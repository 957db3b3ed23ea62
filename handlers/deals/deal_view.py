"""Renders a deal: as one line, as a row of a list, and as a card with its likeliest acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never

import phonenumbers

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Reply, Span, Text, bold, lines, rows, shorten, text_of
from handlers.deals.attention import find_fault
from handlers.deals.close_date import add_close_date, render_close_date
from handlers.deals.deal_terms import render_terms
from handlers.deals.find_pipeline import get_pipeline_name
from handlers.deals.industries import get_industry_name
from handlers.deals.stakeholder_map import get_people, get_stakes, render_missing, render_stake
from kb.funnel.odds.stage_odds import chance
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Contact, Deal, Event
from storage.tables.playbook import Stake

EVENTS_SHOWN = 3
PEOPLE_SHOWN = 3
NOTE_SHOWN = 120  # characters


def get_stage_name(desk: Desk, key: str) -> str:
    """A stage's name in the member's language."""
    return desk.funnel.stage(key).name[desk.words.language]


def get_stage_or_ending(desk: Desk, deal: Deal) -> str:
    """The name of the deal's stage, or of how it ended."""
    if deal.status == DealStatus.LIVE:
        return get_stage_name(desk, deal.stage)
    return desk.words.line(f"selling.deal_list.status_{deal.status}")


def render_headline(desk: Desk, deal: Deal) -> Text:
    """The deal in one line: **Acme** · Negotiation · €12,000 · 70 %."""
    percent = chance(deal.stage, deal.status, desk.funnel)
    money = desk.words.money(deal.amount, deal.currency)
    return text_of(
        bold(deal.customer.name),
        f" · {get_stage_or_ending(desk, deal)} · {money} · {percent}\u00a0%",
    )


def render_deal_row(desk: Desk, deal: Deal) -> Text:
    """Two lines of a list: the deal with its owner, and what it waits for."""
    whose = ""
    if deal.owner_id != desk.member.id:
        whose = " · " + desk.memory.members.get_name(desk.team.id, deal.owner_id)
    waiting = add_close_date(render_waiting(desk, deal), desk, deal)
    return lines(text_of(render_headline(desk, deal), whose), waiting)


def render_waiting(desk: Desk, deal: Deal) -> Text:
    """What the deal waits for: its next step, that it has none, or that it is stalled."""
    words, now = desk.words, desk.now
    if deal.status == DealStatus.PARKED and deal.parked_until is not None:
        return words.say("selling.deal_list.parked_until", day=format_parked_day(desk, deal))
    if deal.status != DealStatus.LIVE:
        return ()
    fault, days = find_fault(desk, deal), count_idle_days(desk, deal)
    if deal.next_step_at is None:
        stalled = fault == "stalled"
        key = "selling.deal_list.stalled" if stalled else "selling.deal_list.no_next"
        return words.say(key, n=days)
    key = {
        "overdue": "selling.deal_list.overdue",
        "stalled": "selling.deal_list.stalled_far",
    }.get(fault or "", "selling.deal_list.next")
    moment = words.moment(deal.next_step_at, desk.zone, now)
    step = deal.next_step or words.line("selling.deal_list.step")
    return words.say(key, step=step, moment=moment, n=days)


def render_further_steps(desk: Desk, deal: Deal, before: datetime | None = None) -> list[Text]:
    """The deal's open steps behind the nearest, a line each; with `before` those until then."""
    found = []
    for step in desk.memory.steps.list_of_deal(desk.team.id, deal.id)[1:]:
        if before is None or step.at < before:
            moment = desk.words.moment(step.at, desk.zone, desk.now)
            over = step.at < desk.now
            key = "selling.deal_list.overdue" if over else "selling.deal_list.next"
            text = step.text or desk.words.line("selling.deal_list.step")
            found.append(desk.words.say(key, step=text, moment=moment))
    return found


def count_idle_days(desk: Desk, deal: Deal) -> int:
    """Whole days since anything happened on the deal."""
    return max(0, (desk.now - deal.last_activity_at) // timedelta(days=1))


def format_parked_day(desk: Desk, deal: Deal) -> str:
    """The day until which the deal is parked, in words."""
    if deal.parked_until is None:
        return ""
    at = desk.calendar.at_local(deal.parked_until, desk.calendar.start)
    return desk.words.day(at, desk.zone, desk.now)


def render_deal_card(desk: Desk, deal: Deal) -> Reply:
    """The whole deal on one phone screen, with the three likeliest acts."""
    contacts, stakes = get_people(desk, deal), get_stakes(desk, deal)
    shown = lines(
        render_headline(desk, deal),
        _render_details(desk, deal),
        render_waiting(desk, deal),
        *render_further_steps(desk, deal),
        render_close_date(desk, deal),
        *(
            render_person(each, render_stake(desk.words, stakes.get(each.id)))
            for each in _sort_people(contacts, stakes)[:PEOPLE_SHOWN]
        ),
        render_missing(desk, deal, list(stakes.values())),
        render_terms(desk, deal),
        _render_owner(desk, deal),
        *(render_event(desk, event) for event in _get_last_events(desk, deal)),
    )
    return Reply(shown, buttons=rows(_offer_acts(desk, deal), 3), about=deal.id)


def _sort_people(contacts: Sequence[Contact], stakes: Mapping[int, Stake]) -> list[Contact]:
    """The people of a deal; those with a part in the decision come first."""
    return sorted(contacts, key=lambda each: each.id not in stakes)


def render_person(contact: Contact, stake: str = "") -> str:
    """A person: name, job, part and attitude, phone, e-mail, whatever is known of them."""
    known = (contact.name, contact.role, stake, format_phone(contact.phone), contact.email)
    return "👤 " + " · ".join(part for part in known if part)


def render_person_with_link(contact: Contact) -> Text:
    """A person with the phone number as a link that dials it, where the platform has such links."""
    shown = format_phone(contact.phone)
    before, number, after = render_person(contact).partition(shown) if shown else ("", "", "")
    if not number:
        return text_of(render_person(contact))
    return text_of(before, Span(number, "link", f"tel:{contact.phone}"), after)


def format_phone(e164: str) -> str:
    """A phone number as people write it: +44 20 7946 0958."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def render_event(desk: Desk, event: Event) -> str:
    """An event in one line: the day, what happened, and the note."""
    day = desk.words.day(event.at, desk.zone, desk.now)
    what = desk.words.line(f"selling.deal_list.event_{event.kind}")
    stage = event.after.get("stage")
    moved = (
        f" → {get_stage_name(desk, stage)}"
        if stage and event.kind in (EventKind.MOVED, EventKind.OFFERED)
        else ""
    )
    colon = desk.words.line("contract.common.colon")
    note = f"{colon}{shorten(event.note, NOTE_SHOWN)}" if event.note else ""
    return f"• {day}{colon}{what}{moved}{note}"


def _render_details(desk: Desk, deal: Deal) -> Text:
    days = max(0, (desk.now - deal.stage_since) // timedelta(days=1))
    source = desk.words.line(f"selling.lead.source_{deal.source}") if deal.source else ""
    lost = ""
    if deal.status == DealStatus.LOST and deal.lost_reason:
        reason = desk.funnel_for(deal).reason(deal.lost_reason)
        lost = reason.name[desk.words.language] if reason else deal.lost_reason
    said = (
        desk.words.line("selling.deal_list.days_here", n=days)
        if deal.status == DealStatus.LIVE
        else lost
    )
    industry = get_industry_name(desk.words, deal.customer.industry)
    versus = (
        desk.words.line("selling.deal_list.versus", name=deal.competitor) if deal.competitor else ""
    )
    pipeline = get_pipeline_name(desk, deal.pipeline) if desk.pipelines.several else ""
    parts = (
        said,
        pipeline,
        source,
        _render_referrer(desk, deal),
        industry,
        versus,
        _render_satisfaction(desk, deal),
    )
    return text_of(" · ".join(part for part in parts if part))


def _render_referrer(desk: Desk, deal: Deal) -> str:
    """The customer who recommended this one, where the member may see that deal."""
    if not deal.referred_by_id:
        return ""
    source = desk.memory.deals.get(desk.scope, deal.referred_by_id)
    return f"🤝 {source.customer.name}" if source is not None else ""


def _render_satisfaction(desk: Desk, deal: Deal) -> str:
    """The customer's own score from 0 to 10."""
    return f"😊 {deal.satisfaction}/10" if deal.satisfaction is not None else ""


def _render_owner(desk: Desk, deal: Deal) -> Text:
    if deal.owner_id == desk.member.id:
        return ()
    name = desk.memory.members.get_name(desk.team.id, deal.owner_id)
    return desk.words.say("selling.deal_list.owner", name=name)


def _get_last_events(desk: Desk, deal: Deal) -> list[Event]:
    found = desk.memory.events.list_last(desk.team.id, deal.id, EVENTS_SHOWN + 4)
    undone = {event.undoes_id for event in found if event.undoes_id}
    shown_events = [
        event for event in found if event.kind != EventKind.UNDONE and event.id not in undone
    ]
    return shown_events[:EVENTS_SHOWN]


def _offer_acts(desk: Desk, deal: Deal) -> list[Button]:
    words = desk.words
    note = Button(words.line("selling.deal_list.do_note"), f"note:{deal.id}")
    edit = Button(words.line("selling.deal_list.do_edit"), f"edit:{deal.id}")
    reopen = Button(words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}")
    match deal.status:
        case DealStatus.WON | DealStatus.LOST:
            return [reopen, note]
        case DealStatus.POOLED:
            take = words.line("selling.lead_pool.take", name=deal.customer.name)
            return [Button(take, f"take:{deal.id}"), note]
        case DealStatus.PARKED:
            return [reopen, note, edit]
        case DealStatus.LIVE | DealStatus.WITHDRAWN:  # a withdrawn deal is found by nobody
            steps = desk.memory.steps.list_of_deal(desk.team.id, deal.id)
            several = [Button(words.line("selling.deal_list.do_steps"), f"steps:{deal.id}")]
            acts = [_offer_step(desk, deal), _offer_next_stage(desk, deal), note, edit]
            return [*acts, *(several if len(steps) > 1 else [])]
        case _:
            assert_never(deal.status)


def _offer_step(desk: Desk, deal: Deal) -> Button:
    due = deal.next_step_at is not None and deal.next_step_at <= desk.now
    key, verb = (
        ("selling.deal_list.do_done", "done") if due else ("selling.deal_list.do_step", "step")
    )
    return Button(desk.words.line(key), f"{verb}:{deal.id}")


def _offer_next_stage(desk: Desk, deal: Deal) -> Button:
    following = desk.funnel_for(deal).next_after(deal.stage)
    if following is None:
        return Button(desk.words.line("selling.deal_list.do_won"), f"won:{deal.id}")
    return Button(f"→ {following.name[desk.words.language]}", f"advance:{deal.id}")
