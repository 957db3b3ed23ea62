"""Fills a gap with a card: what was asked goes to the card, and whoever asked first is told."""

from __future__ import annotations

from handlers.cards.forms import drop_duplicates
from handlers.contract.desk import Desk
from handlers.contract.reply import Reply, Text, lines
from handlers.contract.words import Words
from handlers.objections.card_text import collect_blanks, render_card
from handlers.objections.learned_phrasings import extract_wording
from handlers.outbox.notices import tell
from handlers.reading import clean_text
from storage.tables.cards import Card, Gap

MAX_QUERIES = 12  # wordings of a gap that a card is given
MAX_LOOK_UPS = 60  # look-ups of a gap that are read for them
PHRASING_CHARACTERS = 120


def list_queries(desk: Desk, gap: Gap) -> list[str]:
    """How a gap was asked for, first wording first; nobody's name and no whole mail is in it."""
    asked = desk.memory.gaps.asked(desk.team.id, gap.id, MAX_LOOK_UPS)
    texts = drop_duplicates(
        clean_text(extract_wording(lookup, desk), PHRASING_CHARACTERS) for lookup in asked
    )
    return texts[:MAX_QUERIES]


def link_gap(desk: Desk, gap: Gap, card: Card) -> None:
    """Has the gap wait for this card: a draft, or one that is being edited."""
    gap.card_id, gap.state, gap.raise_at = card.id, "open", None
    desk.memory.gaps.changed(gap)


def unlink_gaps(desk: Desk, card: Card) -> None:
    """Lets the gaps go that wait for a card which will not come."""
    for gap in desk.memory.gaps.awaiting(desk.team.id, card.id):
        gap.card_id = None
        desk.memory.gaps.changed(gap)


def fill_gaps(desk: Desk, card: Card) -> Text:
    """Fills the gaps that wait for this card; what to say of it, if there were any."""
    gaps = desk.memory.gaps.awaiting(desk.team.id, card.id)
    told = [name for gap in gaps if (name := _fill_gap(desk, gap, card))]
    names = desk.words.line("contract.common.comma").join(dict.fromkeys(told))
    return desk.words.say("objections.gaps.asker_told", names=names) if names else ()


def _fill_gap(desk: Desk, gap: Gap, card: Card) -> str:
    """Marks a gap as filled and tells its first asker; their name if there was anybody to tell."""
    gap.state, gap.filled_at, gap.raise_at = "filled", desk.now, None

    def said(words: Words) -> Reply:
        answer = render_card(card, collect_blanks(desk, None, card))
        return Reply(lines(words.say("objections.gaps.answered", query=gap.query), answer))

    told = tell(desk, gap.first_member_id, f"gap-filled:{gap.id}", said)
    if told:
        gap.told_at = desk.now
    desk.memory.gaps.changed(gap)
    return desk.memory.members.named(desk.team.id, gap.first_member_id) if told else ""
