"""Cache of the teams' card indexes, each updated when the team's cards have changed.

The team's `cards_version` says when an index is stale, whichever process changed the cards.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.objections.card import Card as SearchCard
from kb.objections.card import LearnedWording
from kb.objections.learning import MAX_WORDINGS, decay_weight
from kb.objections.search import CardIndex
from kb.states import CardState
from storage.tables.cards import Card
from storage.tables.people_and_deals import Team
from storage.unit_of_work import UnitOfWork

REWEIGHED_AFTER = timedelta(days=1)  # how old the weights of learned wordings may be
MAX_TEAMS = 256  # indexes in the cache; the least recently used goes first


@dataclass(frozen=True)
class _CachedIndex:
    """A team's index in the cache."""

    version: int  # of the team's cards that it holds
    weighed_at: datetime  # when the weights of learned wordings were computed
    index: CardIndex

    def is_current(self, version: int, now: datetime) -> bool:
        return self.version >= version and now - self.weighed_at < REWEIGHED_AFTER


class CardIndexCache:
    """The card indexes of one process; safe for use by many threads."""

    def __init__(self) -> None:
        self._ready: OrderedDict[int, _CachedIndex] = OrderedDict()
        self._building: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def index(self, memory: UnitOfWork, team: Team, now: datetime) -> CardIndex:
        """The index of the team's approved cards, as this transaction sees them or newer.

        An index with uncommitted changes is not cached: only this transaction may see them.
        """
        own = team.id in memory.cards.uncommitted
        ready = self._find(team.id)
        if ready is not None and not own and ready.is_current(team.cards_version, now):
            return ready.index
        with self._lock:
            lock = self._building[team.id]
        with lock:
            newer = _update(memory, team, self._find(team.id), now)
            if not own:
                self._store(team.id, newer)
        return newer.index

    def _find(self, team_id: int) -> _CachedIndex | None:
        with self._lock:
            if team_id in self._ready:
                self._ready.move_to_end(team_id)
            return self._ready.get(team_id)

    def _store(self, team_id: int, newer: _CachedIndex) -> None:
        with self._lock:
            self._ready[team_id] = newer
            self._ready.move_to_end(team_id)
            while len(self._ready) > MAX_TEAMS:
                gone, _ = self._ready.popitem(last=False)
                self._building.pop(gone, None)


def _update(
    memory: UnitOfWork, team: Team, ready: _CachedIndex | None, now: datetime
) -> _CachedIndex:
    """The team's index as of this transaction: only cards that changed or faded are read again."""
    if ready is None:
        index = CardIndex(
            make_search_card(card, now) for card in memory.cards.list_approved(team.id)
        )
        return _CachedIndex(team.cards_version, now, index)
    fresh = ready.is_current(ready.version, now)
    faded = [] if fresh else memory.cards.list_with_learned_phrasings(team.id)
    changed = {
        card.id: card for card in (*faded, *memory.cards.list_changed_since(team.id, ready.version))
    }
    index = ready.index
    if changed:
        put = [
            make_search_card(card, now)
            for card in changed.values()
            if card.state == CardState.APPROVED
        ]
        gone = [card.id for card in changed.values() if card.state != CardState.APPROVED]
        index = index.with_changes(put, gone)
    version = max(ready.version, team.cards_version)
    return _CachedIndex(version, ready.weighed_at if fresh else now, index)


def make_search_card(card: Card, now: datetime) -> SearchCard:
    """The card as the search takes it, with the weights of its learned wordings as of `now`."""
    return SearchCard(
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
        learned=_weigh_learned(card, now),
    )


def _weigh_learned(card: Card, now: datetime) -> tuple[LearnedWording, ...]:
    wordings = (each for each in card.learned if each.undone_at is None)
    weighed = [
        LearnedWording(each.text, decay_weight(each.weight, each.at, now)) for each in wordings
    ]
    weighed.sort(key=lambda each: -each.weight)
    return tuple(each for each in weighed[:MAX_WORDINGS] if each.weight > 0)
