"""Upcoming nudges and why they come: `nudges`, `snooze`, and `why`."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.deals.attention import get_deal_facts
from handlers.deals.deal_view import get_stage_name, render_event
from handlers.deals.find_deal import find_deal
from handlers.deals.step_view import get_customer_name, name_step
from handlers.deals.when import MORNING, read_moment
from handlers.nudges import daily_limit, deal_cadence
from handlers.nudges.nudge import find_replied_nudge
from handlers.selling.next_step import book
from kb.funnel.stall import NEVER, get_patience
from kb.states import DealStatus, EventKind
from storage.tables.messages import Nudge
from storage.tables.people_and_deals import Deal
from storage.tables.steps import Step

Coming = tuple[datetime, Text, Button]  # when it comes, its line, what a tap shows
SHOWN = 5
EVENTS = 20  # looked back over for what happened before a nudge
_OFF, _ON = ("off", "关闭", "关", "不要"), ("on", "打开", "开", "恢复")


@command("nudges", "reminders", "提醒列表", "我的提醒", "全部提醒", glues=False)
def nudges(request: Request, desk: Desk) -> Reply:
    """What is coming, soonest first; `nudges off acme`, `nudges on acme`, `nudges 3` a day."""
    word, _, rest = request.text.strip().partition(" ")
    if word.isascii() and word.isdigit() and len(word) < 3:
        return daily_limit.save_limit(desk, int(word))
    if word.casefold() in (*_OFF, *_ON) and rest.strip():
        deal, _said = find_deal(request.with_text(rest), desk, "nudges")
        return deal_cadence.save_cadence(desk, deal, NEVER if word.casefold() in _OFF else 0)
    return _render_page(desk, 0)


@action("nudges")
def turn_page(request: Request, desk: Desk) -> Reply:
    """What comes later: `nudges:<how many stand before it>`."""
    return _render_page(desk, request.number(0)).in_place()


def _render_page(desk: Desk, start: int) -> Reply:
    coming = _find_coming(desk)
    if not coming:
        raise ChoiceNeeded("nudges.upcoming.none")
    start = start if start < len(coming) else 0
    shown = coming[start : start + (SHOWN if len(coming) - start <= SHOWN else SHOWN - 1)]
    after = start + len(shown)
    title = lines(
        desk.words.say("nudges.upcoming.title", n=len(coming)),
        desk.words.say("nudges.upcoming.a_day", n=desk.member.nudges_a_day),
    )
    buttons = [button for _at, _line, button in shown]
    if after < len(coming):
        buttons.append(Button(desk.words.line("contract.common.more"), f"nudges:{after}"))
    return Reply(lines(title, *(line for _at, line, _button in shown)), buttons=rows(buttons))


@command("snooze", "later", "稍后", "稍后提醒", "晚点提醒", "推迟", glues=False)
def snooze(request: Request, desk: Desk) -> Reply:
    """Moves a deal's next step: `snooze acme 3 days`; without a time to tomorrow morning."""
    deal, rest = find_deal(
        request, desk, "snooze", says=lambda said: read_moment(said, desk) is not None
    )
    when = read_moment(rest, desk) if rest.strip() else None
    tomorrow = desk.calendar.local(desk.now).date() + timedelta(days=1)
    at = when.at if when is not None else desk.calendar.at_local(tomorrow, MORNING)
    if when is None:
        at = desk.calendar.next_working(at)
    steps = desk.memory.steps.list_of_deal(desk.team.id, deal.id)
    if len(steps) > 1:
        return book(desk, deal, at, "")  # asks which of them
    return book(desk, deal, at, deal.next_step or desk.words.line("nudges.nudge.follow_up"))


@command("why", "为什么提醒", "为什么提醒我", "为啥提醒", takes=False)
def why(request: Request, desk: Desk) -> Reply:
    """What made a nudge come: the one that is replied to, else the last."""
    nudge = find_replied_nudge(request, desk) or desk.memory.nudges.find_last_sent_to(
        desk.team.id, desk.member.id
    )
    return _explain(desk, nudge)


@action("why")
def why_by_tap(request: Request, desk: Desk) -> Reply:
    """The same of the nudge that a button names: `why:<nudge>`."""
    nudge = desk.memory.nudges.get(desk.team.id, request.number(0))
    return _explain(desk, nudge if nudge and nudge.member_id == desk.member.id else None)


