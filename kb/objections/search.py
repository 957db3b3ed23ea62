"""Find the card for what a rep typed: short, mistyped, half Chinese, in pinyin, or a whole mail."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.objections import fusion, lexicon
from kb.objections.card import Card, Language
from kb.objections.clauses import clauses, is_long
from kb.objections.form import answer_terms, take_apart
from kb.objections.matching import CANDIDATES, CANDIDATES_OF_CLAUSE, FEATURES, Matcher
from kb.objections.normalise import MAX_CHARS, fold, has_hanzi, squash
from kb.objections.spelling import Spelling

# From SURE on a card is shown alone; from NOTHING on the best few are shown as guesses; below it
# nothing is. Both are chances, set on half of the development queries by fit_lookup.
SURE = 0.78
NOTHING = 0.15
EXACT = 0.999
NEAREST_TO_EXACT = 0.99
MAX_WHOLE = 300


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

    cards: NDArray[np.int64]
    rows: NDArray[np.int64]
    features: NDArray[np.float64]
    ranks: NDArray[np.float64]
    known: float
    weight: float
    long: bool


class CardIndex:
    """All cards of a team, ready to be searched. Immutable: build a new one when a card changes."""

    def __init__(self, cards: Iterable[Card], weights: fusion.Weights | None = None) -> None:
        self._weights = weights or fusion.shipped()
        self._lexicon = lexicon.shipped()
        self._ids: list[int | str] = []
        self._languages: list[Language] = []
        self._texts: list[str] = []
        self._row_language: list[bool] = []
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._matcher = Matcher(self._lexicon.weak)
        own: set[str] = set()
        for card in cards:
            own.update(self._add(card))
        self._matcher.seal()
        self._chinese = np.array(self._row_language, bool)
        self._spelling = Spelling(own, self._lexicon.words)

    def _add(self, card: Card) -> set[str]:
        number = len(self._ids)
        self._ids.append(card.id)
        self._languages.append(card.language)
        taken = [(text, take_apart(text, self._lexicon)) for text in card.wordings]
        forms = [form for _, form in taken if form.joined]
        for form in forms:
            self._exact[form.joined].append(number)
        self._texts.extend(text for text, form in taken if form.joined)
        self._row_language.extend([card.language == "zh"] * len(forms))
        self._matcher.add(number, forms, answer_terms(f"{card.ask} {card.say}"))
        return {word for form in forms for word in form.spaced.split() if not has_hanzi(word)}

    def id_of(self, number: int) -> int | str:
        """Return the id of a Ranking's card."""
        return self._ids[number]

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, query: str, language: Language | None = None, limit: int = 3) -> list[Hit]:
        """Return at most `limit` hits, best first; an empty list means that nothing fits.

        Any text is safe: what lies beyond 4,096 characters is not read. A query that is exactly a
        wording of a card finds it first, whatever else resembles it.
        """
        hits = self.ranked(query, language, limit)
        return hits if hits and hits[0].score >= NOTHING else []

    def ranked(self, query: str, language: Language | None = None, limit: int = 3) -> list[Hit]:
        """Return what `search` would before it falls silent: to measure, and for near misses."""
        hits = self._exact_hits(query, language)
        found = {hit.card_id for hit in hits}
        ranking = self.rank(query, language)
        if ranking is not None:
            hits += [hit for hit in self._hits(ranking, limit) if hit.card_id not in found]
        return hits[: max(0, limit)]

    def _exact_hits(self, query: str, language: Language | None) -> list[Hit]:
        numbers = dict.fromkeys(self._exact.get(squash(fold(query)), ()))
        return [
            Hit(self._ids[number], EXACT, "exact")
            for number in numbers
            if language in (None, self._languages[number])
        ]

    def rank(self, query: str, language: Language | None = None) -> Ranking | None:
        """Return all candidates with what was measured; None if nothing at all is shared."""
        if not self._texts:
            return None
        allowed = self._allowed(language)
        query = query[:MAX_CHARS]
        long = is_long(query)
        texts = [*clauses(query), query[:MAX_WHOLE]] if long else [query]
        parts = [self._rank_one(text, allowed, long) for text in dict.fromkeys(texts)]
        return _merged([part for part in parts if part is not None])

    def _allowed(self, language: Language | None) -> NDArray[np.bool_]:
        if language is None:
            return np.ones(len(self._chinese), bool)
        return self._chinese if language == "zh" else ~self._chinese

    def _rank_one(self, text: str, allowed: NDArray[np.bool_], long: bool) -> Ranking | None:
        form = take_apart(text, self._lexicon, self._spelling, by_ear=not long)
        count = CANDIDATES_OF_CLAUSE if long else CANDIDATES
        found = self._matcher.measure(form, allowed, count)
        if not len(found.cards):
            return None
        ranks = found.features @ self._weights.rank
        if long:
            # A scrap of a clause is covered by a card all too easily.
            ranks = ranks + np.log1p(found.weight)
        return Ranking(
            found.cards, found.rows, found.features, ranks, found.known, found.weight, long
        )

    def _hits(self, ranking: Ranking, limit: int) -> list[Hit]:
        chances = fusion.chance(evidence_of(ranking), self._weights.doubt)
        order = np.argsort(-ranking.ranks, kind="stable")[: max(0, limit)]
        best = np.minimum.accumulate(np.minimum(chances[order], NEAREST_TO_EXACT))
        return [
            Hit(self._ids[ranking.cards[place]], float(score), self._why(ranking, int(place)))
            for place, score in zip(order, best, strict=True)
        ]

    def _why(self, ranking: Ranking, place: int) -> str:
        """Name the measure that spoke most for the card, and the wording it spoke of."""
        shares = ranking.features[place] * self._weights.rank
        return f"{FEATURES[int(np.argmax(shares))]}: {self._texts[ranking.rows[place]]}"


def evidence_of(ranking: Ranking) -> NDArray[np.float64]:
    """Return what the chances are computed from, a row a card."""
    return fusion.doubts(
        ranking.ranks, ranking.features, ranking.known, ranking.weight, ranking.long
    )


def _merged(parts: list[Ranking]) -> Ranking | None:
    """Join the rankings of a long text's clauses: a card counts by its best clause."""
    if len(parts) < 2:
        return parts[0] if parts else None
    cards = np.concatenate([part.cards for part in parts])
    ranks = np.concatenate([part.ranks for part in parts])
    order = np.argsort(-ranks, kind="stable")
    _, first = np.unique(cards[order], return_index=True)
    kept = order[np.sort(first)]
    return Ranking(
        cards[kept],
        np.concatenate([part.rows for part in parts])[kept],
        np.concatenate([part.features for part in parts])[kept],
        ranks[kept],
        max(part.known for part in parts),
        max(part.weight for part in parts),
        True,
    )
