"""Compare one wording with all wordings of the cards: find candidates, then measure them well."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from kb.objections.card_features import OF_CARD, OF_ROW, Entry, pairs
from kb.objections.fuzzy import Texts, compared
from kb.objections.lexicon import NOT
from kb.objections.postings import Floats, Overlaps, Postings
from kb.objections.text_features import Form, weight_of

CANDIDATES, CANDIDATES_OF_CLAUSE = 96, 16
AT_ONCE = 1000  # cards
WEAK, DENIED = 0.5, 0.7
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
_N = {name: place for place, name in enumerate(FEATURES)}
_CHOOSING = ("words", "grams", "ideas", "sounds", "initials")


@dataclass(frozen=True)
class Measures:
    """What was measured: `cards` (numbers), their FEATURES, and how well the query is known.

    `rows` holds each card's best wording; `known` is the share of the query's weight (words or
    letter groups, whichever is better) that occurs in any card; `weight` is the query's own.
    """

    cards: NDArray[np.int64]
    rows: NDArray[np.int64]
    features: NDArray[np.float64]
    known: float
    weight: float


class Matcher:
    """All wordings, by words, letter groups, ideas and sound; read only, and extended by copies."""

    def __init__(self, entries: Iterable[Entry], weak_ideas: Container[str] = ()) -> None:
        def idea_weight(idea: str) -> float:
            plain = idea.removeprefix(NOT)
            return (WEAK if plain in weak_ideas else 1.0) * (DENIED if plain != idea else 1.0)

        self._words, self._all_words = Postings(weight_of), Postings(weight_of)
        self._answers = Postings(weight_of)
        self._grams, self._sounds, self._initials = Postings(), Postings(), Postings()
        self._ideas, self._all_ideas = Postings(idea_weight), Postings(idea_weight)
        self._texts = Texts([], [], [])
        self._card_of, self._denials = np.zeros(0, np.int64), np.zeros(0, bool)
        self._worths = np.zeros(0, np.float32)
        # A few at a time: all that is taken apart at once would need much memory.
        coming = iter(entries)
        while taken := list(islice(coming, AT_ONCE)):
            self._fill(taken)
            self._take_rows(taken)
        for name in (*OF_ROW, *OF_CARD):
            getattr(self, name).seal()
        self._weigh()

    def _fill(self, entries: Sequence[Entry]) -> None:
        forms = [form for entry in entries for form, _ in entry.forms]
        for name, of_row in OF_ROW.items():
            add = getattr(self, name).add
            for form in forms:
                add(of_row(form))
        for name, of_card in OF_CARD.items():
            for entry in entries:
                getattr(self, name).add(of_card(entry))

    def extended(self, entries: Sequence[Entry]) -> "Matcher":
        """Return a matcher with further cards, which shares all that was there."""
        grown = object.__new__(Matcher)
        grown.__dict__.update(self.__dict__)
        forms = [form for entry in entries for form, _ in entry.forms]
        for name, of_row in OF_ROW.items():
            setattr(grown, name, getattr(self, name).extended([of_row(form) for form in forms]))
        for name, of_card in OF_CARD.items():
            setattr(grown, name, getattr(self, name).extended([of_card(e) for e in entries]))
        grown._take_rows(entries)
        grown._weigh()
        return grown

    def _take_rows(self, entries: Sequence[Entry]) -> None:
        rows = [(entry.number, *row) for entry in entries for row in entry.forms]
        forms = [form for _, form, _ in rows]
        self._texts = self._texts.followed_by(forms)
        numbers = np.array([number for number, _, _ in rows], np.int64)
        self._card_of = np.concatenate([self._card_of, numbers])
        denied = np.array([form.denied for form in forms], bool)
        self._denials = np.concatenate([self._denials, denied])
        worths = np.array([worth for _, _, worth in rows], np.float32)
        self._worths = np.concatenate([self._worths, worths])

    def _weigh(self) -> None:
        self._thin = {name: 1.0 / np.sqrt(getattr(self, f"_{name}").mass) for name in _CHOOSING}

    def measure(self, form: Form, allowed: NDArray[np.bool_], count: int = CANDIDATES) -> Measures:
        """Measure the `count` best candidates among the allowed wordings (a mask)."""
        return self.measure_all([form], allowed, count)[0]

    def measure_all(
        self, forms: Sequence[Form], allowed: NDArray[np.bool_], count: int = CANDIDATES
    ) -> list[Measures]:
        """Measure each of the forms on its own; all together they cost less than one by one."""
        seen = {
            "words": self._words.overlaps([form.words for form in forms]),
            "grams": self._grams.overlaps([form.grams for form in forms]),
            "ideas": self._ideas.overlaps([form.ideas for form in forms]),
            "sounds": self._sounds.overlaps([form.sounds for form in forms]),
        }
        shared = self._shared(forms, seen)
        shared *= self._worths
        shared *= allowed
        found = [_best(row, count) for row in shared]
        of = np.repeat(np.arange(len(forms)), [len(rows) for rows in found])
        rows = np.concatenate(found)
        features = self._look_closer(forms, found, of, rows, seen)
        words, grams = seen["words"], seen["grams"]
        known = 1.0 - np.minimum(words.unknown / words.totals, grams.unknown / grams.totals)
        return self._by_card(forms, of, rows, features, known, words.totals)

    def _shared(self, forms: Sequence[Form], seen: dict[str, Overlaps]) -> Floats:
        """Return how much each form and each wording have in common, for choosing candidates."""
        shared = np.zeros((len(forms), self._words.size), np.float32)
        for name, overlaps in seen.items():
            shared += overlaps.amounts * self._thin[name] * _thinned(overlaps.totals)
        if any(form.initials for form in forms):
            overlaps = self._initials.overlaps([pairs(form.initials) for form in forms])
            shared += 2 * overlaps.amounts * self._thin["initials"] * _thinned(overlaps.totals)
        return shared

    def _look_closer(
        self,
        forms: Sequence[Form],
        found: Sequence[NDArray[np.int64]],
        of: NDArray[np.int64],
        rows: NDArray[np.int64],
        seen: dict[str, Overlaps],
    ) -> NDArray[np.float64]:
        features = np.zeros((len(rows), len(FEATURES)))
        for name, overlaps in seen.items():
            soft = SOFTENING if name == "ideas" else 0.0
            mass = getattr(self, f"_{name}").mass[rows] + soft
            part, whole = overlaps.amounts[of, rows], overlaps.totals[of] + soft
            features[:, _N[name]] = part / np.sqrt(whole * mass)
            features[:, _N[f"{name}_of_query"]] = part / whole
            if name != "sounds":
                features[:, _N[f"{name}_of_card"]] = part / mass
        end = 0
        for form, own in zip(forms, found, strict=True):
            start, end = end, end + len(own)
            for name, values in compared(form, own.tolist(), self._texts).items():
                features[start:end, _N[name]] = values
        features *= self._worths[rows, np.newaxis]
        denied = np.array([form.denied for form in forms], bool)
        features[:, _N["denial_differs"]] = self._denials[rows] != denied[of]
        return features

    def _by_card(
        self,
        forms: Sequence[Form],
        of: NDArray[np.int64],
        rows: NDArray[np.int64],
        features: NDArray[np.float64],
        known: NDArray[np.float64],
        weights: NDArray[np.float64],
    ) -> list[Measures]:
        """Join the wordings of a card: it has the best of each measure."""
        keys = of * self._all_words.size + self._card_of[rows]
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        first = order[starts]
        of, rows, cards = of[first], rows[first], self._card_of[rows[first]]
        best = np.maximum.reduceat(features[order], starts) if len(starts) else features[:0]
        best[:, _N["denial_differs"]] = features[first, _N["denial_differs"]]
        words, ideas = [form.words for form in forms], [form.ideas for form in forms]
        sources = (
            ("all_words", self._all_words.overlaps(words)),
            ("answer_words", self._answers.overlaps(words)),
            ("all_ideas", self._all_ideas.overlaps(ideas)),
        )
        for name, overlaps in sources:
            best[:, _N[name]] = overlaps.amounts[of, cards] / overlaps.totals[of]
        ends = np.searchsorted(of, np.arange(len(forms) + 1))
        return [
            Measures(cards[a:b], rows[a:b], best[a:b], float(known[n]), float(weights[n]))
            for n, (a, b) in enumerate(pairwise(ends.tolist()))
        ]


def _thinned(totals: NDArray[np.float64]) -> Floats:
    thin: Floats = (1.0 / np.sqrt(totals)).astype(np.float32)[:, np.newaxis]
    return thin


def _best(scores: Floats, count: int) -> NDArray[np.int64]:
    """Return the places of the highest scores above 0, best first."""
    if len(scores) > count:
        # The highest by the lowest of what is negated: the other way round, many zeros cost much.
        places = np.argpartition(-scores, count)[:count]
    else:
        places = np.arange(len(scores))
    places = places[scores[places] > 0]
    return places[np.argsort(-scores[places], kind="stable")].astype(np.int64)
