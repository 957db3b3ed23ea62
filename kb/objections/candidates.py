"""Compare queries with all wordings of the cards: find candidates, then measure each closely."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from kb.objections.card_postings import (
    CardFeatures,
    CardPostings,
    CardPostingsBuilder,
    pair_letters,
)
from kb.objections.fuzzy import Texts, compare_letters
from kb.objections.postings import Floats, Overlaps
from kb.objections.text_features import TextFeatures

CANDIDATES, CANDIDATES_OF_CLAUSE = 96, 16  # wordings that are measured of one query
AT_ONCE = 1000  # cards taken apart before their features are let go
# A single weak idea in common must not look like full agreement.
SOFTENING = 0.3
FEATURES = (
    "words",
    "words_of_query",
    "words_of_card",
    "grams",
    "grams_of_query",
    "grams_of_card",
    "ideas",
    "ideas_of_query",
    "ideas_of_card",
    "sounds",
    "sounds_of_query",
    "initials",
    "letters_alike",
    "words_alike",
    "part_alike",
    "begins",
    "denial_differs",
    "all_words",
    "all_ideas",
    "answer_words",
)
_COLUMN = {name: place for place, name in enumerate(FEATURES)}
_DENIAL_DIFFERS = _COLUMN["denial_differs"]


@dataclass(frozen=True)
class _OverlapColumns:
    """Which columns of the features hold what a query and a wording share of one sort of term."""

    both: int  # as a share of both
    query: int  # as a share of the query
    card: int | None = None  # as a share of the wording


_WORDS = _OverlapColumns(_COLUMN["words"], _COLUMN["words_of_query"], _COLUMN["words_of_card"])
_GRAMS = _OverlapColumns(_COLUMN["grams"], _COLUMN["grams_of_query"], _COLUMN["grams_of_card"])
_IDEAS = _OverlapColumns(_COLUMN["ideas"], _COLUMN["ideas_of_query"], _COLUMN["ideas_of_card"])
_SOUNDS = _OverlapColumns(_COLUMN["sounds"], _COLUMN["sounds_of_query"])


@dataclass(frozen=True)
class Measures:
    """The candidate cards of a query with their FEATURES; a card a place."""

    cards: NDArray[np.int64]  # numbers
    rows: NDArray[np.int64]  # each card's best wording
    features: NDArray[np.float64]
    known: float  # the share of the query's words or letter groups that occurs in any card
    weight: float  # the query's own, of its words together


@dataclass(frozen=True)
class _QueryOverlaps:
    """What queries share with all wordings, by sort of term."""

    words: Overlaps
    grams: Overlaps
    ideas: Overlaps
    sounds: Overlaps


@dataclass(frozen=True, eq=False)
class WordingRows:
    """What is known of each wording beside its terms, a wording a place."""

    texts: Texts
    cards: NDArray[np.int64]  # the number of its card
    denials: NDArray[np.bool_]  # whether it denies something
    worths: Floats  # what it counts: 1, or less for one that was only learned

    @classmethod
    def empty(cls) -> "WordingRows":
        """Return no rows, to begin with."""
        none = Texts([], [], [])
        return cls(none, np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0, np.float32))

    def with_cards(self, cards: Sequence[CardFeatures]) -> "WordingRows":
        """Return these rows and behind them those of further cards."""
        rows = [(card.number, *row) for card in cards for row in card.wordings]
        wordings = [wording for _, wording, _ in rows]
        numbers = np.array([number for number, _, _ in rows], np.int64)
        denials = np.array([wording.denied for wording in wordings], bool)
        worths = np.array([worth for _, _, worth in rows], np.float32)
        return WordingRows(
            texts=self.texts.with_wordings(wordings),
            cards=np.concatenate([self.cards, numbers]),
            denials=np.concatenate([self.denials, denials]),
            worths=np.concatenate([self.worths, worths]),
        )


@dataclass(frozen=True, eq=False)
class Matcher:
    """All wordings, by words, letter groups, ideas and sound; read only."""

    postings: CardPostings
    rows: WordingRows

    @classmethod
    def build(cls, cards: Iterable[CardFeatures], weak_ideas: Container[str] = ()) -> "Matcher":
        """Return a matcher of these cards, which are numbered from 0 on."""
        postings, rows, coming = CardPostingsBuilder(weak_ideas), WordingRows.empty(), iter(cards)
        # A few at a time: all that is taken apart at once would need much memory.
        while some := list(islice(coming, AT_ONCE)):
            for card in some:
                postings.add(card)
            rows = rows.with_cards(some)
        return cls(postings.build(), rows)

    def with_cards(self, cards: Sequence[CardFeatures]) -> "Matcher":
        """Return a matcher with further cards, which shares all that was there."""
        return Matcher(self.postings.with_cards(cards), self.rows.with_cards(cards))

    def measure_all(
        self, queries: Sequence[TextFeatures], allowed: NDArray[np.bool_], count: int = CANDIDATES
    ) -> list[Measures]:
        """Measure the `count` best candidates of each query among the allowed wordings (a mask).

        All queries together cost less than one by one.
        """
        overlaps = _QueryOverlaps(
            words=self.postings.words.overlaps([query.words for query in queries]),
            grams=self.postings.grams.overlaps([query.grams for query in queries]),
            ideas=self.postings.ideas.overlaps([query.ideas for query in queries]),
            sounds=self.postings.sounds.overlaps([query.sounds for query in queries]),
        )
        scores = self._score(queries, overlaps)
        scores *= self.rows.worths
        scores *= allowed
        best = [_find_best(row, count) for row in scores]
        of = np.repeat(np.arange(len(queries)), [len(rows) for rows in best])
        rows = np.concatenate(best)
        features = self._measure_rows(queries, best, of, rows, overlaps)
        words, grams = overlaps.words, overlaps.grams
        known = 1.0 - np.minimum(words.unknown / words.totals, grams.unknown / grams.totals)
        return self._join_by_card(queries, of, rows, features, known, words.totals)

    def _score(self, queries: Sequence[TextFeatures], overlaps: _QueryOverlaps) -> Floats:
        """Return how much each query and each wording have in common, for choosing candidates."""
        postings = self.postings
        scores = np.zeros((len(queries), postings.words.size), np.float32)
        scores += _scale(overlaps.words, postings.words.scale)
        scores += _scale(overlaps.grams, postings.grams.scale)
        scores += _scale(overlaps.ideas, postings.ideas.scale)
        scores += _scale(overlaps.sounds, postings.sounds.scale)
        if any(query.initials for query in queries):
            initials = postings.initials.overlaps(
                [pair_letters(query.initials) for query in queries]
            )
            scores += _scale(initials, 2 * postings.initials.scale)
        return scores

    def _measure_rows(
        self,
        queries: Sequence[TextFeatures],
        best: Sequence[NDArray[np.int64]],
        of: NDArray[np.int64],
        rows: NDArray[np.int64],
        overlaps: _QueryOverlaps,
    ) -> NDArray[np.float64]:
        """Return the FEATURES of each wording of `rows`, compared with its query of `of`."""
        features = np.zeros((len(rows), len(FEATURES)))
        postings = self.postings
        for columns, shared, indexed, soft in (
            (_WORDS, overlaps.words, postings.words, 0.0),
            (_GRAMS, overlaps.grams, postings.grams, 0.0),
            (_IDEAS, overlaps.ideas, postings.ideas, SOFTENING),
            (_SOUNDS, overlaps.sounds, postings.sounds, 0.0),
        ):
            part, whole = shared.amounts[of, rows], shared.totals[of] + soft
            mass = indexed.mass[rows] + soft
            features[:, columns.both] = part / np.sqrt(whole * mass)
            features[:, columns.query] = part / whole
            if columns.card is not None:
                features[:, columns.card] = part / mass
        end = 0
        for query, own in zip(queries, best, strict=True):
            start, end = end, end + len(own)
            for name, values in compare_letters(query, own.tolist(), self.rows.texts).items():
                features[start:end, _COLUMN[name]] = values
        features *= self.rows.worths[rows, np.newaxis]
        denied = np.array([query.denied for query in queries], bool)
        features[:, _DENIAL_DIFFERS] = self.rows.denials[rows] != denied[of]
        return features

    def _join_by_card(
        self,
        queries: Sequence[TextFeatures],
        of: NDArray[np.int64],
        rows: NDArray[np.int64],
        features: NDArray[np.float64],
        known: NDArray[np.float64],
        weights: NDArray[np.float64],
    ) -> list[Measures]:
        """Join the wordings of a card: it has the best of each measure."""
        postings, card_of = self.postings, self.rows.cards
        keys = of * postings.all_words.size + card_of[rows]
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        first = order[starts]
        of, rows, cards = of[first], rows[first], card_of[rows[first]]
        best = np.maximum.reduceat(features[order], starts) if len(starts) else features[:0]
        best[:, _DENIAL_DIFFERS] = features[first, _DENIAL_DIFFERS]
        words, ideas = [query.words for query in queries], [query.ideas for query in queries]
        for column, overlaps in (
            (_COLUMN["all_words"], postings.all_words.overlaps(words)),
            (_COLUMN["answer_words"], postings.answers.overlaps(words)),
            (_COLUMN["all_ideas"], postings.all_ideas.overlaps(ideas)),
        ):
            best[:, column] = overlaps.amounts[of, cards] / overlaps.totals[of]
        ends = np.searchsorted(of, np.arange(len(queries) + 1))
        return [
            Measures(cards[a:b], rows[a:b], best[a:b], float(known[n]), float(weights[n]))
            for n, (a, b) in enumerate(pairwise(ends.tolist()))
        ]


def _scale(overlaps: Overlaps, scale: Floats) -> Floats:
    """Return what is shared divided by the roots of both weights, as in a cosine."""
    of_query = (1.0 / np.sqrt(overlaps.totals)).astype(np.float32)[:, np.newaxis]
    scaled: Floats = overlaps.amounts * scale * of_query
    return scaled


def _find_best(scores: Floats, count: int) -> NDArray[np.int64]:
    """Return the places of the highest scores above 0, best first."""
    if len(scores) > count:
        # The highest by the lowest of what is negated: the other way round, many zeros cost much.
        places = np.argpartition(-scores, count)[:count]
    else:
        places = np.arange(len(scores))
    places = places[scores[places] > 0]
    return places[np.argsort(-scores[places], kind="stable")].astype(np.int64)