def _explain(desk: Desk, nudge: Nudge | None) -> Reply:
    """Explains a nudge: its rule, its clock and its data."""
    deal = desk.memory.deals.get(desk.scope, nudge.deal_id or 0) if nudge is not None else None
    if nudge is None or deal is None:
        raise ChoiceNeeded("nudges.upcoming.no_nudge")
    said = lines(
        bold(deal.customer.name),
        _explain_rule(desk, nudge, deal),
        _explain_clock(desk),
        _explain_data(desk, nudge, deal),
    )
    ways = ("two_weeks", "drop" if nudge.kind == "step" and deal.next_step_at else "never")
    live = deal.status == DealStatus.LIVE
    buttons = [deal_cadence.make_button(desk, deal, way, nudge) for way in ways] if live else []
    return Reply(said, buttons=rows(buttons), about=deal.id)


def _find_coming(desk: Desk) -> list[Coming]:
    """What is coming, soonest first: each booked step, and what each deal's rules make of it."""
    steps = desk.memory.steps.list_of_member(desk.team.id, desk.member.id)
    found = [_make_step_row(desk, step) for step in steps if step.ring_at is not None]
    for deal in desk.memory.deals.within(desk.scope):
        own_time = deal.attention_kind == "step" and deal.attention_at == deal.next_step_at
        if deal.owner_id == desk.member.id and deal.attention_at is not None and not own_time:
            found.append(_make_deal_row(desk, deal, deal.attention_at))
    return sorted(found, key=lambda row: row[0])


def _make_step_row(desk: Desk, step: Step) -> Coming:
    moment = desk.words.moment(max(step.at, desk.now), desk.zone, desk.now)
    name, what = get_customer_name(desk, step), name_step(desk, step)
    whose = (bold(name), f" · {what}") if name else (bold(what),)
    action_ = f"open:{step.deal_id}" if name else f"step-see:{step.id}"
    return step.at, text_of(f"{moment} · ", *whose), Button(name or what, action_)


def _make_deal_row(desk: Desk, deal: Deal, at: datetime) -> Coming:
    if deal.attention_kind != "step":
        at = desk.calendar.next_working(at)
    moment = desk.words.moment(max(at, desk.now), desk.zone, desk.now)
    what = deal.next_step if deal.attention_kind == "step" else ""
    kind = what or desk.words.line(f"nudges.upcoming.kind_{deal.attention_kind or 'step'}")
    line = text_of(f"{moment} · ", bold(deal.customer.name), f" · {kind}")
    return at, line, Button(deal.customer.name, f"open:{deal.id}")


def _explain_rule(desk: Desk, nudge: Nudge, deal: Deal) -> Text:
    """What made it come, and which patience that is: the deal's own, the team's, the stage's."""
    if nudge.kind != "stall":
        return desk.words.say(f"nudges.upcoming.rule_{nudge.kind}")
    stage = desk.funnel.stage(deal.stage)
    said = desk.words.say(
        "nudges.upcoming.rule_stall",
        n=get_patience(get_deal_facts(deal), desk.funnel),
        stage=get_stage_name(desk, deal.stage),
    )
    if deal.rhythm > 0:
        return lines(said, desk.words.say("nudges.upcoming.patience_own"))
    if stage.learned:
        return lines(said, desk.words.say("nudges.upcoming.patience_learned"))
    return lines(said, stage.why[desk.words.language])


def _explain_clock(desk: Desk) -> Text:
    member = desk.member
    hours = f"{member.work_start}-{member.work_end}"
    return desk.words.say("nudges.upcoming.clock", hours=hours, zone=member.time_zone)


def _explain_data(desk: Desk, nudge: Nudge, deal: Deal) -> Text:
    """What it went by: the last thing that happened before it, and how the next step stands."""
    words = desk.words
    known = desk.memory.events.list_last(desk.team.id, deal.id, EVENTS)
    before = [
        event for event in known if event.at <= nudge.made_at and event.kind != EventKind.UNDONE
    ]
    happened = render_event(desk, before[0]) if before else ""
    if deal.next_step_at is None:
        return lines(words.say("nudges.upcoming.data_no_step"), happened)
    moment = words.moment(deal.next_step_at, desk.zone, desk.now)
    step = deal.next_step or words.line("selling.deal_list.step")
    return lines(words.say("nudges.upcoming.data_step", step=step, moment=moment), happened)
