"""Card history: who changed a card when, and each version to be brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.cards.card_view import get_card, show_card
from handlers.contract.act_log import log_change
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.list_page import find_page
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text, bold, lines, rows, text_of
from handlers.contract.request import Request
from handlers.objections.card_review import verify
from kb.states import CardState
from storage.cards.cards import get_content, restore_content
from storage.tables.cards import Card, CardChange
from storage.tables.people_and_deals import Role

PAGE = 4
KINDS = (
    "made", "proposed", "imported", "edited", "approved", "verified", "retired", "dropped",
    "restored", "merged", "reverted",
)  # fmt: skip
LINES_NAMED = ("objection", "ask", "say", "proof", "angles", "phrasings", "internal", "owner_id")


@action("card-history", role=Role.MANAGER)
def turn_page(request: Request, desk: Desk) -> Reply:
    """Shows a page of a card's history: `card-history:<card>:<page>`."""
    reply = render_history(desk, get_card(desk, request.number(0)), request.number(1))
    return reply.in_place() if request.word(1) else reply


@action("card-revert", role=Role.MANAGER)
def revert_card(request: Request, desk: Desk) -> Reply:
    """Brings a card back to the version after a change: `card-revert:<change>`."""
    change = desk.memory.cards.get_change(desk.team.id, request.number(0))
    if change is None:
        raise NotFound
    card = get_card(desk, change.card_id)
    phrasings = restore_content(card, _keep_identity(card, change.content))
    if card.state == CardState.APPROVED:
        card.merged_into_id = None
        verify(card, desk)
    card.changed_at = desk.now
    log_change(desk, "card")
    desk.memory.cards.save_change(card, phrasings, kind="reverted", by=desk.member.id)
    moment = desk.words.moment(change.at, desk.zone, desk.now)
    return show_card(desk, card, desk.words.say("cards.command.reverted", moment=moment))


def render_history(desk: Desk, card: Card, page: int) -> Reply:
    """A page of the card's changes, the newest first, with a button for each other version."""
    changes = desk.memory.cards.list_changes(desk.team.id, card.id)
    on_page = find_page(len(changes), page, PAGE)
    places = on_page.cut(range(len(changes)))
    text = [_render_row(desk, changes, place) for place in places]
    buttons = [
        _make_revert_button(desk, changes, place)
        for place in places
        if _is_different(card, changes, place)
    ]
    buttons += on_page.make_more_button(desk.words, f"card-history:{card.id}:")
    title = bold(desk.words.line("cards.command.history_of", objection=card.objection))
    return Reply(lines(title, *text), buttons=rows(buttons))


def _keep_identity(card: Card, content: dict[str, Any]) -> dict[str, Any]:
    """A version's content with the card's present key: another card may have taken the old one."""
    return content | {"key": card.key, "language": card.language}


def _is_different(card: Card, changes: Sequence[CardChange], place: int) -> bool:
    """Whether a version differs from the card's present content and from the next version."""
    content = _keep_identity(card, changes[place].content)
    after = _keep_identity(card, changes[place - 1].content) if place else get_content(card)
    return content not in (get_content(card), after)


def _render_row(desk: Desk, changes: Sequence[CardChange], place: int) -> Text:
    change, words = changes[place], desk.words
    who = desk.memory.members.get_name(desk.team.id, change.member_id) if change.member_id else ""
    kind = change.kind if change.kind in KINDS else "edited"
    parts = [
        words.moment(change.at, desk.zone, desk.now),
        who or words.line("cards.command.by_itself"),
        words.line(f"cards.command.kind_{kind}") + _describe_changed_lines(desk, changes, place),
    ]
    return text_of(f"{len(changes) - place}. ", " · ".join(parts))


def _describe_changed_lines(desk: Desk, changes: Sequence[CardChange], place: int) -> str:
    """The names of the lines that a change touched, as text; empty where none is named."""
    if place + 1 >= len(changes):
        return ""
    before, after = changes[place + 1].content, changes[place].content
    imported = [name for name in LINES_NAMED if before.get(name) != after.get(name)]
    names = [desk.words.line(f"cards.command.line_{name}") for name in imported]
    comma = desk.words.line("contract.common.comma")
    return desk.words.line("cards.command.lines_touched", names=comma.join(names)) if names else ""


def _make_revert_button(desk: Desk, changes: Sequence[CardChange], place: int) -> Button:
    label = desk.words.line("cards.command.do_revert", n=len(changes) - place)
    return Button(label, f"card-revert:{changes[place].id}")
