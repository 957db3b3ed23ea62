"""`next`: what a rep will do next on a deal, and when; every live deal should have a step.

A deal may have several. Whatever is booked is added to them, unless it only moves one of them: no
news replaces a step without saying so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from handlers.contract import open_question
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.refusals import NotFound, TextRefusal, UnknownDeal
from handlers.contract.reply import Button, Field, Form, Reply, Text, lines, rows
from handlers.contract.request import Request
from handlers.deals.attention import get_owner_calendar
from handlers.deals.find_deal import (
    find_deal,
    find_named_deals,
    get_deal,
    get_remark,
    require_deal_in_hand,
)
from handlers.deals.record import offer_undo, record
from handlers.deals.step_view import (
    label_step,
    name_step,
    offer_drop,
    offer_moment,
    offer_working_time,
    render_outside_hours,
    say_once_only,
)
from handlers.deals.steps import add_step, change_of
from handlers.deals.when import (
    STEP_CHARACTERS,
    cut_moment,
    get_quick_moments,
    read_minute,
    read_moment,
    write_minute,
)
from handlers.reading import When, clean_text, split_repetition
from handlers.selling import own_reminders
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Deal, Event
from storage.tables.steps import Step, StepState

STEPS_OFFERED = 4  # of several that may be meant, each a tap away
_TO = re.compile(r"\A(?:me\s+)?to\s+", re.IGNORECASE)  # remind me to call


@command(
    "next", "step", "remind", "nudge", "下一步", "提醒", "提醒我", "记得", "别忘了", "安排", "预约",
)  # fmt: skip
def next_step(request: Request, desk: Desk) -> Reply:
    """Books the next step of a deal from a line such as `acme tomorrow 3pm send the offer`."""
    bare = _read_bare_moment(request, desk)
    if bare is not None:
        return book(desk, require_deal_in_hand(desk, "next"), bare.at, "")
    try:
        deal, rest = find_deal(request, desk, "next")
    except UnknownDeal:
        own = own_reminders.book_line(desk, request.text)
        if own is None:
            raise
        return own
    rest, repetition = split_repetition(_TO.sub("", get_remark(request, rest)))
    rest = _TO.sub("", rest) if repetition is not None else rest
    when = read_moment(rest, desk)
    if when is None:
        reply = ask_when(desk, deal, clean_text(rest, STEP_CHARACTERS))
    else:
        reply = book(desk, deal, when.at, cut_moment(rest, when))
    return say_once_only(desk, reply, repetition)


def _read_bare_moment(request: Request, desk: Desk) -> When | None:
    """The moment of a line such as `next friday 2pm`, which means the deal in hand.

    "Next quarter" is what a customer says.
    """
    held = desk.member.deal_in_hand_id
    if held is None or "deal" in request.values or find_named_deals(request.text, desk).match.sure:
        return None
    for line in (f"next {request.text}", request.text):
        when = read_moment(line, desk)
        if when is not None and when.precision in ("minute", "day") and not cut_moment(line, when):
            return when
    return None


@action("step")
def ask_by_tap(request: Request, desk: Desk) -> Reply:
    """Asks for the moment of the next step: `step:<deal>`."""
    return ask_when(desk, get_deal(desk, request.number(0)), "")


@action("at")
def book_by_tap(request: Request, desk: Desk) -> Reply:
    """Books the moment a button names: `at:<deal>:<today|tomorrow|days3|minute>:<draft>`.

    `minute` is one in UTC, such as 202611200800.
    """
    deal = get_deal(desk, request.number(0))
    moment = get_quick_moments(desk).get(request.word(1)) or read_minute(request.word(1))
    if moment is None:
        raise NotFound
    what, step = _read_draft(desk, request.number(2))
    return book(desk, deal, moment, what, step)


@action("pick-time")
def book_by_form(request: Request, desk: Desk) -> Reply:
    """Asks for the moment and the step in a form, and books them: `pick-time:<deal>:<draft>`."""
    deal = get_deal(desk, request.number(0))
    drafted, step = _read_draft(desk, request.number(1))
    draft_id = request.number(1)
    if request.kind != "form":
        return _make_form(desk, deal, draft_id, {"when": "", "what": drafted}, {})
    said = request.values.get("when", "")
    when = read_moment(said, desk)
    if when is None or when.at <= desk.now:
        key = "selling.next_step.when_unread" if when is None else "selling.next_step.when_past"
        errors = {"when": desk.words.line(key, said=said[:80])}
        return _make_form(desk, deal, draft_id, request.values, errors)
    what = request.values.get("what", "") or cut_moment(said, when)
    return book(desk, deal, when.at, clean_text(what, STEP_CHARACTERS), step)


def book(desk: Desk, deal: Deal, at: datetime, what: str, moves: Step | None = None) -> Reply:
    """Books a step at an instant (aware UTC), or moves one, and confirms it with its weekday.

    A step of the same text is moved; so is the deal's only one by a moment without a text.
    """
    if at <= desk.now:
        question = open_question.Question("step", deal.id, what, moves.id if moves else 0)
        buttons = offer_moments(desk, deal, what, moves)
        raise TextRefusal(
            "selling.next_step.past", *buttons, question=question, name=deal.customer.name
        )
    require_live(desk, deal)
    others = list(desk.memory.steps.list_of_deal(desk.team.id, deal.id))
    moved = moves or _find_moved_step(others, what, desk.now)
    if moved is None and not what and others:
        return _ask_which_moves(desk, deal, at, others)
    if moved is not None:
        return _move(desk, deal, moved, at, what)
    return _add(desk, deal, at, what, others)


def _find_moved_step(steps: Sequence[Step], what: str, now: datetime) -> Step | None:
    """The step that a booking only moves: the one of its text, or for a bare moment the only one.

    A step ahead that has no text yet gets its words so.
    """
    if not what:
        return steps[0] if len(steps) == 1 else None
    same = (step for step in steps if step.text.casefold() == what.casefold())
    bare = (step for step in steps if not step.text and step.at > now)
    return next(same, None) or next(bare, None)


def _ask_which_moves(desk: Desk, deal: Deal, at: datetime, steps: Sequence[Step]) -> Reply:
    """Asks which of several steps is meant by a moment alone, or whether it is a new one."""
    minute = write_minute(at)
    buttons = []
    for step in steps[:STEPS_OFFERED]:
        draft = save_draft(desk, "step", {"what": step.text, "step": step.id})
        buttons.append(Button(f"↷ {label_step(desk, step)}", f"at:{deal.id}:{minute}:{draft.id}"))
    draft = save_draft(desk, "step", {"what": desk.words.line("nudges.nudge.follow_up")})
    new = desk.words.line("selling.next_step.do_new")
    buttons.append(Button(new, f"at:{deal.id}:{minute}:{draft.id}"))
    moment = desk.words.moment(at, desk.zone, desk.now)
    said = desk.words.say("selling.next_step.which_moves", name=deal.customer.name, moment=moment)
    return Reply(said, buttons=rows(buttons, 1), about=deal.id)


def _move(desk: Desk, deal: Deal, step: Step, at: datetime, what: str) -> Reply:
    before = step.at
    text = what or step.text
    changes = change_of(step, at=at, text=text, anyway=False)
    event = record(desk, deal, EventKind.STEP_SET, changes, note=text, nudge_answer="step")
    was = desk.words.moment(before, desk.zone, desk.now)
    line = desk.words.say("selling.next_step.moved_from", moment=was) if before != at else ()
    return _confirm(desk, deal, step, event, [line])


def _add(desk: Desk, deal: Deal, at: datetime, what: str, others: Sequence[Step]) -> Reply:
    """Adds a step; the only one that has passed counts as done, and the answer says so."""
    step = add_step(desk, deal, what, at)
    changes = change_of(step, state=StepState.OPEN)
    passed = [other for other in others if other.at <= desk.now]
    closed = passed[0] if len(passed) == 1 else None
    if closed is not None:
        changes |= change_of(closed, state=StepState.DONE)
    event = record(desk, deal, EventKind.STEP_SET, changes, note=what, nudge_answer="step")
    notes = [
        desk.words.say("selling.next_step.also", step=name_step(desk, other), moment=when)
        for other in others
        if other is not closed
        for when in [desk.words.moment(other.at, desk.zone, desk.now)]
    ]
    if closed is not None:
        notes.append(desk.words.say("selling.next_step.closed", step=name_step(desk, closed)))
    left = [other for other in others if other is not closed]
    taps = [offer_drop(desk, left[0])] if len(left) == 1 else []
    if closed is not None:
        taps.append(
            Button(desk.words.line("selling.next_step.do_still_open"), f"step-open:{closed.id}")
        )
    return _confirm(desk, deal, step, event, notes, taps)


def _confirm(
    desk: Desk,
    deal: Deal,
    step: Step,
    event: Event,
    notes: Sequence[Text],
    taps: Sequence[Button] = (),
) -> Reply:
    """Says what is booked; outside the owner's hours it asks whether to ring all the same."""
    said = desk.words.say(
        "selling.next_step.booked",
        name=deal.customer.name,
        moment=desk.words.moment(step.at, desk.zone, desk.now),
        step=name_step(desk, step),
    )
    calendar = get_owner_calendar(desk, deal)
    outside = render_outside_hours(desk, step, calendar)
    choice = offer_working_time(desk, step, calendar)
    last = (offer_undo(desk, event), *taps)
    return Reply(
        lines(said, *notes, outside), buttons=(choice, last) if choice else (last,), about=deal.id
    )


