"""How an objection card looks: the question to ask back, the line to say, the proof."""

from __future__ import annotations

from handlers.reply import Choice, Text, bold, lines
from storage.tables_cards import Card


def drawn(card: Card) -> Text:
    """The card on one look."""
    return lines(
        bold(card.objection),
        f"❓ {card.ask}" if card.ask else "",
        f"💬 {card.say}",
        f"📎 {card.proof}" if card.proof else "",
    )


def as_choice(card: Card) -> Choice:
    """The card as an as-typed result: what is sent is only the line to say."""
    return Choice(f"card-{card.id}", card.objection, card.say, lines(card.say))
