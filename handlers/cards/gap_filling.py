"""Gap filling: links gaps to the card that will answer them, and tells the first asker then."""

from __future__ import annotations

from handlers.cards.forms import PHRASING_CHARACTERS, drop_duplicates
from handlers.contract.desk import Desk
from handlers.contract.reply import Reply, Text, lines
from handlers.contract.words import Words
from handlers.objections.card_text import collect_blanks, render_card
from handlers.objections.learned_phrasings import extract_wording
from handlers.outbox.notices import notify_other
from handlers.reading import clean_text
from storage.tables.cards import Card, Gap, GapState

MAX_QUERIES = 12  # queries of a gap that become phrasings of a card
MAX_LOOK_UPS = 60  # that are read for those queries


def list_queries(desk: Desk, gap: Gap) -> list[str]:
    """The queries of a gap, the first first, without those that name somebody or are too long."""
    lookups = desk.memory.gaps.list_look_ups(desk.team.id, gap.id, MAX_LOOK_UPS)
    texts = drop_duplicates(
        clean_text(extract_wording(lookup, desk), PHRASING_CHARACTERS) for lookup in lookups
    )
    return texts[:MAX_QUERIES]


def link_gap(desk: Desk, gap: Gap, card: Card) -> None:
    """Links the gap to the card that will fill it: a draft, or one being edited."""
    gap.card_id, gap.state, gap.raise_at = card.id, GapState.OPEN, None
    desk.memory.gaps.save_change(gap)


def unlink_gaps(desk: Desk, card: Card) -> None:
    """Unlinks the gaps from a draft that was dropped."""
    for gap in desk.memory.gaps.list_waiting_for_card(desk.team.id, card.id):
        gap.card_id = None
        desk.memory.gaps.save_change(gap)


def fill_gaps(desk: Desk, card: Card) -> Text:
    """Fills the gaps linked to this card; a line naming who was told, if anybody."""
    gaps = desk.memory.gaps.list_waiting_for_card(desk.team.id, card.id)
    people = [name for gap in gaps if (name := _fill_gap(desk, gap, card))]
    names = desk.words.line("contract.common.comma").join(dict.fromkeys(people))
    return desk.words.say("objections.gaps.asker_told", names=names) if names else ()


def _fill_gap(desk: Desk, gap: Gap, card: Card) -> str:
    """Marks a gap as filled and tells its first asker; returns their name, if they were told."""
    gap.state, gap.filled_at, gap.raise_at = GapState.FILLED, desk.now, None

    def render(words: Words) -> Reply:
        answer = render_card(card, collect_blanks(desk, None, card))
        return Reply(lines(words.say("objections.gaps.answered", query=gap.query), answer))

    is_told = notify_other(desk, gap.first_member_id, f"gap-filled:{gap.id}", render)
    if is_told:
        gap.told_at = desk.now
    desk.memory.gaps.save_change(gap)
    return desk.memory.members.get_name(desk.team.id, gap.first_member_id) if is_told else ""
