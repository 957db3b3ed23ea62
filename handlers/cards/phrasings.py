"""Card phrasings: list, add and drop ways to say an objection, written or learned from use."""

from __future__ import annotations

from handlers.cards.card_view import get_card
from handlers.cards.forms import LIMITS, OVER_LIMIT, add_phrasings, split_wordings
from handlers.contract.act_log import log_change
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.list_page import find_page
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Field, Form, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.objections import learned_phrasings
from storage.tables.cards import Card
from storage.tables.people_and_deals import Role

PAGE = 3


@action("card-phrasings", role=Role.MANAGER)
def turn_page(request: Request, desk: Desk) -> Reply:
    """Shows a page of a card's phrasings: `card-phrasings:<card>:<page>`."""
    reply = render_phrasings(desk, get_card(desk, request.number(0)), request.number(1))
    return reply.in_place() if request.word(1) else reply


@action("card-say", role=Role.MANAGER)
def ask_wordings(request: Request, desk: Desk) -> Reply:
    """Asks for further phrasings and saves them: `card-say:<card>`."""
    card = get_card(desk, request.number(0))
    if request.kind == "form":
        return add_wordings(desk, card, request.values.get("phrasings", ""))
    field = Field(
        "phrasings",
        desk.words.line("cards.command.field_phrasings"),
        desk.words.line("cards.command.hint_phrasings"),
        limit=LIMITS["phrasings"] + OVER_LIMIT,
    )
    title = desk.words.line("cards.command.phrasings_of", objection=card.objection)
    return Reply(form=Form(f"card-say:{card.id}", title, (field,)))


def add_wordings(desk: Desk, card: Card, text: str) -> Reply:
    """Saves further phrasings of a card, and shows all of them."""
    fresh = add_phrasings(desk, card, split_wordings(text))
    return render_phrasings(desk, card, 0, desk.words.say("cards.command.ways_added", n=len(fresh)))


@action("card-unsay", role=Role.MANAGER)
def drop_wording(request: Request, desk: Desk) -> Reply:
    """Drops a phrasing, written or learned: `card-unsay:<card>:<w|l>:<id>`."""
    card, number = get_card(desk, request.number(0)), request.number(2)
    text = (
        _drop_learned(desk, card, number)
        if request.word(1) == "l"
        else _drop_written(desk, card, number)
    )
    above = desk.words.say("cards.command.way_dropped", text=text)
    return render_phrasings(desk, card, 0, above).in_place()


def render_phrasings(desk: Desk, card: Card, page: int, above: Text = ()) -> Reply:
    """A page of the card's phrasings; learned ones say how often they were used."""
    title = bold(desk.words.line("cards.command.phrasings_of", objection=card.objection))
    every = _list_phrasings(desk, card)
    on_page = find_page(len(every), page, PAGE)
    part = on_page.cut(every)
    buttons = [
        Button(f"✕ {text}", f"card-unsay:{card.id}:{way}:{number}") for text, way, number, _ in part
    ]
    buttons.append(Button(desk.words.line("cards.command.do_say"), f"card-say:{card.id}"))
    buttons += on_page.make_more_button(desk.words, f"card-phrasings:{card.id}:")
    listed = [text_of(f"• {text}{learnt}") for text, _, _, learnt in part]
    none = desk.words.say("cards.command.no_ways") if not every else ()
    return Reply(lines(above, title, *listed, none), buttons=rows(buttons, 1))


def _list_phrasings(desk: Desk, card: Card) -> list[tuple[str, str, int, str]]:
    """(text, written or learned, its id, how often it was learned), written ones first."""
    written = [(each.text, "w", each.id, "") for each in card.phrasings]
    learnt = [
        (each.text, "l", each.id, desk.words.line("cards.command.learned_times", n=each.uses))
        for each, _ in learned_phrasings.list_learned(desk, card)
    ]
    return [*written, *learnt]


def _drop_written(desk: Desk, card: Card, number: int) -> str:
    gone = [each.text for each in card.phrasings if each.id == number]
    if not gone:
        raise NotFound
    card.changed_at = desk.now
    rest = [each.text for each in card.phrasings if each.id != number]
    log_change(desk, "card")
    desk.memory.cards.save_change(card, rest, by=desk.member.id)
    return gone[0]


def _drop_learned(desk: Desk, card: Card, number: int) -> str:
    known = next((each for each in card.learned if each.id == number), None)
    if known is None:
        raise NotFound
    learned_phrasings.drop(desk, known, card)
    return known.text
