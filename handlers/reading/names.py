"""Finds whom a thumb means: a name in full, a part, initials, pinyin, or with slips.

Names are ranked 0 to 100 by how they fit. One clear winner is sure; several near the top are
ambiguous; otherwise nothing fits and the nearest are given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from handlers.reading.name_forms import Forms, fold, forms

QUERY_CHARACTERS = 128
FITS = 70.0  # below it a name does not fit
MARGIN = 4.0  # a winner is clear by more than this
EXACT, CORE, PREFIX, PINYIN, PART, INITIALS = 100.0, 97.0, 95.0, 94.0, 90.0, 88.0
TYPO_WORTH = 0.92  # a slip is never worth more than a part that was typed right
SHORTEST_PREFIX = 3  # letters; two would make "we" a name in "we like it"
NEAREST = 3


@dataclass(frozen=True)
class Match:
    """A name that fits: its id, the name as it stands, the score 0..100, and how it fits."""

    id: int
    name: str
    score: float
    how: str


@dataclass(frozen=True)
class Found:
    """What a query finds: the best first, whether that one is sure, or several are near."""

    best: tuple[Match, ...]
    sure: bool
    ambiguous: bool


class NameIndex:
    """Names ready to be found; `entries` are (id, name)."""

    def __init__(self, entries: Sequence[tuple[int, str]]) -> None:
        self.names = dict(entries)
        self.forms = {key: forms(name) for key, name in entries}
        self._whole = _by(self.forms, lambda form: form.whole)
        self._core = _by(self.forms, lambda form: form.core)
        self._initials = _by(self.forms, lambda form: form.initials)
        self._pinyin = _by(self.forms, lambda form: form.pinyin)
        self._pinyin_initials = _by(self.forms, lambda form: form.pinyin_initials)
        self._words: dict[str, set[int]] = defaultdict(set)
        for key, form in self.forms.items():
            for word in form.whole.split():
                self._words[word].add(key)
        self._sorted = sorted((form.whole, key) for key, form in self.forms.items())
        self._sorted_pinyin = sorted(
            (form.pinyin, key) for key, form in self.forms.items() if form.pinyin
        )

    def find(self, query: str, limit: int = NEAREST) -> Found:
        """The names that fit a query, best first."""
        asked = fold(query[:QUERY_CHARACTERS])
        if not asked or not self.names:
            return Found((), sure=False, ambiguous=False)
        scores = self._right(asked)
        if max((score for score, _how in scores.values()), default=0.0) < PART:
            self._add_slips(asked, scores)
        ranked = sorted(scores.items(), key=lambda item: (-item[1][0], item[0]))
        best = tuple(Match(key, self.names[key], *found) for key, found in ranked[:limit])
        fits = bool(best) and best[0].score >= FITS
        clear = len(best) < 2 or best[0].score - best[1].score > MARGIN
        return Found(best, sure=fits and clear, ambiguous=fits and not clear)

    def _right(self, asked: str) -> dict[int, tuple[float, str]]:
        """Names of which something was typed right."""
        scores: dict[int, tuple[float, str]] = {}
        joined = asked.replace(" ", "")
        _add(scores, self._whole.get(asked, ()), EXACT, "exact")
        _add(scores, self._core.get(asked, ()), CORE, "exact")
        _add(scores, self._pinyin.get(joined, ()), PINYIN, "pinyin")
        if len(joined) >= 2:
            _add(scores, self._initials.get(joined, ()), INITIALS, "initials")
            _add(scores, self._pinyin_initials.get(joined, ()), INITIALS, "initials")
        if len(asked) >= (SHORTEST_PREFIX if asked.isascii() else 1):
            _add(scores, _begun(self._sorted, asked), PREFIX, "prefix")
            _add(scores, _begun(self._sorted_pinyin, joined), PART, "pinyin")
        _add(scores, self._with_words(asked), PART, "part")
        if not asked.isascii() and len(asked) >= 2:
            inside = (key for key, form in self.forms.items() if asked in form.whole)
            _add(scores, inside, PART, "part")
        return scores

    def _with_words(self, asked: str) -> set[int]:
        """Names that have every word that was typed; the last may be only begun."""
        *whole, last = asked.split()
        if len(last) < SHORTEST_PREFIX:
            sets = [self._words.get(word, set()) for word in (*whole, last)]
        else:
            begun = {
                key for word, keys in self._words.items() if word.startswith(last) for key in keys
            }
            sets = [*(self._words.get(word, set()) for word in whole), begun]
        return set.intersection(*sets)

    def _add_slips(self, asked: str, scores: dict[int, tuple[float, str]]) -> None:
        """Names that are near to what was typed, whole or as far as it goes."""
        count = len(asked.split())
        wholes = {key: form.core for key, form in self.forms.items()}
        begun = {key: " ".join(core.split()[:count]) for key, core in wholes.items()}
        for choices in (wholes, begun):
            near = process.extract(asked, choices, scorer=fuzz.ratio, limit=NEAREST)
            for _core, ratio, key in near:
                worth = ratio * TYPO_WORTH
                if worth > scores.get(key, (0.0, ""))[0]:
                    scores[key] = (worth, "slip")


def _by(all_forms: dict[int, Forms], form_of: Callable[[Forms], str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, form in all_forms.items():
        if form_of(form):
            found[form_of(form)].append(key)
    return found


def _begun(ordered: Sequence[tuple[str, int]], asked: str) -> Iterable[int]:
    at = bisect_left(ordered, (asked, -1))
    while at < len(ordered) and ordered[at][0].startswith(asked):
        yield ordered[at][1]
        at += 1


def _add(scores: dict[int, tuple[float, str]], keys: Iterable[int], score: float, how: str) -> None:
    for key in keys:
        if score > scores.get(key, (0.0, ""))[0]:
            scores[key] = (score, how)


def closest_word(word: str, words: Iterable[tuple[str, str]], floor: float) -> str | None:
    """The key of the vocabulary word nearest to a mistyped one; None below `floor` of 100."""
    asked = word.strip().casefold()[:QUERY_CHARACTERS]
    known = list(words)
    if not asked or not known:
        return None
    choices = [each.casefold() for each, _key in known]
    near = process.extractOne(asked, choices, scorer=fuzz.ratio, score_cutoff=floor)
    return known[near[2]][1] if near is not None else None
