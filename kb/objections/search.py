"""Find the card for what a rep typed: short, mistyped, half Chinese, in pinyin, or a whole mail."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.objections import scoring
from kb.objections.candidates import CANDIDATES, CANDIDATES_OF_CLAUSE, FEATURES, Measures
from kb.objections.card import Card, Language
from kb.objections.clauses import is_long, split_clauses
from kb.objections.context_boost import NO_BOOST, ContextBoost
from kb.objections.index_contents import IndexContents
from kb.objections.normalise import MAX_CHARS, fold, squash
from kb.objections.text_features import extract_features

# From SURE on a card is shown alone; from NOTHING on the best few are shown as guesses; below
# NOTHING no card is shown. Both are chances, set on labelled queries out of fold by fit_lookup.
SURE = 0.68
NOTHING = 0.15
# What a clause of a pasted mail must reach to be offered beside the mail's first objection.
LIKELY = 0.4
EXACT = 0.999  # the score of a wording typed to the letter
BELOW_EXACT = 0.99  # the most that any other match scores
# A learned wording typed again: as sure as its weight, and never as sure as one written down.
LEARNED_FROM, LEARNED_MORE = 0.6, 0.35
MAX_WHOLE = 300  # characters of a pasted text that are looked up as a whole, beside its clauses
CUT_AT = MAX_CHARS  # what lies beyond is not read


def was_cut(query: str) -> bool:
    """Return whether the query is longer than what is read of it."""
    return len(query.strip()) > CUT_AT


@dataclass(frozen=True)
class Hit:
    """A card found. `score`, 0..1, estimates the chance that it is right; `why` names the match."""

    card_id: int | str
    score: float
    why: str

    @property
    def sure(self) -> bool:
        """Whether the card may be shown alone, without alternatives."""
        return self.score >= SURE


@dataclass(frozen=True)
class Ranking:
    """Candidate cards before the threshold; arrays of one length, a card a place."""

    cards: NDArray[np.int64]  # numbers
    rows: NDArray[np.int64]  # the best wording of each
    features: NDArray[np.float64]  # the FEATURES of each
    ranks: NDArray[np.float64]  # higher is better
    known: float  # the share of the query's weight that occurs in any card
    weight: float  # the query's own
    long: bool  # whether the query is a pasted text


class CardIndex:
    """All cards of a team, ready to be searched. Immutable: `with_changes` gives a newer one."""

    def __init__(
        self,
        cards: Iterable[Card] = (),
        weights: scoring.Weights | None = None,
        *,
        contents: IndexContents | None = None,
    ) -> None:
        """Index the cards, or take over the `contents` of another index in their place."""
        self.weights = weights or scoring.load_weights()
        self.contents = IndexContents.build(cards) if contents is None else contents

    def with_changes(self, put: Iterable[Card], gone: Iterable[int | str] = ()) -> "CardIndex":
        """Return an index with these cards added or replaced, and those of these ids left out.

        The work is that of the changed cards, as long as they are few against all the others.
        """
        contents = self.contents.with_changes(list(put), set(gone))
        return CardIndex(weights=self.weights, contents=contents)

    def without(self, gone: Iterable[int | str]) -> "CardIndex":
        """Return an index that finds all but the cards of these ids: to ask who else would answer.

        Next to no work, however many the cards; the others are weighed as before.
        """
        return CardIndex(weights=self.weights, contents=self.contents.without(set(gone)))

    def cards(self) -> list[Card]:
        """Return the cards that can be found."""
        return self.contents.table.live_cards()

    def id_of(self, number: int) -> int | str:
        """Return the id of a Ranking's card."""
        return self.contents.table.cards[number].id

    def __len__(self) -> int:
        return len(self.contents.table)

    def search(
        self,
        query: str,
        language: Language | None = None,
        limit: int = 3,
        boost: ContextBoost = NO_BOOST,
    ) -> list[Hit]:
        """Return at most `limit` hits, best first; an empty list means that nothing fits.

        Any text is safe: what lies beyond 4,096 characters is not read. A query that is exactly a
        wording of a card finds it first, whatever else resembles it, was learned or gets a `boost`.
        """
        hits = self.find_nearest(query, language, limit, boost)
        return hits if hits and hits[0].score >= NOTHING else []

    def find_inside(self, text: str, limit: int = 3) -> list[Hit]:
        """Return the objections that a pasted text likely holds, in reading order, each once.

        A text that is no longer than what is typed on a phone holds none but itself.
        """
        if not is_long(text):
            return []
        found: dict[int | str, Hit] = {}
        for clause in split_clauses(text.strip()[:CUT_AT]):
            for hit in self.search(clause, limit=1):
                if hit.score >= LIKELY:
                    found.setdefault(hit.card_id, hit)
        return list(found.values())[:limit]

    def find_nearest(
        self,
        query: str,
        language: Language | None = None,
        limit: int = 3,
        boost: ContextBoost = NO_BOOST,
    ) -> list[Hit]:
        """Return the nearest cards, however unlikely: to measure, and to offer near misses.

        An exact wording comes first, then what was learned and what is alike, by score.
        """
        query = query.strip()[:CUT_AT]
        key = squash(fold(query))
        ranking = self.rank(query, language)
        others = self._make_hits(ranking, limit, boost) if ranking is not None else []
        others += self._find_learned(key, language)
        others.sort(key=lambda hit: -hit.score)
        return drop_repeats([*self._find_exact(key, language), *others], limit)

    def find_by_wording(self, text: str) -> list[int | str]:
        """Return the ids of the cards that have this very wording in writing."""
        return [card.id for card in self.contents.table.find_written(squash(fold(text)))]

    def _find_exact(self, key: str, language: Language | None) -> list[Hit]:
        return [
            Hit(card.id, EXACT, "exact")
            for card in self.contents.table.find_written(key)
            if language in (None, card.language)
        ]

    def _find_learned(self, key: str, language: Language | None) -> list[Hit]:
        return [
            Hit(card.id, LEARNED_FROM + LEARNED_MORE * weight, "learned")
            for card, weight in self.contents.table.find_learned(key)
            if language in (None, card.language)
        ]

    def rank(self, query: str, language: Language | None = None) -> Ranking | None:
        """Return all candidates with their features; None if no card shares anything."""
        return merge_rankings(self.rank_parts(query, language))

    def rank_parts(self, query: str, language: Language | None = None) -> list[Ranking]:
        """Rank the query, or each clause of a pasted text and then the whole, on its own."""
        contents = self.contents
        allowed = contents.table.mask(language)
        if not allowed.any():
            return []
        query = query.strip()[:CUT_AT]
        long = is_long(query)
        texts = [*split_clauses(query), query[:MAX_WHOLE]] if long else [query]
        queries = [
            extract_features(text, contents.table.lexicon, contents.spelling, by_ear=not long)
            for text in dict.fromkeys(texts)
        ]
        count = CANDIDATES_OF_CLAUSE if long else CANDIDATES
        measures = contents.matcher.measure_all(queries, allowed, count)
        return [self._rank_one(found, long) for found in measures if len(found.cards)]

    def _rank_one(self, found: Measures, long: bool) -> Ranking:
        ranks = scoring.rank_cards(found.features, found.weight, long, self.weights.rank)
        return Ranking(
            found.cards, found.rows, found.features, ranks, found.known, found.weight, long
        )

    def _make_hits(self, ranking: Ranking, limit: int, boost: ContextBoost) -> list[Hit]:
        order = np.argsort(-self._add_boost(ranking, boost), kind="stable")[: max(0, limit)]
        chances = scoring.estimate_chances(gather_evidence(ranking, order), self.weights.chance)
        best = np.minimum.accumulate(np.minimum(chances, BELOW_EXACT))
        return [
            Hit(
                self.id_of(int(ranking.cards[place])),
                float(score),
                self._explain(ranking, int(place)),
            )
            for place, score in zip(order, best, strict=True)
        ]

    def _add_boost(self, ranking: Ranking, boost: ContextBoost) -> NDArray[np.float64]:
        if boost is NO_BOOST:
            return ranking.ranks
        cards = (self.contents.table.cards[number] for number in ranking.cards)
        bonus = [boost.compute(card.id, card.stages, card.industries) for card in cards]
        boosted: NDArray[np.float64] = ranking.ranks + np.array(bonus)
        return boosted

    def _explain(self, ranking: Ranking, place: int) -> str:
        """Name the feature that added most to the card's rank, and the card's best wording."""
        feature = FEATURES[int(np.argmax(ranking.features[place] * self.weights.rank))]
        return f"{feature}: {self.contents.table.texts[ranking.rows[place]]}"


def drop_repeats(hits: list[Hit], limit: int) -> list[Hit]:
    """Return at most `limit` hits, of each card only the first."""
    first: dict[int | str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.card_id, hit)
    return list(first.values())[: max(0, limit)]


def gather_evidence(ranking: Ranking, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what the chances of the cards in these places are computed from, a row a place."""
    return scoring.build_evidence(
        places, ranking.ranks, ranking.features, ranking.known, ranking.weight, ranking.long
    )


def merge_rankings(parts: list[Ranking]) -> Ranking | None:
    """Join the rankings of a long text's clauses: a card counts by its best clause."""
    if len(parts) < 2:
        return parts[0] if parts else None
    cards = np.concatenate([part.cards for part in parts])
    ranks = np.concatenate([part.ranks for part in parts])
    order = np.argsort(-ranks, kind="stable")
    _, first = np.unique(cards[order], return_index=True)
    best = order[np.sort(first)]
    return Ranking(
        cards[best],
        np.concatenate([part.rows for part in parts])[best],
        np.concatenate([part.features for part in parts])[best],
        ranks[best],
        max(part.known for part in parts),
        max(part.weight for part in parts),
        True,
    )
