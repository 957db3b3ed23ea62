"""Nudges as a person sees and answers them: the question, why it came, one tap to answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.attention import find_fault, get_deal_facts
from handlers.deals.deal_view import (
    format_parked_day,
    get_stage_name,
    render_headline,
    render_person_with_link,
)
from handlers.deals.find_deal import get_deal
from handlers.deals.find_person import split_person
from handlers.deals.when import MORNING
from handlers.nudges import deal_cadence, escalations, ring
from handlers.selling.done import finish
from handlers.selling.lead_pool import render_return_day
from handlers.selling.next_step import ask_when, book
from handlers.selling.note import save_note
from handlers.selling.playbook import list_ways_back
from handlers.selling.step_acts import (
    ask_when_instead,
    finish_step,
    move_step,
    render_acts,
)
from kb.funnel.stall import count_idle_working_days, get_patience
from kb.states import DealStatus, EventKind
from storage.tables.messages import Nudge
from storage.tables.people_and_deals import Contact, Deal
from storage.tables.steps import Step, StepState

ANSWERS = ("done", "tomorrow", "week", "time", "off")
NAMED = 2
IGNORED = 2  # after so many unanswered ones the next asks whether the rhythm is wrong


def render_nudge(desk: Desk, nudge: Nudge, deal: Deal) -> Reply:
    """The nudge: what to do or what to ask, why now, whom to reach, and five answers."""
    ignored = f"nudges.nudge.wrong_{nudge.kind}" if _is_ignored(nudge) else ""
    text = lines(
        render_question(desk, nudge, deal),
        render_headline(desk, deal),
        *(render_person_with_link(contact) for contact in _find_contacts(desk, nudge, deal)),
        render_reason(desk, nudge, deal),
        desk.words.say(ignored) if ignored else (),
        escalations.render_warning(desk, nudge, deal),
        render_return_day(desk, deal),
    )
    return Reply(text, buttons=_make_buttons(desk, nudge, deal), about=deal.id)


def render_message(desk: Desk, nudge: Nudge) -> Reply | None:
    """What the message of a nudge says now: it, and what rang in the same minute; None: nothing."""
    mine = (each for each in ring.list_in_message(desk, nudge) if each.member_id == nudge.member_id)
    open_ = [each for each in mine if _is_worth_saying(desk, each)]
    if not open_:
        return None
    if len(open_) > 1:
        return ring.render_group(desk, open_)
    return _render_one(desk, open_[0])


def _is_worth_saying(desk: Desk, nudge: Nudge) -> bool:
    """Whether a nudge still holds, and no newer one says the same."""
    step = ring.get_step(desk, nudge)
    if ring.is_ring(nudge):
        if step is None or not ring.still_rings(nudge, step):
            return False
        if not ring.is_theirs(desk, step, nudge):
            return False  # its deal changed hands: the new owner has another nudge
        newest = desk.memory.nudges.find_newest_of_step(desk.team.id, step.id)
        return newest is not None and newest.id == nudge.id
    deal = desk.memory.deals.get(desk.scope, nudge.deal_id or 0)
    if deal is None or (deal.owner_id != nudge.member_id and nudge.kind != "escalate"):
        return False  # it changed hands: its new owner is asked
    if not is_still_true(desk, nudge, deal):
        return False
    newest_open = desk.memory.nudges.list_open(desk.team.id, deal.id)[-1]
    # Whoever could not be reached for days is asked about a deal once, not once for each nudge.
    return newest_open.id == nudge.id


def _render_one(desk: Desk, nudge: Nudge) -> Reply | None:
    if nudge.deal_id is None:
        step = ring.get_step(desk, nudge)
        return ring.render_own(desk, nudge, step) if step is not None else None
    deal = desk.memory.deals.get(desk.scope, nudge.deal_id)
    return render_nudge(desk, nudge, deal) if deal is not None else None


def _find_contacts(desk: Desk, nudge: Nudge, deal: Deal) -> list[Contact]:
    """Whom to reach: those the booked step names, else whoever was noted first."""
    contacts = list(desk.memory.customers.list_contacts(desk.team.id, deal.customer_id))
    people = [(contact.id, contact.name) for contact in contacts if contact.name]
    step = ring.get_step(desk, nudge)
    text = step.text if step is not None else deal.next_step
    named = split_person(text, people) if nudge.kind == "step" else None
    if named is None:
        return contacts[:1]
    meant = {match.id for match in named.match.best}
    return [contact for contact in contacts if contact.id in meant][:NAMED]


def render_question(desk: Desk, nudge: Nudge, deal: Deal) -> Text:
    """The first line: the step that is due, or the stage's own question."""
    words = desk.words
    if nudge.kind == "step":
        booked = ring.get_step(desk, nudge)
        text = booked.text if booked is not None else deal.next_step
        step = text or words.line("selling.deal_list.step")
        return words.say("nudges.nudge.step", name=deal.customer.name, step=step)
    if nudge.kind == "unpark":
        return words.say(
            "nudges.nudge.unpark", name=deal.customer.name, day=format_parked_day(desk, deal)
        )
    asked = desk.funnel.stage(deal.stage).question[words.language]
    return words.say(
        "nudges.nudge.question", question=asked.replace("{customer}", deal.customer.name)
    )


