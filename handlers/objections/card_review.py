"""Card review: who owns a card, when it is due for a check, and the tap that confirms it."""

from __future__ import annotations

from datetime import timedelta

from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Text
from kb.states import CardState
from storage.cards.cards import Keeper
from storage.tables.cards import Card
from storage.tables.people_and_deals import Member, Role

REVIEW_DAYS = 90


def is_due(card: Card, desk: Desk) -> bool:
    """Whether an approved card is past its review."""
    return (
        card.state == CardState.APPROVED
        and card.review_at is not None
        and card.review_at <= desk.now
    )


def find_owner(card: Card, desk: Desk) -> Member | None:
    """The card's owner; None where it has none or the owner has left."""
    return desk.memory.members.get(desk.team.id, card.owner_id) if card.owner_id else None


def may_change(card: Card, desk: Desk) -> bool:
    """Whether the member may change and verify the card: a manager, or its owner."""
    return desk.may(Role.MANAGER) or card.owner_id == desk.member.id


def render_review_note(desk: Desk, card: Card) -> Text:
    """The warning shown on a card past its review; empty for any other."""
    if not is_due(card, desk):
        return ()
    if card.verified_at is None:
        return desk.words.say("cards.command.never_checked")
    checked = desk.words.day(card.verified_at, desk.zone, desk.now)
    return desk.words.say("cards.command.checked_long_ago", day=checked)


def make_verify_button(desk: Desk, card: Card) -> Button | None:
    """The button that verifies a due card; None where the member may not, or it is not due."""
    if not is_due(card, desk) or not may_change(card, desk):
        return None
    return Button(desk.words.line("cards.command.do_verify"), f"card-verify:{card.id}")


def verify(card: Card, desk: Desk) -> None:
    """Marks the card as correct as of now; its next review is one interval away."""
    card.verified_at = desk.now
    card.review_at = desk.now + timedelta(days=card.review_days or REVIEW_DAYS)


def list_due_cards(desk: Desk) -> list[int]:
    """The ids of the cards due for this member's review, the longest overdue first."""
    keeper = Keeper(desk.member.id)
    if desk.may(Role.MANAGER):
        present = frozenset(each.id for each in desk.memory.members.list_active(desk.team.id))
        keeper = Keeper(desk.member.id, True, present, desk.words.language)
    return list(desk.memory.cards.list_ids_to_review(desk.team.id, desk.now, keeper))


def render_reminder(desk: Desk) -> tuple[Text, Button] | None:
    """The daily digest's line about cards to review; None where there are none."""
    ids = list_due_cards(desk)
    if not ids:
        return None
    text = desk.words.say("cards.command.to_review", n=len(ids))
    return text, Button(desk.words.line("cards.command.do_review"), "card-review")
