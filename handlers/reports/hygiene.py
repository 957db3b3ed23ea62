"""`hygiene`: the live deals that lack something, per rep, with one tap to ask the rep."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.contract.words import choose_words
from handlers.deals.attention import find_faults, list_fault_counts
from handlers.deals.deal_view import render_headline
from handlers.outbox.enqueue import NOTICE, enqueue
from handlers.reports.report_data import get_today
from handlers.reports.report_scope import list_visible_members, read_scope
from kb.funnel.figures.hygiene import FAULTS, LiveDeal, OwnerFaults, check_hygiene
from kb.funnel.stall import STEP_FAULTS
from kb.states import DealStatus
from storage.tables.people_and_deals import Deal, Member, Role

MAX_REPS, MAX_DEALS = 8, 5


@command("hygiene", "check deals", "商机体检", "体检", "数据质量", "规范检查", role=Role.MANAGER)
def hygiene(request: Request, desk: Desk) -> Reply:
    """Per rep how many live deals lack what they need: `hygiene`, `hygiene Ann`."""
    member = read_scope(desk, request.text).member
    if member is not None and member.role == Role.REP:
        return _render_owner(desk, member.id)
    owners = [owner for owner in load_faults(desk) if owner.deals]
    if not owners:
        return Reply(desk.words.say("reports.hygiene.all_well"))
    names = {member.id: member.name for member in list_visible_members(desk)}
    listed_owners = [owner for owner in owners if owner.member_id in names][:MAX_REPS]
    total = sum(len(owner.deals) for owner in owners)
    head = desk.words.say(
        "reports.hygiene.head", n=total, live=sum(o.live for o in load_faults(desk))
    )
    colon = desk.words.line("contract.common.colon")
    listed = [
        text_of(bold(names[o.member_id]), colon, _render_counts(desk, o)) for o in listed_owners
    ]
    buttons = [Button(names[owner.member_id], f"tidy:{owner.member_id}") for owner in listed_owners]
    return Reply(lines(head, *listed), buttons=rows(buttons, 3))


@action("tidy", role=Role.MANAGER)
def tidy(request: Request, desk: Desk) -> Reply:
    """One rep's deals that lack something: `tidy:<member>`; `tidy:<member>:ask` asks them."""
    member = _find_visible_member(desk, request.number(0))
    if request.word(1) != "ask":
        return _render_owner(desk, member.id)
    owner = _find_owner(desk, member.id)
    if owner is None or not owner.deals:
        return Reply(desk.words.say("reports.hygiene.all_well"))
    _ask(desk, member, owner)
    text = desk.words.say("reports.hygiene.asked", name=member.name, n=len(owner.deals))
    return Reply(text).in_place()


def load_faults(desk: Desk) -> tuple[OwnerFaults, ...]:
    """Every visible owner's live deals with their faults."""
    faults = find_faults(desk, desk.memory.deals.within(desk.scope, (DealStatus.LIVE,)))
    rows_ = desk.memory.histories.list_hygiene_facts(desk.scope)
    deals = [
        LiveDeal(deal, owner, stage, faults.get(deal), decider, amount_at)
        for deal, owner, stage, _, decider, amount_at in rows_
    ]
    return check_hygiene(deals, desk.funnel, desk.now)


def _find_owner(desk: Desk, member_id: int) -> OwnerFaults | None:
    return next((each for each in load_faults(desk) if each.member_id == member_id), None)


def _render_owner(desk: Desk, member_id: int) -> Reply:
    member = _find_visible_member(desk, member_id)
    owner = _find_owner(desk, member_id)
    if owner is None or not owner.deals:
        return Reply(desk.words.say("reports.hygiene.well", name=member.name))
    head = desk.words.say(
        "reports.hygiene.of", name=bold(member.name), n=len(owner.deals), live=owner.live
    )
    listed = [_render_deal(desk, deal_id, owner) for deal_id in owner.deals[:MAX_DEALS]]
    ask = Button(
        desk.words.line("reports.hygiene.do_ask", name=member.name), f"tidy:{member.id}:ask"
    )
    return Reply(lines(head, _render_counts(desk, owner), *listed), buttons=((ask,),))


def _render_deal(desk: Desk, deal_id: int, owner: OwnerFaults) -> Text:
    deal = desk.memory.deals.get(desk.scope, deal_id)
    if deal is None:
        return ()
    wrong = [
        desk.words.line(f"reports.hygiene.fault_{fault}")
        for fault in FAULTS
        if deal_id in owner.faults[fault]
    ]
    comma = desk.words.line("contract.common.comma")
    return lines(render_headline(desk, deal), f"  {comma.join(wrong)}")


def _render_counts(desk: Desk, owner: OwnerFaults) -> Text:
    steps = {fault: len(owner.faults[fault]) for fault in STEP_FAULTS}
    others = [
        desk.words.line(f"reports.hygiene.count_{fault}", n=len(owner.faults[fault]))
        for fault in FAULTS
        if fault not in steps and owner.faults[fault]
    ]
    return text_of(" · ".join((*list_fault_counts(desk.words, steps), *others)))


def _find_visible_member(desk: Desk, member_id: int) -> Member:
    member = next((each for each in list_visible_members(desk) if each.id == member_id), None)
    if member is None:
        raise NotFound
    return member


def _ask(desk: Desk, member: Member, owner: OwnerFaults) -> None:
    """Sends the rep a notice with the deals to tidy, once a day from one manager."""
    words = choose_words(member.language)
    deals = [deal for each in owner.deals[:MAX_DEALS] if (deal := _deal(desk, each)) is not None]
    question = words.say("reports.hygiene.asks_you", name=desk.member.name, n=len(owner.deals))
    notice = Reply(question, buttons=rows([Button(d.customer.name, f"open:{d.id}") for d in deals]))
    day = get_today(desk)
    key = f"tidy:{desk.member.id}:{member.id}:{day}"
    enqueue(desk.memory, member, NOTICE, key, desk.now, reply=notice)


def _deal(desk: Desk, deal_id: int) -> Deal | None:
    return desk.memory.deals.get(desk.scope, deal_id)
