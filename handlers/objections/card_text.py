"""The text of an objection card: the question to ask back, one line to say, the proof.

Only lines that are not marked internal are copied or sent into another chat.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.contract.desk import Desk
from handlers.contract.reply import Choice, Text, bold, lines
from handlers.contract.words import Words
from kb.objections.placeholders import fill_blanks
from storage.tables.cards import Card
from storage.tables.people_and_deals import Deal

LOCK = "🔒 "
BLANKS = ("customer", "amount", "competitor")
Blanks = Mapping[str, str]


def collect_blanks(desk: Desk, deal: Deal | None, card: Card) -> Blanks:
    """Values for the card's placeholders: the deal's facts, else plain words in its language."""
    words = Words("zh" if card.language == "zh" else "en")
    values = {name: words.line(f"objections.look_up.blank_{name}") for name in BLANKS}
    if deal is None:
        return values
    known = {"customer": deal.customer.name, "competitor": deal.competitor}
    if deal.amount is not None:
        known["amount"] = words.money(deal.amount, deal.currency)
    return values | {name: text for name, text in known.items() if text}


def list_angles(card: Card) -> list[str]:
    """Every line to say: the card's main line, then its further angles."""
    return [card.say, *card.angles]


def render_card(card: Card, blanks: Blanks | None = None, angle: int = 0) -> Text:
    """The card as text, with the line to say of this angle (0: the main line)."""
    name, text = _find_line(card, angle)
    return lines(
        bold(card.objection),
        _render_line("❓", card, "ask", card.ask, blanks),
        _render_line("💬", card, name, text, blanks),
        _render_line("📎", card, "proof", _render_proof(card), blanks),
    )


def find_shareable_line(card: Card, blanks: Blanks, angle: int = 0) -> str:
    """The line to say with its placeholders filled; empty where it is internal to the team."""
    name, text = _find_line(card, angle)
    return "" if name in card.internal else fill_blanks(text, blanks)


def make_choice(card: Card, blanks: Blanks) -> Choice | None:
    """The card as a suggestion while somebody types; None where its line is internal."""
    text = find_shareable_line(card, blanks)
    return Choice(f"card-{card.id}", card.objection, text, lines(text)) if text else None


def _find_line(card: Card, angle: int) -> tuple[str, str]:
    text = list_angles(card)
    return ("angles", text[angle]) if 0 < angle < len(text) else ("say", card.say)


def _render_line(mark: str, card: Card, name: str, text: str, blanks: Blanks | None) -> str:
    lock = LOCK if name in card.internal else ""
    return f"{mark} {lock}{fill_blanks(text, blanks or {})}" if text else ""


def _render_proof(card: Card) -> str:
    if not card.proof or card.proof_on is None:
        return card.proof
    return f"{card.proof} ({card.proof_on.isoformat()})"
