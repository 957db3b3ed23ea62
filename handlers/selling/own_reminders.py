"""Reminders of one's own, about no deal: "pick up the car at 5". They ring as booked steps do."""

from __future__ import annotations

import re
from datetime import datetime

from handlers.contract import open_question
from handlers.contract.act_log import ActKind, offer_act_undo, undoes
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.step_view import (
    name_step,
    offer_working_time,
    render_outside_hours,
    render_step,
    say_once_only,
)
from handlers.deals.steps import add_step, change_own, undo_own
from handlers.deals.when import cut_moment, get_quick_moments, read_moment
from handlers.objections import look_up
from handlers.reading import Repetition, When, clean_text, split_repetition
from storage.tables.people_and_deals import Audit
from storage.tables.steps import Step, StepState

TEXT_CHARACTERS = 500  # of the column
_LEAD_IN = re.compile(
    r"\A(?:请|麻烦)?(?:提醒|叫)我(?:要|去)?|\A(?:(?:please\s+)?remind\s+me\s+)?(?:me\s+)?(?:to\s+)?",
    re.IGNORECASE,
)


def book_line(desk: Desk, line: str) -> Reply | None:
    """Books the reminder that a line makes; None where it names no moment ahead and nothing to do.

    "Next quarter" is what a customer says: only a minute or a day is a reminder's moment.
    """
    once, repetition = split_repetition(line)
    return _book(desk, once, read_moment(once, desk), repetition)


def book_plain_line(request: Request, desk: Desk) -> Reply | None:
    """The same of a line without a command: a minute must stand at its beginning or its end."""
    if request.reply_to:
        return None
    line, repetition = split_repetition(request.text.strip())
    when = read_moment(line, desk)
    if when is None or when.precision != "minute":
        return None
    at_an_end = when.span[0] == 0 or when.span[1] >= len(line.rstrip(".。!！"))
    return _book(desk, line, when, repetition) if at_an_end else None


def _book(desk: Desk, line: str, when: When | None, repetition: Repetition | None) -> Reply | None:
    if when is None or when.at <= desk.now or when.precision not in ("minute", "day"):
        return None
    text = _LEAD_IN.sub("", cut_moment(line, when), count=1).strip()
    if not text or look_up.is_sure(line, desk):
        return None
    step = add_step(desk, None, text, when.at)
    reply = _confirm(desk, step, change_own(desk, step, "step", state=StepState.OPEN))
    return say_once_only(desk, reply, repetition)


def close(desk: Desk, step: Step, state: StepState, answer: str, outcome: str = "") -> Reply:
    """Marks a reminder as done or dropped; what came of it stands behind its text."""
    text = clean_text(": ".join(filter(None, (step.text, outcome))), TEXT_CHARACTERS)
    act = change_own(desk, step, answer, state=state, text=text)
    done = state == StepState.DONE
    key = "selling.own_reminders.done" if done else "selling.own_reminders.dropped"
    said = desk.words.say(key, step=name_step(desk, step))
    return Reply(said, buttons=((offer_act_undo(desk, act),),))


def move(desk: Desk, step: Step, at: datetime) -> Reply:
    """Moves a reminder to another instant ahead."""
    if at <= desk.now:
        raise TextRefusal("selling.own_reminders.past", *_offer_moments(desk, step))
    return _confirm(desk, step, change_own(desk, step, "step", at=at, anyway=False))


def ask_when(desk: Desk, step: Step) -> Reply:
    """Asks for another moment of a reminder."""
    open_question.ask(desk, open_question.Question("step", 0, step.text, step.id))
    said = desk.words.say("selling.own_reminders.when", step=name_step(desk, step))
    return Reply(said, buttons=rows(_offer_moments(desk, step)))


def _offer_moments(desk: Desk, step: Step) -> list[Button]:
    return [
        Button(desk.words.line(f"selling.next_step.at_{name}"), f"own-at:{step.id}:{name}")
        for name, moment in get_quick_moments(desk).items()
        if moment > desk.now
    ]


def _confirm(desk: Desk, step: Step, act: Audit) -> Reply:
    said = lines(
        desk.words.say("selling.own_reminders.booked", step=render_step(desk, step)),
        render_outside_hours(desk, step, desk.calendar),
    )
    choice = offer_working_time(desk, step, desk.calendar)
    undo = (offer_act_undo(desk, act),)
    return Reply(said, buttons=(choice, undo) if choice else (undo,))


@action("own-at")
def move_by_tap(request: Request, desk: Desk) -> Reply:
    """Moves a reminder to a moment that is a tap away: `own-at:<step>:<today|tomorrow|days3>`."""
    moment = get_quick_moments(desk).get(request.word(1))
    if moment is None:
        raise NotFound
    return move(desk, get_own(desk, request.number(0)), moment).in_place()


@undoes(ActKind.REMINDER)
def take_back(desk: Desk, act: Audit) -> Reply:
    """Takes back what was last done to a reminder."""
    step = desk.memory.steps.get(desk.team.id, int(act.data["step"]))
    if step is None or not undo_own(desk, step, act):
        raise TextRefusal("undo.changed_since", name=str(act.data["names"]["step"]))
    still = step.state == StepState.OPEN
    key = "selling.own_reminders.open_again" if still else "selling.own_reminders.taken_back"
    return Reply(desk.words.say(key, step=render_step(desk, step)))


def get_own(desk: Desk, step_id: int) -> Step:
    """An open reminder of the member's own; NotFound for any other id."""
    step = desk.memory.steps.get(desk.team.id, step_id)
    if step is None or step.deal_id is not None or step.member_id != desk.member.id:
        raise NotFound
    if step.state != StepState.OPEN:
        raise NotFound
    return step