def render_reason(desk: Desk, nudge: Nudge, deal: Deal) -> Text:
    """The line that says why it came."""
    words = desk.words
    step = ring.get_step(desk, nudge)
    at = step.at if step is not None else deal.next_step_at
    if nudge.kind == "step" and at is not None:
        return words.say("nudges.nudge.why_step", moment=words.moment(at, desk.zone, desk.now))
    if nudge.kind == "unpark":
        return lines(*list_ways_back(desk, deal))
    own = deal.rhythm == 0 and desk.funnel.stage(deal.stage).learned
    return words.say(
        "nudges.nudge.why_stall_learned" if own else "nudges.nudge.why_stall",
        n=count_idle_working_days(get_deal_facts(deal), desk.calendar, desk.now),
        stage=get_stage_name(desk, deal.stage),
        patience=get_patience(get_deal_facts(deal), desk.funnel),
    )


def is_still_true(desk: Desk, nudge: Nudge, deal: Deal) -> bool:
    """Whether the reason for the nudge still holds; asked again right before it is sent."""
    step = ring.get_step(desk, nudge)
    if ring.is_ring(nudge):
        return step is not None and deal.status == DealStatus.LIVE and ring.still_rings(nudge, step)
    status = DealStatus.PARKED if nudge.kind == "unpark" else DealStatus.LIVE
    if nudge.answered_at is not None or deal.status != status:
        return False
    if nudge.kind == "unpark":
        return True
    if nudge.kind == "step" and step is not None:
        return step.state == StepState.OPEN and step.at <= desk.now
    fault = find_fault(desk, deal)
    if nudge.kind == "escalate":
        return fault in ("overdue", "stalled")
    return fault == ("overdue" if nudge.kind == "step" else "stalled")


def _make_buttons(desk: Desk, nudge: Nudge, deal: Deal) -> tuple[tuple[Button, ...], ...]:
    if nudge.kind == "unpark":
        return rows(
            [
                Button(desk.words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}"),
                Button(desk.words.line("nudges.nudge.park_on"), f"park:{deal.id}:30"),
                Button(desk.words.line("nudges.nudge.answer_lost"), f"lost:{deal.id}"),
            ]
        )
    answers = [
        Button(desk.words.line(f"nudges.nudge.answer_{answer}"), f"nudge:{nudge.id}:{answer}")
        for answer in ANSWERS
    ]
    if _is_ignored(nudge):
        ways = ("two_weeks", "never") if nudge.kind == "stall" else ("two_weeks", "drop")
        changes = (deal_cadence.make_button(desk, deal, way, nudge) for way in ways)
        answers = [*answers[:2], *changes, answers[-1]]
    return rows(answers, 3)


def _is_ignored(nudge: Nudge) -> bool:
    return nudge.n > IGNORED


