"""Card view: a card's lines, state and owner, and buttons for what the member may do with it."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.contract.desk import Desk
from handlers.contract.refusals import NotAllowed, NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, Text, lines, rows
from handlers.objections.card_review import find_owner, is_due, may_change, render_review_note
from handlers.objections.card_text import render_card
from handlers.objections.index_cache import make_search_card
from kb.objections.search import CardIndex
from kb.states import CardState
from storage.tables.cards import Card
from storage.tables.people_and_deals import Role

CATEGORIES = (
    "price", "budget", "timing", "authority", "need", "competitor", "trust", "product", "rollout",
    "security", "contract", "stalling", "trial", "service", "people", "own",
)  # fmt: skip
MAX_SEARCHED = 300  # newest drafts or retired cards: they are in no index, so one is made


def show_card(desk: Desk, card: Card, above: Text = ()) -> Reply:
    """Shows the card under `above`, with its facts and at most five buttons."""
    text = lines(
        above, render_card(card), _render_facts(desk, card), render_review_note(desk, card)
    )
    return Reply(text, buttons=rows(_make_buttons(desk, card)))


def get_card(desk: Desk, card_id: int, *, to_change: bool = False) -> Card:
    """The team's card of that id, if the member may see it; with `to_change`, may change it.

    Raises NotFound or NotAllowed.
    """
    card = desk.memory.cards.get(desk.team.id, card_id)
    if card is None or not _may_see(card, desk):
        raise NotFound
    if to_change and not may_change(card, desk):
        raise NotAllowed(Role.MANAGER)
    return card


def find_card(desk: Desk, words: str, states: Iterable[CardState] = CardState) -> Card:
    """The card that these words find, approved ones first. Raises TextRefusal without any."""
    for state in sorted(states, key=lambda each: each != CardState.APPROVED):
        index = desk.cards() if state == CardState.APPROVED else _build_index(desk, state)
        for hit in index.search(words, limit=3) if words else []:
            card = desk.memory.cards.get(desk.team.id, int(hit.card_id))
            if card is not None and _may_see(card, desk):
                return card
    propose = "cards.command.do_add" if desk.may(Role.MANAGER) else "cards.command.do_propose"
    raise TextRefusal("cards.command.which", Button(desk.words.line(propose), "card-add"))


def get_state_name(desk: Desk, card: Card) -> str:
    """A card's state in words: also `due` for one past its review."""
    return desk.words.line(f"cards.command.state_{'due' if is_due(card, desk) else card.state}")


def get_category_name(desk: Desk, category: str) -> str:
    """A category in the member's language; the team's own categories as they were written."""
    known = category in CATEGORIES
    return desk.words.line(f"cards.command.category_{category}") if known else category


def _build_index(desk: Desk, state: CardState) -> CardIndex:
    ids = desk.memory.cards.list_ids(desk.team.id, state)
    cards = (desk.memory.cards.get(desk.team.id, each) for each in sorted(ids)[-MAX_SEARCHED:])
    return CardIndex(make_search_card(card, desk.now) for card in cards if card is not None)


def _may_see(card: Card, desk: Desk) -> bool:
    """Whether the member may see it: one not in use is for managers, its owner and its proposer."""
    return (
        card.state == CardState.APPROVED
        or may_change(card, desk)
        or card.made_by_id == desk.member.id
    )


def _render_facts(desk: Desk, card: Card) -> Text:
    words, owner = desk.words, find_owner(card, desk)
    parts = [get_state_name(desk, card), get_category_name(desk, card.category)]
    if owner is not None:
        parts.append(words.line("cards.command.owned_by", name=owner.name))
    if card.merged_into_id and card.state == CardState.RETIRED:
        into = desk.memory.cards.get(desk.team.id, card.merged_into_id)
        parts.append(
            words.line("cards.command.merged_into", objection=into.objection if into else "?")
        )
    elif card.state == CardState.APPROVED and card.review_at is not None and not is_due(card, desk):
        parts.append(words.line("cards.command.next_review", day=_render_review_day(desk, card)))
    learned = sum(1 for each in card.learned if each.undone_at is None)
    parts.append(words.line("cards.command.ways", n=len(card.phrasings)))
    if learned:
        parts.append(words.line("cards.command.ways_learned", n=learned))
    return lines(" · ".join(part for part in parts if part))


def _render_review_day(desk: Desk, card: Card) -> str:
    return desk.words.day(card.review_at, desk.zone, desk.now) if card.review_at else ""


def _make_buttons(desk: Desk, card: Card) -> list[Button]:
    if not may_change(card, desk):
        return []
    names = "restore history" if card.state == CardState.RETIRED else "edit"
    if desk.may(Role.MANAGER):
        names = {
            CardState.DRAFT: "approve edit details drop",
            CardState.APPROVED: "edit details phrasings history retire",
            CardState.RETIRED: "restore history",
        }[card.state]
    if is_due(card, desk):
        names = f"verify {names.replace(' history', '')}"
    return [
        Button(desk.words.line(f"cards.command.do_{name}"), f"card-{name}:{card.id}")
        for name in names.split()
    ]
