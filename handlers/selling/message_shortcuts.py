"""Shortcuts on a chat message: log it as a lead, save it as a note, find the answer to it."""

from __future__ import annotations

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import UnknownDeal
from handlers.contract.reply import Choice, Field, Form, Option, Reply, text_of
from handlers.contract.request import Request
from handlers.deals import find_deal
from handlers.deals.find_deal import get_deal
from handlers.objections import look_up
from handlers.reading import clean_text
from handlers.selling import lead
from handlers.selling import note as note_command
from handlers.selling.note import NOTE_CHARACTERS
from kb.states import OPEN, EventKind

MAX_CHOICES = 20
TYPED_CHARACTERS = 200  # of what is typed, looked for


@action("log-lead")
def log_lead(request: Request, desk: Desk) -> Reply:
    """Shows the lead form filled from a message."""
    return lead.fill_form(desk, request.text.strip()[: lead.LINE_CHARACTERS])


@action("add-note")
def add_note(request: Request, desk: Desk) -> Reply:
    """Asks which deal a message belongs to, and saves it there as a note."""
    if request.kind != "form":
        return _make_note_form(desk, request.text.strip(), "", {})
    said, note = request.values.get("deal", ""), request.values.get("note", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 16:
        return note_command.save_note(desk, get_deal(desk, int(said)), note, EventKind.NOTED)
    try:
        deal, _rest = find_deal.find_deal(request.with_text(said[:TYPED_CHARACTERS]), desk, "note")
    except UnknownDeal:
        wrong = desk.words.line("selling.message_shortcuts.no_deal", said=said[:60])
        return _make_note_form(desk, note, said, {"deal": wrong})
    return note_command.save_note(desk, deal, note, EventKind.NOTED)


@action("find-answer")
def find_answer(request: Request, desk: Desk) -> Reply:
    """Looks up the objection in a message."""
    return look_up.look_up(request, desk)


@action("find-line")
def find_line(request: Request, desk: Desk) -> Reply:
    """Asks for the objection, in words or as a card found while typing, and looks it up."""
    words = desk.words
    if request.kind != "form":
        field = Field(
            "card", words.line("selling.message_shortcuts.field_objection"), limit=500, finds="card"
        )
        return Reply(form=Form("find-line", words.line("selling.message_shortcuts.find"), (field,)))
    said = request.values.get("card", "").strip()
    return look_up.look_up(request.with_text(said), desk)


def suggest_deals(request: Request, desk: Desk) -> Reply:
    """Deals for what is typed so far: names that begin with it, contain it or are close to it."""
    said = clean_text(request.text, TYPED_CHARACTERS).casefold()
    names = desk.memory.deals.list_names(desk.scope)
    inside = [(key, name) for key, name in names if said in name.casefold()]
    inside.sort(key=lambda pair: not pair[1].casefold().startswith(said))
    split = find_deal.find_named_deals(said, desk) if said and not inside else None
    near = [(match.id, match.name) for match in split.match.best] if split else []
    chosen = dict([*inside, *near][:MAX_CHOICES])
    found = (get_deal(desk, int(key)) for key in chosen)
    return Reply(
        choices=tuple(
            Choice(str(deal.id), deal.customer.name, "", text_of(deal.customer.name))
            for deal in found
        )
    )


def suggest_cards(request: Request, desk: Desk) -> Reply:
    """Cards for what is typed so far, and last the typed text itself."""
    said = clean_text(request.text, TYPED_CHARACTERS)
    found = look_up.suggest_cards(request.with_text(said), desk).choices if said else ()
    titles = dict.fromkeys([*(choice.title for choice in found), said])
    return Reply(choices=tuple(Choice(t[:150], t, "", text_of(t)) for t in titles if t))


def _make_note_form(desk: Desk, note: str, deal: str, errors: dict[str, str]) -> Reply:
    words = desk.words
    known = find_deal.find_deal_in_hand(desk)
    options: tuple[Option, ...] = ()
    if known is not None and known.status in OPEN and not deal:
        options, deal = (Option(str(known.id), known.customer.name),), str(known.id)
    fields = (
        Field(
            "deal",
            words.line("selling.message_shortcuts.field_deal"),
            "",
            deal,
            options,
            free=True,
            finds="deal",
        ),
        Field("note", words.line("selling.note.field"), value=note, limit=NOTE_CHARACTERS),
    )
    return Reply(
        form=Form("add-note", words.line("selling.message_shortcuts.note"), fields, errors)
    )
