"""Gap actions: write a card for a gap, add its queries to a card, ignore it, reply to it."""

from __future__ import annotations

from handlers.cards.card_view import find_card, get_card
from handlers.cards.forms import (
    LIMITS,
    add_phrasings,
    clean_values,
    find_errors,
    make_card,
    make_card_form,
)
from handlers.cards.gap_filling import fill_gaps, link_gap, list_queries
from handlers.cards.proposals import save_card
from handlers.cards.state import make_edit_form
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Field, Form, Reply, lines, rows
from handlers.contract.request import Request
from handlers.objections.gaps import find_missed_card, get_gap
from kb.states import CardState
from storage.tables.cards import Card, Gap, GapState
from storage.tables.people_and_deals import Role

CARDS_OFFERED = 3


@action("gap-write")
def write_card(request: Request, desk: Desk) -> Reply:
    """Asks for the gap's card, with its queries filled in as phrasings: `gap-write:<gap>`."""
    gap = _get_unfilled_gap(desk, request.number(0))
    if request.kind != "form":
        return make_card_form(desk, f"gap-write:{gap.id}", _make_first_values(desk, gap))
    values = clean_values(request.values)
    if errors := find_errors(desk, values):
        return make_card_form(desk, f"gap-write:{gap.id}", values, errors)
    card = make_card(
        desk, values, CardState.APPROVED if desk.may(Role.MANAGER) else CardState.DRAFT
    )
    return save_card(desk, card, gap)


@action("gap-edit")
def edit_missed_card(request: Request, desk: Desk) -> Reply:
    """Asks for better lines of the card that did not land, to fill the gap: `gap-edit:<gap>`."""
    gap = _get_unfilled_gap(desk, request.number(0))
    card = find_missed_card(desk, gap)
    if card is None:
        raise NotFound
    link_gap(desk, gap, card)
    return make_edit_form(desk, card)


@action("gap-add", role=Role.MANAGER)
def add_to_card(request: Request, desk: Desk) -> Reply:
    """`gap-add:<gap>` asks for a card, `gap-add:<gap>:<card>` adds the gap's queries to it."""
    gap = _get_unfilled_gap(desk, request.number(0))
    if request.word(1):
        return _add_queries(desk, gap, get_card(desk, request.number(1)))
    buttons = [
        Button(card.objection, f"gap-add:{gap.id}:{card.id}")
        for card in _find_nearest_cards(desk, gap)
    ]
    buttons.append(Button(desk.words.line("objections.gaps.do_other"), f"gap-find:{gap.id}"))
    return Reply(
        desk.words.say("objections.gaps.which_card", query=gap.query), buttons=rows(buttons, 1)
    )


@action("gap-find", role=Role.MANAGER)
def find_other_card(request: Request, desk: Desk) -> Reply:
    """Asks for a card by its words, and shows the one found: `gap-find:<gap>`."""
    gap = _get_unfilled_gap(desk, request.number(0))
    if request.kind != "form":
        field = Field("objection", desk.words.line("objections.gaps.field_card"), limit=200)
        return Reply(
            form=Form(f"gap-find:{gap.id}", desk.words.line("objections.gaps.do_add"), (field,))
        )
    card = find_card(desk, request.values.get("objection", "").strip(), (CardState.APPROVED,))
    yes = Button(desk.words.line("objections.gaps.do_this"), f"gap-add:{gap.id}:{card.id}")
    other = Button(desk.words.line("objections.gaps.do_other"), f"gap-find:{gap.id}")
    text = desk.words.say("objections.gaps.add_to", query=gap.query, objection=card.objection)
    return Reply(text, buttons=((yes, other),))


@action("gap-ignore")
def ignore_gap(request: Request, desk: Desk) -> Reply:
    """Ignores a gap, also when it is asked for again: `gap-ignore:<gap>`."""
    gap = _get_unfilled_gap(desk, request.number(0))
    gap.state, gap.raise_at = GapState.IGNORED, None
    desk.memory.gaps.save_change(gap)
    again = Button(desk.words.line("objections.gaps.do_reopen"), f"gap-reopen:{gap.id}")
    text = desk.words.say("objections.gaps.ignored", query=gap.query[:200])
    return Reply(text, buttons=((again,),)).in_place()


@action("gap-reopen")
def reopen_gap(request: Request, desk: Desk) -> Reply:
    """Reopens an ignored gap: `gap-reopen:<gap>`."""
    gap = get_gap(desk, request.number(0))
    if gap.state == GapState.IGNORED:
        gap.state = GapState.OPEN
        desk.memory.gaps.save_change(gap)
    return Reply(desk.words.say("objections.gaps.reopened", query=gap.query[:200])).in_place()


def handle_reply(request: Request, desk: Desk) -> Reply | None:
    """Makes a draft of a typed reply to a gap's notice; None when it replies to anything else."""
    sent = desk.find_replied_message(request.reply_to, "gap")
    if sent is None:
        return None
    gap = _get_unfilled_gap(desk, sent.subject_id or 0)
    values = clean_values(_make_first_values(desk, gap) | {"say": request.text})
    if errors := find_errors(desk, values):
        return make_card_form(desk, f"gap-write:{gap.id}", values, errors)
    return save_card(
        desk,
        make_card(desk, values, CardState.DRAFT),
        gap,
        desk.words.say("objections.gaps.drafted"),
    )


def _make_first_values(desk: Desk, gap: Gap) -> dict[str, str]:
    """The first values of the card's form: the gap's queries."""
    queries = list_queries(desk, gap)
    objection = queries[0] if queries else gap.query[: LIMITS["objection"]]
    return {"objection": objection, "phrasings": "; ".join(queries[1:])}


def _add_queries(desk: Desk, gap: Gap, card: Card) -> Reply:
    if card.state != CardState.APPROVED:
        raise TextRefusal("cards.command.not_in_use", objection=card.objection)
    fresh = add_phrasings(desk, card, list_queries(desk, gap))
    link_gap(desk, gap, card)
    note = fill_gaps(desk, card)
    text = desk.words.say("objections.gaps.added", n=len(fresh), objection=card.objection)
    return Reply(lines(text, note)).in_place()


def _find_nearest_cards(desk: Desk, gap: Gap) -> list[Card]:
    """The approved cards nearest to the gap's query, though none was near enough."""
    found: dict[str, Card] = {}
    for hit in desk.cards().find_nearest(gap.query, limit=CARDS_OFFERED * 2):
        card = desk.memory.cards.get(desk.team.id, int(hit.card_id))
        if card is not None and card.state == CardState.APPROVED:
            found.setdefault(card.key, card)
    return list(found.values())[:CARDS_OFFERED]


def _get_unfilled_gap(desk: Desk, gap_id: int) -> Gap:
    gap = get_gap(desk, gap_id)
    if gap.state == GapState.FILLED:
        raise TextRefusal("objections.gaps.filled_already", query=gap.query[:200])
    return gap
