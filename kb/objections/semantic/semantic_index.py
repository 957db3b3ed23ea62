"""An index that asks a model of meaning where it is not sure itself.

What the fast look-up is sure of stays as it is, an exact wording above all: the model is not asked.
"""

import numpy as np

from kb.objections import scoring
from kb.objections.card import Language
from kb.objections.clauses import is_long
from kb.objections.context_boost import NO_BOOST, ContextBoost
from kb.objections.normalise import fold, squash
from kb.objections.search import CardIndex, Hit, Ranking, gather_evidence
from kb.objections.semantic import semantic_rerank
from kb.objections.semantic.meaning import SecondOpinion, texts_of_query


class SemanticIndex(CardIndex):
    """A CardIndex with a second opinion. Without an answer of it, it finds what the other finds."""

    def __init__(
        self,
        index: CardIndex,
        opinion: SecondOpinion,
        weights: scoring.Weights | None = None,
    ) -> None:
        super().__init__(weights=index.weights, contents=index.contents)
        self._plain = index
        self._opinion = opinion
        self._second = weights or semantic_rerank.load_weights()
        self._last: tuple[tuple[str, Language | None], Ranking | None] | None = None

    def find_inside(self, text: str, limit: int = 3) -> list[Hit]:
        """Return what the fast look-up is sure of in a pasted text: there is nothing to ask."""
        return self._plain.find_inside(text, limit)

    def find_nearest(
        self,
        query: str,
        language: Language | None = None,
        limit: int = 3,
        boost: ContextBoost = NO_BOOST,
    ) -> list[Hit]:
        """Return what `search` would before it falls silent."""
        hits = super().find_nearest(query, language, limit, boost)
        look = None if hits and hits[0].sure else self.look(query, language)
        if look is None:
            return hits
        found = semantic_rerank.decided(look, self._second, limit, boost)
        others = [Hit(card.id, score, f"meaning: {card.objection}") for card, score in found]
        others += self._learned_hits(squash(fold(query)), language)
        others.sort(key=lambda hit: -hit.score)
        unique = {hit.card_id: hit for hit in reversed(others)}
        return [hit for hit in others if unique[hit.card_id] is hit][: max(0, limit)]

    def rank(self, query: str, language: Language | None = None) -> Ranking | None:
        """Return what the fast look-up measures; the second look at a query finds it ready."""
        if self._last is None or self._last[0] != (query, language):
            self._last = ((query, language), super().rank(query, language))
        return self._last[1]

    def look(self, query: str, language: Language | None = None) -> semantic_rerank.Look | None:
        """Return what both measure; None without an opinion."""
        texts = texts_of_query(query)
        likeness = self._opinion(texts) if texts else None
        if likeness is None:
            return None
        among = [language in (None, card.language) for card in likeness.cards]
        return semantic_rerank.look(self._first(query, language), likeness, among)

    def _first(self, query: str, language: Language | None) -> semantic_rerank.First:
        ranking = self.rank(query, language)
        if ranking is None:
            return semantic_rerank.First([], np.zeros(0), np.zeros(0), is_long(query))
        best = np.argsort(-ranking.ranks, kind="stable")[: semantic_rerank.CANDIDATES]
        chances = scoring.estimate_chances(gather_evidence(ranking, best), self.weights.doubt)
        cards = [self.contents.table.cards[number] for number in ranking.cards[best]]
        return semantic_rerank.First(cards, ranking.ranks[best], chances, ranking.long)
