"""A card's review: who looks after it, when it is due, and the tap that says it is still right."""

from __future__ import annotations

from datetime import timedelta

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Text
from storage.cards.cards import Keeper
from storage.tables.cards import Card
from storage.tables.people_and_deals import Member, Role

REVIEW_DAYS = 90


def is_due(card: Card, desk: Desk) -> bool:
    """Whether an approved card is past its review."""
    return card.state == "approved" and card.review_at is not None and card.review_at <= desk.now


def find_owner(card: Card, desk: Desk) -> Member | None:
    """Who owns the card; None for nobody, and for somebody who has left."""
    return desk.memory.members.get(desk.team.id, card.owner_id) if card.owner_id else None


def may_change(card: Card, desk: Desk) -> bool:
    """Whether the member may change the card and say that it is right: its owner, a manager."""
    return desk.may(Role.MANAGER) or card.owner_id == desk.member.id


def render_review_note(desk: Desk, card: Card) -> Text:
    """The line that a card past its review bears on its face; nothing on any other."""
    if not is_due(card, desk):
        return ()
    if card.verified_at is None:
        return desk.words.say("cards.command.never_checked")
    checked = desk.words.day(card.verified_at, desk.zone, desk.now)
    return desk.words.say("cards.command.checked_long_ago", day=checked)


def make_verify_button(desk: Desk, card: Card) -> Button | None:
    """The tap that verifies a card that is due, for whoever may."""
    if not is_due(card, desk) or not may_change(card, desk):
        return None
    return Button(desk.words.line("cards.command.do_verify"), f"card-verify:{card.id}")


def verify(card: Card, desk: Desk) -> None:
    """Takes the card for right as of now; its next review is a whole interval away."""
    card.verified_at = desk.now
    card.review_at = desk.now + timedelta(days=card.review_days or REVIEW_DAYS)


def list_due_cards(desk: Desk) -> list[int]:
    """The ids of the cards that wait for this member's look, longest waiting first."""
    keeper = Keeper(desk.member.id)
    if desk.may(Role.MANAGER):
        present = frozenset(each.id for each in desk.memory.members.active(desk.team.id))
        keeper = Keeper(desk.member.id, True, present, desk.words.language)
    return list(desk.memory.cards.to_review(desk.team.id, desk.now, keeper))


def waiting(desk: Desk) -> tuple[Text, Button] | None:
    """What the morning's message says of cards to look at; None where there are none."""
    ids = list_due_cards(desk)
    if not ids:
        return None
    said = desk.words.say("cards.command.to_review", n=len(ids))
    return said, Button(desk.words.line("cards.command.do_review"), "card-review")
