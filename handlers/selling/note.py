"""`note` and `call`: saves on a deal what happened with the customer."""

from __future__ import annotations

import re

from handlers.contract import open_question
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import find_draft, save_draft
from handlers.contract.reply import Button, Field, Form, Reply, Span, lines, rows, shorten
from handlers.contract.request import Request
from handlers.deals.find_deal import find_deal, get_deal, get_remark
from handlers.deals.record import offer_undo, record
from handlers.deals.step_view import offer_moment, say_once_only
from handlers.deals.when import cut_moment, read_moment
from handlers.objections import deal_attribution
from handlers.reading import When, is_report, is_untimed, split_repetition
from handlers.selling.next_step import (
    add_next_step_question,
    book,
    offer_moments,
    require_live,
)
from kb.states import EventKind
from storage.tables.people_and_deals import Deal

NOTE_CHARACTERS = 4000
ECHO_CHARACTERS = 200
MOST_TAPS = 5
_REMARK = "call"  # the kind of a draft that keeps what was typed of a call
_HAPPENED = re.compile(r"\s*/?\s*(?:called|通话|已打|打了|打过)", re.IGNORECASE)


@command("note", "备注", "记录", "笔记", "纪要", "记一下", "记一笔", "跟进记录", "拜访记录", "记")
def note(request: Request, desk: Desk) -> Reply:
    """Saves a note on a deal."""
    deal, rest = find_deal(request, desk, "note")
    remark = get_remark(request, rest)
    if not remark:
        return _make_form(desk, deal, "note")
    return save_note(desk, deal, remark, EventKind.NOTED)


@command(
    "call", "called", "通话", "打电话", "电话", "已打电话", "打了电话", "打过电话", "致电", "回电",
    "回电话",
)  # fmt: skip
def call(request: Request, desk: Desk) -> Reply:
    """Records a call that happened; `call acme on Friday` books one.

    Whether a call without a moment happened is asked, unless the line tells what was said.
    """
    over = _HAPPENED.match(request.line) is not None
    deal, rest = find_deal(request, desk, "called" if over else "call")
    line, repetition = split_repetition(rest)
    when = read_moment(line, desk)
    ahead = when is not None and when.at > desk.now
    if ahead and when is not None and when.span[0] == 0:
        reply = book(desk, deal, when.at, _name_call(desk, deal, cut_moment(line, when)))
        return say_once_only(desk, reply, repetition)
    remark = get_remark(request, rest)
    if over or (is_report(remark) and not is_untimed(remark)):
        return save_note(desk, deal, remark, EventKind.CALLED)
    return say_once_only(desk, _ask_whether(desk, deal, line, when if ahead else None), repetition)


def _name_call(desk: Desk, deal: Deal, about: str) -> str:
    return desk.words.line("selling.note.to_call", name=deal.customer.name, about=about).strip()


def _ask_whether(desk: Desk, deal: Deal, remark: str, when: When | None) -> Reply:
    """Asks when a call is to be, or whether it happened; nothing is written before a tap."""
    require_live(desk, deal)
    what = _name_call(desk, deal, cut_moment(remark, when) if when is not None else remark)
    open_question.ask(desk, open_question.Question("step", deal.id, what))
    draft = save_draft(desk, _REMARK, {"said": remark})
    taps = [Button(desk.words.line("selling.note.do_called"), f"called:{deal.id}:{draft.id}")]
    if when is not None:
        taps.append(offer_moment(desk, deal, when.at, what))
    *moments, other = offer_moments(desk, deal, what)
    taps += [*moments[: MOST_TAPS - len(taps) - 1], other]
    key = "selling.note.when_call" if remark else "selling.note.which_call"
    said = desk.words.say(key, name=deal.customer.name, **({"said": remark} if remark else {}))
    return Reply(said, buttons=rows(taps, 2), about=deal.id)


@action("called")
def record_call(request: Request, desk: Desk) -> Reply:
    """Records that a call happened, from a button: `called:<deal>:<draft of the remark>`."""
    draft = find_draft(desk, _REMARK, request.number(1))
    remark = str(draft.data["said"]) if draft is not None else ""
    deal = get_deal(desk, request.number(0))
    open_question.close_question(desk)
    return save_note(desk, deal, remark, EventKind.CALLED).in_place()


@action("note")
def note_by_form(request: Request, desk: Desk) -> Reply:
    """Asks for a note from a deal's card, and saves it: `note:<deal>`."""
    deal = get_deal(desk, request.number(0))
    if request.kind == "form":
        return save_note(desk, deal, request.values.get("note", ""), EventKind.NOTED)
    return _make_form(desk, deal, "note")


def save_note(desk: Desk, deal: Deal, said: str, kind: EventKind, answer: str = "note") -> Reply:
    """Saves a note or call on the deal, and asks for the next step where there is none."""
    text = said.strip()[:NOTE_CHARACTERS].strip()
    objection = deal_attribution.attach_recent_look_up(desk, deal)
    event = record(desk, deal, kind, note=text, nudge_answer=answer)
    echoed = Span(shorten(text, ECHO_CHARACTERS))
    key = f"selling.note.{kind}" if text else f"selling.note.{kind}_bare"
    said_back = desk.words.say(key, name=deal.customer.name, **({"note": echoed} if text else {}))
    reply = Reply(lines(said_back, objection), buttons=((offer_undo(desk, event),),), about=deal.id)
    return add_next_step_question(desk, deal, reply, read_moment(text, desk))


def _make_form(desk: Desk, deal: Deal, verb: str) -> Reply:
    field = Field("note", desk.words.line("selling.note.field"), limit=NOTE_CHARACTERS)
    title = desk.words.line("selling.note.form", name=deal.customer.name)
    return Reply(form=Form(f"{verb}:{deal.id}", title, (field,)), about=deal.id)
