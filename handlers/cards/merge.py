"""Card merge: moves one card's phrasings to another, which its look-ups then lead to."""

from __future__ import annotations

import re

from handlers.cards.card_view import find_card, get_card, show_card
from handlers.cards.forms import MAX_PHRASINGS, drop_duplicates, normalise_wording
from handlers.contract.act_log import log_change
from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound, TextRefusal
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Request
from kb.states import CardState
from storage.tables.cards import Card, LearnedPhrasing
from storage.tables.people_and_deals import Role

CARDS_OFFERED = 4
_INTO = re.compile(r"\s+(?:into|with|to|->|→)\s+|\s*(?:合并到|并入|合到|到|进)\s*")
_LEARNED_COLUMNS = ("text", "text_key", "weight", "uses", "at", "undone_at")


def merge_by_words(desk: Desk, text: str) -> Reply:
    """`card merge too dear into too expensive`; without the second, offers the nearest cards."""
    parts = [part.strip() for part in _INTO.split(text.strip().removeprefix("把"), maxsplit=1)]
    card = find_card(desk, parts[0], (CardState.APPROVED,))
    if len(parts) > 1 and parts[1]:
        return _ask_to_merge(desk, card, find_card(desk, parts[1], (CardState.APPROVED,)))
    nearest = [
        Button(other.objection, f"card-merging:{card.id}:{other.id}")
        for hit in desk.cards().find_nearest(card.objection, limit=CARDS_OFFERED * 3)
        if (other := desk.memory.cards.get(desk.team.id, int(hit.card_id))) is not None
        and other.key != card.key
        and other.language == card.language
    ]
    question = desk.words.say("cards.command.merge_into_which", objection=card.objection)
    return Reply(question, buttons=rows(nearest[:CARDS_OFFERED], 1))


@action("card-merging", role=Role.MANAGER)
def preview_merge(request: Request, desk: Desk) -> Reply:
    """Asks whether to merge: `card-merging:<card>:<into>`."""
    return _ask_to_merge(desk, get_card(desk, request.number(0)), get_card(desk, request.number(1)))


@action("card-merge", role=Role.MANAGER)
def merge_by_tap(request: Request, desk: Desk) -> Reply:
    """Merges the first into the second: `card-merge:<card>:<into>`."""
    card, into = _check_pair(
        desk, get_card(desk, request.number(0)), get_card(desk, request.number(1))
    )
    log_change(desk, "card")
    for one, other in [(card, into), *_pair_translations(desk, card, into)]:
        _merge_pair(desk, one, other)
    for translation in _find_untranslated(desk, card, into):
        translation.key, translation.changed_at = into.key, desk.now
        desk.memory.cards.save_change(translation, kind="merged", by=desk.member.id)
    text = desk.words.say("cards.command.merged", objection=card.objection)
    return show_card(desk, into, text).in_place()


def _ask_to_merge(desk: Desk, card: Card, into: Card) -> Reply:
    card, into = _check_pair(desk, card, into)
    text = desk.words.say(
        "cards.command.merge_these",
        objection=card.objection,
        into=into.objection,
        n=len(card.phrasings) + 1,
    )
    buttons = (
        Button(desk.words.line("cards.command.do_merge"), f"card-merge:{card.id}:{into.id}"),
        Button(desk.words.line("cards.command.do_merge_back"), f"card-merging:{into.id}:{card.id}"),
    )
    return Reply(text, buttons=(buttons,))


def _check_pair(desk: Desk, card: Card, into: Card) -> tuple[Card, Card]:
    """Both cards, if they can be merged; of the second, its translation in the first's language."""
    if card.key == into.key:
        raise TextRefusal("cards.command.merge_same", objection=card.objection)
    if {card.state, into.state} != {CardState.APPROVED}:
        raise NotFound
    if card.language != into.language:
        into = _find_in_language(desk, into.key, card.language) or into
    if card.language != into.language:
        raise TextRefusal(
            "cards.command.merge_languages", objection=card.objection, into=into.objection
        )
    return card, into


def _pair_translations(desk: Desk, card: Card, into: Card) -> list[tuple[Card, Card]]:
    """The translations of both, pair by pair: they are merged as well."""
    pairs = (
        (each, _find_in_language(desk, into.key, each.language))
        for each in _find_translations(desk, card)
    )
    return [(one, other) for one, other in pairs if other is not None]


def _find_untranslated(desk: Desk, card: Card, into: Card) -> list[Card]:
    """Translations of the first into languages the second lacks: they become the second's."""
    taken = {
        each.language for each in desk.memory.cards.list_all(desk.team.id) if each.key == into.key
    }
    return [each for each in _find_translations(desk, card) if each.language not in taken]


def _find_translations(desk: Desk, card: Card) -> list[Card]:
    in_use = desk.memory.cards.list_approved(desk.team.id)
    return [each for each in in_use if each.key == card.key and each.id != card.id]


def _find_in_language(desk: Desk, key: str, language: str) -> Card | None:
    in_use = desk.memory.cards.list_approved(desk.team.id)
    return next((each for each in in_use if (each.key, each.language) == (key, language)), None)


def _merge_pair(desk: Desk, card: Card, into: Card) -> None:
    """Merges one card into another and retires it; it keeps its own words for a later revert."""
    had = [each.text for each in into.phrasings]
    own = normalise_wording(into.objection)
    moved = [card.objection, *(each.text for each in card.phrasings)]
    every = [text for text in drop_duplicates([*had, *moved]) if normalise_wording(text) != own]
    _merge_learned(desk, card, into)
    into.changed_at = card.changed_at = desk.now
    desk.memory.cards.save_change(into, every[:MAX_PHRASINGS], kind="merged", by=desk.member.id)
    card.state, card.merged_into_id = CardState.RETIRED, into.id
    desk.memory.cards.save_change(card, kind="merged", by=desk.member.id)


def _merge_learned(desk: Desk, card: Card, into: Card) -> None:
    """Copies learned wordings to the other card; what was dropped from either stays dropped."""
    known = {each.text_key: each for each in into.learned}
    for each in card.learned:
        counterpart = known.get(each.text_key)
        if counterpart is None:
            values = {name: getattr(each, name) for name in _LEARNED_COLUMNS}
            into.learned.append(LearnedPhrasing(team_id=desk.team.id, card_id=into.id, **values))
        elif counterpart.undone_at is None:
            counterpart.weight = max(counterpart.weight, each.weight)
            counterpart.uses += each.uses
            counterpart.undone_at = each.undone_at
