"""`next`: what a rep will do next on a deal, and when; every live deal should have one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from handlers.contract import open_question
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Field, Form, Reply, Text, lines
from handlers.contract.request import Request
from handlers.deals.find_deal import (
    find_deal,
    find_named_deals,
    get_deal,
    get_remark,
    require_deal_in_hand,
)
from handlers.deals.record import NO_STEP, offer_undo, record
from handlers.deals.when import (
    MINUTE,
    STEP_CHARACTERS,
    cut_moment,
    get_quick_moments,
    read_minute,
    read_moment,
)
from handlers.reading import When, clean_text
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Deal

_TO = re.compile(r"\A(?:me\s+)?to\s+", re.IGNORECASE)  # remind me to call


@command(
    "next", "step", "remind", "nudge", "下一步", "提醒", "提醒我", "记得", "别忘了", "安排", "预约",
)  # fmt: skip
def next_step(request: Request, desk: Desk) -> Reply:
    """Books the next step of a deal from a line such as `acme tomorrow 3pm send the offer`."""
    bare = _read_bare_moment(request, desk)
    if bare is not None:
        return book(desk, require_deal_in_hand(desk, "next"), bare.at, "")
    deal, rest = find_deal(request, desk, "next")
    rest = _TO.sub("", get_remark(request, rest))
    when = read_moment(rest, desk)
    if when is None:
        return ask_when(desk, deal, clean_text(rest, STEP_CHARACTERS))
    return book(desk, deal, when.at, cut_moment(rest, when))


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
    return book(desk, deal, moment, _get_draft_step(desk, request.number(2)))


@action("pick-time")
def book_by_form(request: Request, desk: Desk) -> Reply:
    """Asks for the moment and the step in a form, and books them: `pick-time:<deal>:<draft>`."""
    deal = get_deal(desk, request.number(0))
    if request.kind != "form":
        return _make_form(
            desk, deal, {"when": "", "what": _get_draft_step(desk, request.number(1))}, {}
        )
    said = request.values.get("when", "")
    when = read_moment(said, desk)
    if when is None or when.at <= desk.now:
        key = "selling.next_step.when_unread" if when is None else "selling.next_step.when_past"
        return _make_form(
            desk, deal, request.values, {"when": desk.words.line(key, said=said[:80])}
        )
    what = request.values.get("what", "") or cut_moment(said, when)
    return book(desk, deal, when.at, clean_text(what, STEP_CHARACTERS))


@command("done", "finished", "完成", "完成了", "做完了", "办完了", "搞定", "搞定了")
def finish_by_word(request: Request, desk: Desk) -> Reply:
    """Marks the step of the named deal, or of the one in hand, as done."""
    deal, _rest = find_deal(request, desk, "done", (DealStatus.LIVE,))
    _require_live(desk, deal)
    return finish(desk, deal)


@action("done")
def finish_by_tap(request: Request, desk: Desk) -> Reply:
    """Marks a deal's step as done from a button: `done:<deal>`."""
    return finish(desk, get_deal(desk, request.number(0)))


def finish(desk: Desk, deal: Deal, answer: str = "done") -> Reply:
    """Marks the deal's step as done and asks for the next one."""
    event = record(
        desk, deal, EventKind.STEP_DONE, NO_STEP, note=deal.next_step, nudge_answer=answer
    )
    said = desk.words.say("selling.next_step.done", name=deal.customer.name)
    reply = Reply(said, buttons=((offer_undo(desk, event),),), about=deal.id)
    return add_next_step_question(desk, deal, reply, about="happened")


def book(desk: Desk, deal: Deal, at: datetime, what: str) -> Reply:
    """Books a step at an instant (aware UTC) and confirms it with its weekday."""
    if at <= desk.now:
        question = open_question.Question("step", deal.id, what)
        buttons = offer_moments(desk, deal, what)
        raise TextRefusal(
            "selling.next_step.past", *buttons, question=question, name=deal.customer.name
        )
    _require_live(desk, deal)
    notes = (_render_replaced_step(desk, deal, at, what), _render_outside_hours(desk, at))
    outside = _offer_working_time(desk, deal, at, what)
    changes = {"next_step": what, "next_step_at": at}
    event = record(desk, deal, EventKind.STEP_SET, changes, note=what, nudge_answer="step")
    moment = desk.words.moment(at, desk.zone, desk.now)
    said = desk.words.say(
        "selling.next_step.booked",
        name=deal.customer.name,
        moment=moment,
        step=what or desk.words.line("selling.deal_list.step"),
    )
    taps = (outside, (offer_undo(desk, event),)) if outside else ((offer_undo(desk, event),),)
    return Reply(lines(said, *notes), buttons=taps, about=deal.id)