@action("nudge")
def answer_nudge(request: Request, desk: Desk) -> Reply:
    """One tap under a nudge: `nudge:<id>:<done|tomorrow|week|time|off>`."""
    nudge = desk.memory.nudges.get(desk.team.id, request.number(0))
    if nudge is None:
        raise NotFound
    answer, step = request.word(1), ring.get_step(desk, nudge)
    if step is not None and ring.still_rings(nudge, step):
        reply = _answer_step(desk, nudge, step, answer)
        in_group = len(ring.list_in_message(desk, nudge)) > 1  # its message is drawn anew
        return reply if in_group or answer == "off" else reply.in_place()
    if nudge.deal_id is None:
        raise NotFound
    deal = get_deal(desk, nudge.deal_id)
    if answer == "off":
        return deal_cadence.ask_what_is_wrong(desk, deal, nudge)
    if nudge.answered_at is not None or step is not None:
        said = desk.words.say("nudges.nudge.already", deal=render_headline(desk, deal))
        return Reply(said, about=deal.id).in_place()
    if answer == "done":
        return finish(desk, deal).in_place()
    if answer == "time":
        return ask_when(desk, deal, deal.next_step).in_place()
    return _book_later(desk, deal, answer).in_place()


def _answer_step(desk: Desk, nudge: Nudge, step: Step, answer: str) -> Reply:
    """An answer to a nudge about a step that is still to be done."""
    deal = get_deal(desk, nudge.deal_id) if nudge.deal_id is not None else None
    if answer == "off":
        if deal is None:
            return render_acts(desk, step)
        return deal_cadence.ask_what_is_wrong(desk, deal, nudge)
    if answer == "done":
        return finish_step(desk, step)
    if answer == "time":
        return ask_when_instead(desk, step)
    return move_step(desk, step, _find_later(desk, answer))


def ask_again(desk: Desk, deal: Deal) -> Reply | None:
    """The member's open nudge about the deal once more, its answer undone; None without one."""
    mine = [
        nudge
        for nudge in desk.memory.nudges.list_open(desk.team.id, deal.id)
        if nudge.member_id == desk.member.id and nudge.kind != "escalate" and not nudge.folded
    ]
    if not mine or not is_still_true(desk, mine[-1], deal):
        return None
    return render_nudge(desk, mine[-1], deal)


def save_reply_as_note(request: Request, desk: Desk) -> Reply | None:
    """A typed reply to a message about a deal is a note on it; None when it is about none."""
    nudge = find_replied_nudge(request, desk)
    answered_of = desk.memory.inbox.find_deal_of_message(desk.team.id, request.reply_to)
    deal_id = (nudge.deal_id or 0) if nudge is not None else answered_of
    sent = desk.find_replied_message(request.reply_to, "occasion")
    if sent is not None:
        occasion = desk.memory.occasions.get(desk.team.id, sent.subject_id or 0)
        deal_id = occasion.deal_id if occasion is not None else deal_id
    deal = desk.memory.deals.get(desk.scope, deal_id) if deal_id else None
    return save_note(desk, deal, request.text, EventKind.NOTED) if deal is not None else None


def find_replied_nudge(request: Request, desk: Desk) -> Nudge | None:
    """The member's own nudge that a line replies to; None when it replies to none."""
    if not request.reply_to:
        return None
    sent = desk.find_replied_message(request.reply_to, "nudge")
    if sent is None:
        return None
    return desk.memory.nudges.get(desk.team.id, sent.subject_id or 0)


def _find_later(desk: Desk, answer: str) -> datetime:
    """Tomorrow morning, or the morning of the same day of next week, in working time."""
    days = {"tomorrow": 1, "week": 7}.get(answer)
    if days is None:
        raise NotFound
    day = desk.calendar.local(desk.now).date() + timedelta(days=days)
    return desk.calendar.next_working(desk.calendar.at_local(day, MORNING))


def _book_later(desk: Desk, deal: Deal, answer: str) -> Reply:
    """Books a step for later on a deal that has none."""
    what = deal.next_step or desk.words.line("nudges.nudge.follow_up")
    return book(desk, deal, _find_later(desk, answer), what)
