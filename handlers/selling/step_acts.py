"""What is done to one booked step: finished, moved, dropped, opened again.

A step on a deal changes by an act on the deal; a reminder of one's own by itself.
"""

from __future__ import annotations

from datetime import datetime

from handlers.contract import open_question
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.attention import get_owner_calendar
from handlers.deals.deal_view import render_waiting
from handlers.deals.find_deal import find_visible_deal, get_deal
from handlers.deals.record import offer_undo, record
from handlers.deals.step_view import label_step, name_step, render_step
from handlers.deals.steps import change_of, change_own
from handlers.selling import own_reminders
from handlers.selling.next_step import (
    add_next_step_question,
    ask_when,
    book,
    require_live,
)
from kb.states import EventKind
from storage.tables.people_and_deals import Deal
from storage.tables.steps import Step, StepState

STEPS_LISTED = 8  # with a tap each


def finish_without_step(desk: Desk, deal: Deal, outcome: str = "") -> Reply:
    """Marks what was to be done on a deal as done, where nothing is booked on it."""
    event = record(desk, deal, EventKind.STEP_DONE, note=outcome, nudge_answer="done")
    said = lines(
        desk.words.say("selling.next_step.done", name=deal.customer.name),
        _render_outcome(desk, outcome),
    )
    reply = Reply(said, buttons=((offer_undo(desk, event),),), about=deal.id)
    return add_next_step_question(desk, deal, reply, about="happened")


def finish_step(desk: Desk, step: Step, answer: str = "done", outcome: str = "") -> Reply:
    """Marks a step as done, with what came of it; on a deal without another the next is asked."""
    if step.deal_id is None:
        return own_reminders.close(desk, step, StepState.DONE, answer, outcome)
    deal = get_deal(desk, step.deal_id)
    changes = change_of(step, state=StepState.DONE)
    note = ": ".join(filter(None, (step.text, outcome)))
    event = record(desk, deal, EventKind.STEP_DONE, changes, note=note, nudge_answer=answer)
    key = "selling.step_acts.done_step" if step.text else "selling.next_step.done"
    said = desk.words.say(
        key, name=deal.customer.name, **({"step": step.text} if step.text else {})
    )
    text = lines(said, _render_outcome(desk, outcome), _render_left(desk, deal))
    reply = Reply(text, buttons=((offer_undo(desk, event),),), about=deal.id)
    return add_next_step_question(desk, deal, reply, about="happened")


def _render_outcome(desk: Desk, outcome: str) -> Text:
    return desk.words.say("selling.step_acts.outcome", said=outcome) if outcome else ()


def drop_step(desk: Desk, step: Step) -> Reply:
    """Drops a step that is not to be done any more; what is next?"""
    if step.deal_id is None:
        return own_reminders.close(desk, step, StepState.DROPPED, "dropped")
    deal = get_deal(desk, step.deal_id)
    changes = change_of(step, state=StepState.DROPPED)
    event = record(
        desk, deal, EventKind.STEP_DROPPED, changes, note=step.text, nudge_answer="dropped"
    )
    said = lines(
        desk.words.say("nudges.deal_cadence.dropped", name=deal.customer.name),
        _render_left(desk, deal),
    )
    reply = Reply(said, buttons=((offer_undo(desk, event),),), about=deal.id)
    return add_next_step_question(desk, deal, reply)


def _render_left(desk: Desk, deal: Deal) -> Text:
    """What is still booked on the deal; empty where nothing is."""
    return render_waiting(desk, deal) if deal.next_step_at is not None else ()


def move_step(desk: Desk, step: Step, at: datetime) -> Reply:
    """Moves a step to another instant."""
    if step.deal_id is None:
        return own_reminders.move(desk, step, at)
    return book(desk, get_deal(desk, step.deal_id), at, step.text, step)


def ask_when_instead(desk: Desk, step: Step) -> Reply:
    """Asks for another moment of a step."""
    if step.deal_id is None:
        return own_reminders.ask_when(desk, step)
    return ask_when(desk, get_deal(desk, step.deal_id), step.text, step)