def require_live(desk: Desk, deal: Deal) -> None:
    """Refuses a step on a deal that is closed or parked; the way out is to reopen it."""
    if deal.status != DealStatus.LIVE:
        reopen = Button(desk.words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}")
        raise TextRefusal("selling.next_step.not_live", reopen, name=deal.customer.name)


def ask_when(desk: Desk, deal: Deal, what: str, step: Step | None = None) -> Reply:
    """Asks for the moment; what is to be done is saved with the question."""
    require_live(desk, deal)
    said = desk.words.say("selling.next_step.when", name=deal.customer.name)
    step_id = step.id if step is not None else 0
    open_question.ask(desk, open_question.Question("step", deal.id, what, step_id))
    return Reply(said, buttons=_split_rows(offer_moments(desk, deal, what, step)), about=deal.id)


def offer_moments(
    desk: Desk, deal: Deal, what: str = "", step: Step | None = None
) -> tuple[Button, ...]:
    """Buttons for today 17:00 while it lies ahead, tomorrow 9:00, in three days, another time."""
    data = {"what": what, "step": step.id if step is not None else 0}
    draft = save_draft(desk, "step", data).id if what or step is not None else 0
    taps = [
        Button(desk.words.line(f"selling.next_step.at_{name}"), f"at:{deal.id}:{name}:{draft}")
        for name, moment in get_quick_moments(desk).items()
        if moment > desk.now
    ]
    return (
        *taps,
        Button(desk.words.line("selling.next_step.at_other"), f"pick-time:{deal.id}:{draft}"),
    )


