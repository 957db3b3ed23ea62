"""`note` and `call`: saves on a deal what happened with the customer."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Field, Form, Reply, Span, lines, shorten
from handlers.contract.request import Request
from handlers.deals.find_deal import find_deal, get_deal, get_remark
from handlers.deals.record import offer_undo, record
from handlers.deals.when import cut_moment, read_moment
from handlers.objections import deal_attribution
from handlers.selling.next_step import add_next_step_question, book
from kb.states import EventKind
from storage.tables.people_and_deals import Deal

NOTE_CHARACTERS = 4000
ECHO_CHARACTERS = 200


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
    """Records a call and what was said; `call acme on Friday` books one instead."""
    deal, rest = find_deal(request, desk, "call")
    when = read_moment(rest, desk)
    if when is not None and when.span[0] == 0 and when.at > desk.now:
        what = desk.words.line(
            "selling.note.to_call", name=deal.customer.name, about=cut_moment(rest, when)
        )
        return book(desk, deal, when.at, what.strip())
    return save_note(desk, deal, get_remark(request, rest), EventKind.CALLED)


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
