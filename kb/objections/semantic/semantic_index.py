"""A card index that asks a model of meaning where it is not sure itself.

What the fast look-up is sure of stays as it is, an exact wording above all: the model is not asked.
"""

import numpy as np

from kb.objections import scoring
from kb.objections.card import Language
from kb.objections.clauses import is_long
from kb.objections.context_boost import NO_BOOST, ContextBoost
from kb.objections.normalise import fold, squash
from kb.objections.search import CardIndex, Hit, Ranking, drop_repeats, gather_evidence
from kb.objections.semantic import semantic_rerank
from kb.objections.semantic.meaning import SecondOpinion, split_query


class SemanticIndex(CardIndex):
    """A CardIndex with a second opinion; without one, it finds what the plain index finds."""

    def __init__(
        self,
        index: CardIndex,
        ask: SecondOpinion,
        weights: scoring.Weights | None = None,
    ) -> None:
        super().__init__(weights=index.weights, contents=index.contents)
        self._plain = index
        self._ask = ask
        self._semantic_weights = weights or semantic_rerank.load_weights()
        self._last: tuple[tuple[str, Language | None], Ranking | None] | None = None

    def find_inside(self, text: str, limit: int = 3) -> list[Hit]:
        """Return what the fast look-up is sure of in a pasted text; the model is not asked."""
        return self._plain.find_inside(text, limit)

    def find_nearest(
        self,
        query: str,
        language: Language | None = None,
        limit: int = 3,
        boost: ContextBoost = NO_BOOST,
    ) -> list[Hit]:
        """Return the nearest cards, by the model too where the fast look-up is not sure."""
        hits = super().find_nearest(query, language, limit, boost)
        sure = bool(hits) and hits[0].sure
        candidates = None if sure else self._ask_for_candidates(query, language)
        if candidates is None:
            return hits
        cards = semantic_rerank.choose_cards(candidates, self._semantic_weights, limit, boost)
        others = [Hit(card.id, score, f"meaning: {card.objection}") for card, score in cards]
        others += self._find_learned(squash(fold(query)), language)
        return drop_repeats(sorted(others, key=lambda hit: -hit.score), limit)

    def rank(self, query: str, language: Language | None = None) -> Ranking | None:
        """Return what the fast look-up measures; kept, for it is asked twice of each query."""
        if self._last is None or self._last[0] != (query, language):
            self._last = ((query, language), super().rank(query, language))
        return self._last[1]

    def _ask_for_candidates(
        self, query: str, language: Language | None
    ) -> semantic_rerank.Candidates | None:
        """Return the best cards by either; None without an opinion."""
        texts = split_query(query)
        likeness = self._ask(texts) if texts else None
        if likeness is None:
            return None
        among = [language in (None, card.language) for card in likeness.cards]
        return semantic_rerank.join_candidates(self._rank_fast(query, language), likeness, among)

    def _rank_fast(self, query: str, language: Language | None) -> semantic_rerank.FastResult:
        ranking = self.rank(query, language)
        if ranking is None:
            return semantic_rerank.FastResult([], np.zeros(0), np.zeros(0), is_long(query))
        best = np.argsort(-ranking.ranks, kind="stable")[: semantic_rerank.CANDIDATES]
        chances = scoring.estimate_chances(gather_evidence(ranking, best), self.weights.chance)
        cards = [self.contents.table.cards[number] for number in ranking.cards[best]]
        return semantic_rerank.FastResult(cards, ranking.ranks[best], chances, ranking.long)
