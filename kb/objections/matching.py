"""Compare one wording with all wordings of the cards: find candidates, then measure them well."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kb.objections.entries import OF_CARD, OF_ROW, Entry, Texts, pairs
from kb.objections.form import Form, weight_of
from kb.objections.lexicon import NOT
from kb.objections.postings import Floats, Postings

CANDIDATES, CANDIDATES_OF_CLAUSE = 96, 16
MAX_FUZZY = 200
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
        taken = list(entries)
        for name, of_row in OF_ROW.items():
            for entry in taken:
                for form, _ in entry.forms:
                    getattr(self, name).add(of_row(form))
        for name, of_card in OF_CARD.items():
            for entry in taken:
                getattr(self, name).add(of_card(entry))
        for name in (*OF_ROW, *OF_CARD):
            getattr(self, name).seal()
        self._texts = Texts([], [], [])
        self._card_of, self._denials = np.zeros(0, np.int64), np.zeros(0, bool)
        self._worths = np.zeros(0)
        self._take_rows(taken)

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
        return grown

    def _take_rows(self, entries: Sequence[Entry]) -> None:
        rows = [(entry.number, *row) for entry in entries for row in entry.forms]
        forms = [form for _, form, _ in rows]
        self._texts = Texts(
            self._texts.joined + [form.joined[:MAX_FUZZY] for form in forms],
            self._texts.spaced + [form.spaced[:MAX_FUZZY] for form in forms],
            self._texts.letters + [form.initials[:MAX_FUZZY] for form in forms],
        )
        numbers = np.array([number for number, _, _ in rows], np.int64)
        self._card_of = np.concatenate([self._card_of, numbers])
        denied = np.array([form.denied for form in forms], bool)
        self._denials = np.concatenate([self._denials, denied])
        worths = np.array([worth for _, _, worth in rows], np.float64)
        self._worths = np.concatenate([self._worths, worths])

    def measure(self, form: Form, allowed: NDArray[np.bool_], count: int = CANDIDATES) -> Measures:
        """Measure the `count` best candidates among the allowed wordings (a mask)."""
        words, words_total, words_unknown = self._words.overlap(form.words)
        grams, grams_total, grams_unknown = self._grams.overlap(form.grams)
        ideas, ideas_total, _ = self._ideas.overlap(form.ideas)
        sounds, sounds_total, _ = self._sounds.overlap(form.sounds)
        table = {
            "words": (words, words_total, self._words),
            "grams": (grams, grams_total, self._grams),
            "ideas": (ideas, ideas_total, self._ideas),
            "sounds": (sounds, sounds_total, self._sounds),
        }
        shared = np.zeros(len(words), np.float32)
        for amount, total, postings in table.values():
            shared += amount / np.sqrt(total * postings.mass)
        if form.initials:
            amount, total, _ = self._initials.overlap(pairs(form.initials))
            shared += 2 * amount / np.sqrt(total * self._initials.mass)
        rows = _best(np.where(allowed, shared, 0.0), count)
        features = self._look_closer(form, rows, table)
        unknown = min(words_unknown / words_total, grams_unknown / grams_total)
        return self._by_card(form, rows, features, 1.0 - unknown, words_total)

    def _look_closer(
        self,
        form: Form,
        rows: NDArray[np.int64],
        table: dict[str, tuple[Floats, float, Postings]],
    ) -> NDArray[np.float64]:
        found = np.zeros((len(rows), len(FEATURES)))
        for name, (amount, total, postings) in table.items():
            soft = SOFTENING if name == "ideas" else 0.0
            part, mass, whole = amount[rows], postings.mass[rows] + soft, total + soft
            found[:, _N[name]] = part / np.sqrt(whole * mass)
            found[:, _N[f"{name}_of_query"]] = part / whole
            if name != "sounds":
                found[:, _N[f"{name}_of_card"]] = part / mass
        self._compare_letters(form, rows, found)
        found *= self._worths[rows, np.newaxis]
        found[:, _N["denial_differs"]] = self._denials[rows] != form.denied
        return found

    def _compare_letters(
        self, form: Form, rows: NDArray[np.int64], found: NDArray[np.float64]
    ) -> None:
        joined = [self._texts.joined[row] for row in rows]
        query = form.joined[:MAX_FUZZY]
        found[:, _N["letters_alike"]] = _alike(query, joined, fuzz.ratio)
        found[:, _N["part_alike"]] = _alike(query, joined, fuzz.partial_ratio)
        spaced = [self._texts.spaced[row] for row in rows]
        found[:, _N["words_alike"]] = _alike(form.spaced[:MAX_FUZZY], spaced, fuzz.token_set_ratio)
        found[:, _N["begins"]] = [_begun(query, text) for text in joined]
        if form.initials:
            letters = [self._texts.letters[row] for row in rows]
            found[:, _N["initials"]] = _alike(form.initials, letters, fuzz.ratio)

    def _by_card(
        self,
        form: Form,
        rows: NDArray[np.int64],
        features: NDArray[np.float64],
        known: float,
        weight: float,
    ) -> Measures:
        cards, first, group = np.unique(self._card_of[rows], return_index=True, return_inverse=True)
        best = np.zeros((len(cards), len(FEATURES)))
        np.maximum.at(best, group, features)
        best[:, _N["denial_differs"]] = features[first, _N["denial_differs"]]
        sources = (
            ("all_words", self._all_words, form.words),
            ("answer_words", self._answers, form.words),
        )
        for name, postings, terms in (*sources, ("all_ideas", self._all_ideas, form.ideas)):
            amount, total, _ = postings.overlap(terms)
            best[:, _N[name]] = amount[cards] / total
        return Measures(cards, rows[first], best, known, weight)


def _best(scores: Floats, count: int) -> NDArray[np.int64]:
    """Return the places of the highest scores above 0, best first."""
    if len(scores) > count:
        places = np.argpartition(scores, -count)[-count:]
    else:
        places = np.arange(len(scores))
    places = places[scores[places] > 0]
    return places[np.argsort(-scores[places], kind="stable")].astype(np.int64)


def _alike(query: str, texts: list[str], scorer: Callable[..., float]) -> NDArray[np.float64]:
    if not texts:
        return np.zeros(0)
    found = process.cdist([query], texts, scorer=scorer, workers=1)
    return np.asarray(found[0], np.float64) / 100.0


def _begun(query: str, text: str) -> float:
    return 0.4 + 0.6 * len(query) / len(text) if len(query) > 1 and text.startswith(query) else 0.0