def add_next_step_question(
    desk: Desk,
    deal: Deal,
    reply: Reply,
    said: When | None = None,
    about: Literal["step", "happened"] = "step",
) -> Reply:
    """Adds the question for the next step to a reply, where a live deal has none.

    `said` is a moment that was spoken of: where it lies ahead, it is offered as a tap. With
    `about` happened, a line that names no moment is taken for what happened.
    """
    spoken = _offer_spoken_moment(desk, deal, said)
    if deal.status != DealStatus.LIVE or deal.next_step_at is not None:
        return replace(reply, buttons=((*spoken, *reply.buttons[0]),)) if spoken else reply
    key = "selling.next_step.what_next" if about == "step" else "selling.next_step.what_happened"
    text = lines(reply.text, desk.words.say(key))
    open_question.ask(desk, open_question.Question(about, deal.id))
    *taps, other = offer_moments(desk, deal)
    if spoken:
        taps = [*spoken, *taps[:-1]]
    return replace(reply, text=text, buttons=(*_split_rows((*taps, other)), *reply.buttons))


def _offer_spoken_moment(desk: Desk, deal: Deal, said: When | None) -> tuple[Button, ...]:
    if (
        said is None
        or deal.status != DealStatus.LIVE
        or said.at <= desk.now
        or said.at == deal.next_step_at
    ):
        return ()
    return (offer_moment(desk, deal, said.at),)


def _read_draft(desk: Desk, draft_id: int) -> tuple[str, Step | None]:
    """What was to be done, as a draft has it, and the step that is moved; "" and None without."""
    draft = find_draft(desk, "step", draft_id)
    if draft is None:
        return "", None
    step = desk.memory.steps.get(desk.team.id, int(draft.data.get("step", 0)))
    is_open = step is not None and step.state == StepState.OPEN
    return str(draft.data["what"]), step if is_open else None


def _make_form(
    desk: Desk, deal: Deal, draft_id: int, values: object, errors: dict[str, str]
) -> Reply:
    given = dict(values) if isinstance(values, dict) else {}
    fields = (
        Field(
            "when",
            desk.words.line("selling.next_step.field_when"),
            desk.words.line("selling.next_step.hint_when"),
        ),
        Field(
            "what",
            desk.words.line("selling.next_step.field_what"),
            value=given.get("what", ""),
            required=False,
            limit=STEP_CHARACTERS,
        ),
    )
    title = desk.words.line("selling.next_step.form", name=deal.customer.name)
    return Reply(form=Form(f"pick-time:{deal.id}:{draft_id}", title, fields, errors), about=deal.id)


def _split_rows(buttons: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(row for row in (buttons[:2], buttons[2:]) if row)
