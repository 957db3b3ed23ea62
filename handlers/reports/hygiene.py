"""`hygiene`: which live deals are not kept in order, per rep, with one tap to ask."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Gone
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.contract.words import Words, speaking
from handlers.deals.deal_view import render_headline
from handlers.outbox.enqueue import NOTICE, enqueue
from handlers.reports import figures
from kb.funnel.figures.hygiene import FAULTS, LiveDeal, OwnerFaults, check_hygiene
from storage.tables.people_and_deals import Deal, Member, Role

SHOWN, LISTED = 8, 5


@command("hygiene", "check deals", "商机体检", "体检", "数据质量", "规范检查", role=Role.MANAGER)
def hygiene(request: Request, desk: Desk) -> Reply:
    """Per rep how many live deals lack what they need: `hygiene`, `hygiene Ann`."""
    of = figures.about(desk, request.text)
    if of.member is not None and of.member.role == Role.REP:
        return _of_owner(desk, of.member.id)
    owners = [owner for owner in figures_of(desk) if owner.deals]
    if not owners:
        return Reply(desk.words.say("reports.hygiene.all_well"))
    named = {member.id: member.name for member in figures.people(desk)}
    shown = [owner for owner in owners if owner.member_id in named][:SHOWN]
    total = sum(len(owner.deals) for owner in owners)
    head = desk.words.say(
        "reports.hygiene.head", n=total, live=sum(o.live for o in figures_of(desk))
    )
    colon = desk.words.line("contract.common.colon")
    told = [text_of(bold(named[o.member_id]), colon, _counts(desk, o)) for o in shown]
    buttons = [Button(named[owner.member_id], f"tidy:{owner.member_id}") for owner in shown]
    return Reply(lines(head, *told), buttons=rows(buttons, 3))


@action("tidy", role=Role.MANAGER)
def tidy_of(request: Request, desk: Desk) -> Reply:
    """One rep's deals that lack something: `tidy:<member>`; `tidy:<member>:ask` asks them."""
    member = _below(desk, request.number(0))
    if request.word(1) != "ask":
        return _of_owner(desk, member.id)
    owner = _owner(desk, member.id)
    if owner is None or not owner.deals:
        return Reply(desk.words.say("reports.hygiene.all_well"))
    _ask(desk, member, owner)
    said = desk.words.say("reports.hygiene.asked", name=member.name, n=len(owner.deals))
    return Reply(said).editing()


def figures_of(desk: Desk) -> tuple[OwnerFaults, ...]:
    """Everybody's faults, to be said or drawn."""
    kept = [LiveDeal._make(row) for row in desk.memory.histories.kept(desk.scope)]
    return check_hygiene(kept, desk.funnel, desk.now)


def _owner(desk: Desk, member_id: int) -> OwnerFaults | None:
    return next((each for each in figures_of(desk) if each.member_id == member_id), None)


def _of_owner(desk: Desk, member_id: int) -> Reply:
    member = _below(desk, member_id)
    owner = _owner(desk, member_id)
    if owner is None or not owner.deals:
        return Reply(desk.words.say("reports.hygiene.well", name=member.name))
    head = desk.words.say(
        "reports.hygiene.of", name=bold(member.name), n=len(owner.deals), live=owner.live
    )
    told = [_deal_line(desk, deal_id, owner) for deal_id in owner.deals[:LISTED]]
    ask = Button(
        desk.words.line("reports.hygiene.do_ask", name=member.name), f"tidy:{member.id}:ask"
    )
    return Reply(lines(head, _counts(desk, owner), *told), buttons=((ask,),))


def _deal_line(desk: Desk, deal_id: int, owner: OwnerFaults) -> Text:
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


def _counts(desk: Desk, owner: OwnerFaults) -> Text:
    told = [
        desk.words.line(f"reports.hygiene.count_{fault}", n=len(owner.faults[fault]))
        for fault in FAULTS
        if owner.faults[fault]
    ]
    return text_of(" · ".join(told))


def _below(desk: Desk, member_id: int) -> Member:
    found = next((each for each in figures.people(desk) if each.id == member_id), None)
    if found is None:
        raise Gone
    return found


def _ask(desk: Desk, member: Member, owner: OwnerFaults) -> None:
    """Sends the rep the question as the manager's own, once a day."""
    words = Words(speaking(member.language))
    deals = [deal for each in owner.deals[:LISTED] if (deal := _deal(desk, each)) is not None]
    said = words.say("reports.hygiene.asks_you", name=desk.member.name, n=len(owner.deals))
    asked = Reply(said, buttons=rows([Button(d.customer.name, f"open:{d.id}") for d in deals]))
    day = figures.today_of(desk)
    key = f"tidy:{desk.member.id}:{member.id}:{day}"
    enqueue(desk.memory, member, NOTICE, key, desk.now, reply=asked)


def _deal(desk: Desk, deal_id: int) -> Deal | None:
    return desk.memory.deals.get(desk.scope, deal_id)
