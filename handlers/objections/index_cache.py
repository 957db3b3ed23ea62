"""Keeps each team's card index ready, and brings it up to date when the team's cards have changed.

The team's `cards_version` says when an index is stale, whichever process changed the cards.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.objections.card import Card as CardFacts
from kb.objections.card import Learned
from kb.objections.learning import AT_MOST, weight_at
from kb.objections.search import CardIndex
from storage.tables.cards import Card
from storage.tables.people_and_deals import Team
from storage.unit_of_work import UnitOfWork

FADING = timedelta(days=1)  # how old what learned wordings count may be
TEAMS = 256  # indexes kept at once; that of the team not heard of for longest goes first


@dataclass(frozen=True)
class _Ready:
    """An index, the version of the team's cards that it holds, and when its weights were true."""

    version: int
    weighed_at: datetime
    index: CardIndex

    def serves(self, version: int, now: datetime) -> bool:
        return self.version >= version and now - self.weighed_at < FADING


class CardShelf:
    """The card indexes of one process, used by many threads."""

    def __init__(self) -> None:
        self._ready: OrderedDict[int, _Ready] = OrderedDict()
        self._turns: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def index(self, memory: UnitOfWork, team: Team, now: datetime) -> CardIndex:
        """The index of the team's approved cards, as this transaction sees them or newer.

        What this transaction itself has changed and not yet committed is for its own eyes.
        """
        own = team.id in memory.cards.uncommitted
        ready = self._known(team.id)
        if ready is not None and not own and ready.serves(team.cards_version, now):
            return ready.index
        with self._lock:
            turn = self._turns[team.id]
        with turn:
            newer = _brought_up_to_date(memory, team, self._known(team.id), now)
            if not own:
                self._keep(team.id, newer)
        return newer.index

    def _known(self, team_id: int) -> _Ready | None:
        with self._lock:
            if team_id in self._ready:
                self._ready.move_to_end(team_id)
            return self._ready.get(team_id)

    def _keep(self, team_id: int, newer: _Ready) -> None:
        with self._lock:
            self._ready[team_id] = newer
            self._ready.move_to_end(team_id)
            while len(self._ready) > TEAMS:
                gone, _ = self._ready.popitem(last=False)
                self._turns.pop(gone, None)


def _brought_up_to_date(
    memory: UnitOfWork, team: Team, ready: _Ready | None, now: datetime
) -> _Ready:
    """The team's index as of this transaction: only what changed or faded is taken anew."""
    if ready is None:
        index = CardIndex(facts_of(card, now) for card in memory.cards.in_use(team.id))
        return _Ready(team.cards_version, now, index)
    fresh = ready.serves(ready.version, now)
    faded = [] if fresh else memory.cards.taught(team.id)
    changed = {card.id: card for card in (*faded, *memory.cards.since(team.id, ready.version))}
    index = ready.index
    if changed:
        put = [facts_of(card, now) for card in changed.values() if card.state == "approved"]
        gone = [card.id for card in changed.values() if card.state != "approved"]
        index = index.with_changes(put, gone)
    version = max(ready.version, team.cards_version)
    return _Ready(version, ready.weighed_at if fresh else now, index)


def facts_of(card: Card, now: datetime) -> CardFacts:
    """The card as the look-up takes it, with what its learned wordings count now."""
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
        learned=_learned(card, now),
    )


def _learned(card: Card, now: datetime) -> tuple[Learned, ...]:
    kept = (each for each in card.learned if each.undone_at is None)
    weighed = [Learned(each.text, weight_at(each.weight, each.at, now)) for each in kept]
    weighed.sort(key=lambda each: -each.weight)
    return tuple(each for each in weighed[:AT_MOST] if each.weight > 0)