def render_acts(desk: Desk, step: Step) -> Reply:
    """One step with what can be done to it."""
    words = desk.words
    buttons = [
        Button(words.line("nudges.nudge.answer_done"), f"step-done:{step.id}"),
        Button(words.line("selling.step_acts.do_move"), f"step-move:{step.id}"),
        Button(words.line("selling.step_acts.do_drop"), f"step-drop:{step.id}"),
    ]
    return Reply(render_step(desk, step), buttons=rows(buttons, 3), about=step.deal_id)


@action("steps")
def list_steps(request: Request, desk: Desk) -> Reply:
    """The open steps of a deal, each a tap that leads to what can be done to it: `steps:<deal>`."""
    deal = get_deal(desk, request.number(0))
    steps = desk.memory.steps.list_of_deal(desk.team.id, deal.id)
    buttons = [Button(label_step(desk, step), f"step-see:{step.id}") for step in steps]
    said = lines(*(render_step(desk, step) for step in steps))
    none = desk.words.say("selling.step_acts.none", name=deal.customer.name)
    shown = rows(buttons[:STEPS_LISTED], 1)
    return Reply(said if steps else none, buttons=shown, about=deal.id)


@action("step-see")
def show_step(request: Request, desk: Desk) -> Reply:
    """Shows one step with what can be done to it: `step-see:<step>`."""
    return render_acts(desk, get_open_step(desk, request.number(0)))


@action("step-drop")
def drop_one(request: Request, desk: Desk) -> Reply:
    """Drops a step: `step-drop:<step>`."""
    return drop_step(desk, get_open_step(desk, request.number(0))).in_place()


@action("step-move")
def move_one(request: Request, desk: Desk) -> Reply:
    """Asks for another moment of a step: `step-move:<step>`."""
    return ask_when_instead(desk, get_open_step(desk, request.number(0)))


@action("step-working")
def move_to_working_time(request: Request, desk: Desk) -> Reply:
    """Moves a step outside working hours to the next working time: `step-working:<step>`."""
    step = get_open_step(desk, request.number(0))
    calendar = desk.calendar
    if step.deal_id is not None:
        calendar = get_owner_calendar(desk, get_deal(desk, step.deal_id))
    return move_step(desk, step, calendar.next_working(max(step.at, desk.now))).in_place()


@action("step-anyway")
def ring_anyway(request: Request, desk: Desk) -> Reply:
    """Keeps a step's time outside working hours, on a day off too: `step-anyway:<step>`."""
    step = get_open_step(desk, request.number(0))
    step.anyway = True
    open_question.close_question(desk)
    moment = desk.words.moment(step.at, desk.zone, desk.now)
    said = desk.words.say(
        "selling.step_acts.rings_anyway", step=name_step(desk, step), moment=moment
    )
    return Reply(said, about=step.deal_id).in_place()


@action("step-open")
def open_again(request: Request, desk: Desk) -> Reply:
    """Opens a step again that counted as done: `step-open:<step>`."""
    step = _find_step(desk, request.number(0))
    if step is None:
        raise NotFound
    if step.state == StepState.OPEN:
        return render_acts(desk, step)
    if step.deal_id is None:
        change_own(desk, step, "step", state=StepState.OPEN)
        return render_acts(desk, step)
    deal = get_deal(desk, step.deal_id)
    require_live(desk, deal)
    changes = change_of(step, state=StepState.OPEN)
    event = record(desk, deal, EventKind.STEP_SET, changes, note=step.text, nudge_answer="step")
    reply = render_acts(desk, step)
    return Reply(reply.text, buttons=(*reply.buttons, (offer_undo(desk, event),)), about=deal.id)


def get_open_step(desk: Desk, step_id: int) -> Step:
    """An open step that the member may see; NotFound for any other id."""
    step = find_open_step(desk, step_id)
    if step is None:
        raise NotFound
    return step


def find_open_step(desk: Desk, step_id: int) -> Step | None:
    """An open step that the member may see; None for any other id."""
    step = _find_step(desk, step_id)
    return step if step is not None and step.state == StepState.OPEN else None


def _find_step(desk: Desk, step_id: int) -> Step | None:
    """A step on a deal that the member may see, or a reminder of their own."""
    step = desk.memory.steps.get(desk.team.id, step_id)
    if step is None or step.deal_id is None:
        return step if step is not None and step.member_id == desk.member.id else None
    return step if find_visible_deal(desk, step.deal_id) is not None else None