@action("ring-anyway")
def keep_moment(request: Request, desk: Desk) -> Reply:
    """Confirms a step outside the member's working hours: `ring-anyway:<deal>`."""
    deal = get_deal(desk, request.number(0))
    if deal.next_step_at is None:
        raise NotFound
    moment = desk.words.moment(deal.next_step_at, desk.zone, desk.now)
    said = desk.words.say("selling.next_step.rings_anyway", name=deal.customer.name, moment=moment)
    return Reply(said, about=deal.id).in_place()


def _offer_working_time(desk: Desk, deal: Deal, at: datetime, what: str) -> tuple[Button, ...]:
    """The choice for a moment outside working hours: ring then, or when work begins again."""
    calendar = desk.calendar
    if calendar.is_working(at) or calendar.is_away(calendar.local(at).date()):
        return ()
    later = calendar.next_working(at).strftime(MINUTE)
    draft = save_draft(desk, "step", {"what": what}).id if what else 0
    return (
        Button(desk.words.line("selling.next_step.do_ring_anyway"), f"ring-anyway:{deal.id}"),
        Button(desk.words.line("selling.next_step.do_working"), f"at:{deal.id}:{later}:{draft}"),
    )


def _render_replaced_step(desk: Desk, deal: Deal, at: datetime, what: str) -> Text:
    """The line about the booked step that this one replaces; empty where it is only moved."""
    before = deal.next_step_at
    if before is None or before <= desk.now or not deal.next_step or what in ("", deal.next_step):
        return ()
    moment = desk.words.moment(before, desk.zone, desk.now)
    return desk.words.say("selling.next_step.instead_of", step=deal.next_step, moment=moment)


def _render_outside_hours(desk: Desk, at: datetime) -> Text:
    """The line about a moment outside working hours: when the reminder comes."""
    calendar = desk.calendar
    if calendar.is_away(calendar.local(at).date()):
        moment = desk.words.moment(calendar.next_working(at), desk.zone, desk.now)
        return desk.words.say("selling.next_step.away_then", moment=moment)
    return () if calendar.is_working(at) else desk.words.say("selling.next_step.quiet_then")


def _require_live(desk: Desk, deal: Deal) -> None:
    """Refuses a step on a deal that is closed or parked; the way out is to reopen it."""
    if deal.status != DealStatus.LIVE:
        reopen = Button(desk.words.line("selling.deal_list.do_reopen"), f"reopen:{deal.id}")
        raise TextRefusal("selling.next_step.not_live", reopen, name=deal.customer.name)


def ask_when(desk: Desk, deal: Deal, what: str) -> Reply:
    """Asks for the moment; what is to be done is saved with the question."""
    _require_live(desk, deal)
    said = desk.words.say("selling.next_step.when", name=deal.customer.name)
    open_question.ask(desk, open_question.Question("step", deal.id, what))
    return Reply(said, buttons=_split_rows(offer_moments(desk, deal, what)), about=deal.id)


def offer_moments(desk: Desk, deal: Deal, what: str = "") -> tuple[Button, ...]:
    """Buttons for today 17:00 while it lies ahead, tomorrow 9:00, in three days, another time."""
    draft = save_draft(desk, "step", {"what": what}).id if what else 0
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
    written = said.at.astimezone(UTC).strftime(MINUTE)
    moment = desk.words.moment(said.at, desk.zone, desk.now)
    return (Button(f"▶ {moment}", f"at:{deal.id}:{written}:0"),)


def _get_draft_step(desk: Desk, draft_id: int) -> str:
    draft = find_draft(desk, "step", draft_id)
    return str(draft.data["what"]) if draft is not None else ""


def _make_form(desk: Desk, deal: Deal, values: object, errors: dict[str, str]) -> Reply:
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
    return Reply(form=Form(f"pick-time:{deal.id}", title, fields, errors), about=deal.id)


def _split_rows(buttons: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(row for row in (buttons[:2], buttons[2:]) if row)
