"""Keeps each team's card index ready, and builds it anew when the team's cards have changed."""

from __future__ import annotations

import threading

from kb.objections.card import Card as CardFacts
from kb.objections.search import CardIndex
from storage.tables import Team
from storage.tables_cards import Card
from storage.unit_of_work import UnitOfWork


class CardShelf:
    """The card indexes of one process. The team's `cards_version` says when one is stale."""

    def __init__(self) -> None:
        self._ready: dict[int, tuple[int, CardIndex]] = {}
        self._turn = threading.Lock()

    def index(self, memory: UnitOfWork, team: Team) -> CardIndex:
        """The index of the team's approved cards, as of this transaction."""
        version, index = self._ready.get(team.id, (0, None))
        if index is not None and version == team.cards_version:
            return index
        with self._turn:
            built = CardIndex(_facts(card) for card in memory.cards.in_use(team.id))
            self._ready[team.id] = (team.cards_version, built)
        return built


def _facts(card: Card) -> CardFacts:
    return CardFacts(
        id=card.id,
        key=card.key,
        language="zh" if card.language == "zh" else "en",
        category=card.category,
        objection=card.objection,
        phrasings=tuple(phrasing.text for phrasing in card.phrasings),
        ask=card.ask,
        say=card.say,
        proof=card.proof,
        stages=tuple(card.stages),
        angles=tuple(card.angles),
        industries=tuple(card.industries),
        internal=frozenset(card.internal),
        proof_on=card.proof_on,
    )
