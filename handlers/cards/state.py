"""Card states: approve, drop, verify, edit, retire and restore a card."""

from __future__ import annotations

from handlers.cards import gap_filling
from handlers.cards.card_view import get_card, show_card
from handlers.cards.forms import EDIT_FIELDS, clean_values, find_errors, make_card_form
from handlers.contract.act_log import log_change
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Reply, lines, rows
from handlers.contract.request import Request
from handlers.contract.words import Words
from handlers.objections.card_review import list_due_cards, verify
from handlers.outbox.notices import notify_other
from kb.states import CardState
from storage.tables.cards import Card
from storage.tables.people_and_deals import Role


@action("card-approve", role=Role.MANAGER)
def approve_card(request: Request, desk: Desk) -> Reply:
    """Approves a draft, so that everybody finds it: `card-approve:<card>`."""
    card = _get_undecided_card(desk, request.number(0))
    card.state = CardState.APPROVED
    save_change(desk, card, "approved")
    _tell_proposer(desk, card, "taken")
    note = gap_filling.fill_gaps(desk, card)
    return show_card(desk, card, lines(desk.words.say("cards.command.approved"), note)).in_place()


@action("card-drop", role=Role.MANAGER)
def drop_draft(request: Request, desk: Desk) -> Reply:
    """Rejects a draft: `card-drop:<card>`."""
    card = _get_undecided_card(desk, request.number(0))
    retire_card(desk, card, "dropped")
    gap_filling.unlink_gaps(desk, card)
    _tell_proposer(desk, card, "not_taken")
    back = Button(desk.words.line("cards.command.do_restore"), f"card-restore:{card.id}")
    text = desk.words.say("cards.command.dropped", objection=card.objection)
    return Reply(text, buttons=((back,),)).in_place()


@action("card-verify")
def verify_by_tap(request: Request, desk: Desk) -> Reply:
    """Confirms that a card is still right: `card-verify:<card>`."""
    card = get_card(desk, request.number(0), to_change=True)
    if card.state != CardState.APPROVED:
        raise TextRefusal("cards.command.not_in_use", objection=card.objection)
    save_change(desk, card, "verified")
    text = desk.words.say("cards.command.verified", objection=card.objection, n=card.review_days)
    following = Button(desk.words.line("cards.command.do_next"), "card-review")
    return Reply(text, buttons=((following,),) if list_due_cards(desk) else ())


@action("card-edit")
def edit_card(request: Request, desk: Desk) -> Reply:
    """Asks for a card's new lines and saves them: `card-edit:<card>`."""
    card = get_card(desk, request.number(0), to_change=True)
    if request.kind != "form":
        return make_edit_form(desk, card)
    values = clean_values(request.values, EDIT_FIELDS)
    if errors := find_errors(desk, values):
        return make_card_form(desk, f"card-edit:{card.id}", values, errors, EDIT_FIELDS)
    card.objection, card.ask = values["objection"], values["ask"]
    card.say, card.proof = values["say"], values["proof"]
    save_change(desk, card, "edited")
    note = gap_filling.fill_gaps(desk, card) if card.state == CardState.APPROVED else ()
    return show_card(desk, card, lines(desk.words.say("cards.command.edited"), note))


def make_edit_form(desk: Desk, card: Card) -> Reply:
    """The form of the card's lines, filled with the present ones."""
    values = {name: str(getattr(card, name)) for name in EDIT_FIELDS}
    return make_card_form(desk, f"card-edit:{card.id}", values, names=EDIT_FIELDS)


@action("card-retire", role=Role.MANAGER)
def retire_by_tap(request: Request, desk: Desk) -> Reply:
    """Retires a card, so that nobody finds it: `card-retire:<card>`."""
    card = get_card(desk, request.number(0))
    if card.state == CardState.APPROVED:
        retire_card(desk, card, "retired")
    return render_retired(desk, card).in_place()


def render_retired(desk: Desk, card: Card) -> Reply:
    """Says that a card is retired, with a button to restore it."""
    back = Button(desk.words.line("cards.command.do_restore"), f"card-restore:{card.id}")
    return Reply(
        desk.words.say("cards.command.retired", objection=card.objection), buttons=((back,),)
    )


@action("card-restore", role=Role.MANAGER)
def restore_card(request: Request, desk: Desk) -> Reply:
    """Restores a retired card: `card-restore:<card>`."""
    card = get_card(desk, request.number(0))
    if card.state == CardState.RETIRED:
        card.state, card.merged_into_id = CardState.APPROVED, None
        save_change(desk, card, "restored")
    return show_card(
        desk, card, desk.words.say("cards.command.restored", objection=card.objection)
    ).in_place()


def ask_to_retire(desk: Desk, card: Card) -> Reply:
    """Shows the card that was found, with a button to retire it."""
    sure = Button(desk.words.line("cards.command.do_retire"), f"card-retire:{card.id}")
    history = Button(desk.words.line("cards.command.do_history"), f"card-history:{card.id}")
    asked = desk.words.say("cards.command.retire_this")
    return Reply(show_card(desk, card, asked).text, buttons=rows((sure, history)))


def save_change(desk: Desk, card: Card, kind: str) -> None:
    """Saves a change; whoever writes or approves a card has also checked it."""
    if card.state == CardState.APPROVED:
        verify(card, desk)
    card.changed_at = desk.now
    log_change(desk, "card")
    desk.memory.cards.save_change(card, kind=kind, by=desk.member.id)


def retire_card(desk: Desk, card: Card, kind: str) -> None:
    """Takes a card out of use; `kind` says in its history why: retired or dropped."""
    card.state, card.changed_at = CardState.RETIRED, desk.now
    log_change(desk, "card")
    desk.memory.cards.save_change(card, kind=kind, by=desk.member.id)


def _tell_proposer(desk: Desk, card: Card, outcome: str) -> None:
    def render(words: Words) -> Reply:
        return Reply(words.say(f"cards.command.{outcome}", objection=card.objection))

    key = f"card-{outcome}:{card.id}"
    notify_other(desk, card.made_by_id, key, render)


def _get_undecided_card(desk: Desk, card_id: int) -> Card:
    card = get_card(desk, card_id)
    if card.state != CardState.DRAFT:
        raise TextRefusal("cards.command.no_draft", objection=card.objection)
    return card
