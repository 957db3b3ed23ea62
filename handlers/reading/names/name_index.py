"""Finds names by what is typed: in full, in part, by initials, by pinyin, or with slips.

Names are ranked 0 to 100 by how they fit. One clear winner is sure; several near the top are
ambiguous; otherwise nothing fits and the nearest are given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from handlers.reading.names.name_forms import NameForms, build_forms, fold

QUERY_CHARACTERS = 128
FITS = 70.0  # below it a name does not fit
MARGIN = 4.0  # a winner is clear by more than this
EXACT, CORE, PREFIX, PINYIN, PART, INITIALS = 100.0, 97.0, 95.0, 94.0, 90.0, 88.0
TYPO_WORTH = 0.92  # a slip is never worth more than a part that was typed right
SOUND = 86.0  # begun or inside in pinyin, or the same sound in other characters
WORD_SLIP = 80.0  # a single word of a longer name must be nearer than a whole name
SHORTEST_PREFIX = 3  # letters; two would make "we" a name in "we like it"
NEAREST = 3
Keys = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Match:
    """A name that fits what was typed."""

    id: int
    name: str  # as it stands in the index
    score: float  # 0 to 100
    how: str  # exact, prefix, part, initials, pinyin, slip ...


@dataclass(frozen=True)
class NameMatches:
    """The names that a query finds."""

    best: tuple[Match, ...]  # the best first
    sure: bool  # whether the first is clearly meant
    ambiguous: bool  # whether several fit almost alike


class NameIndex:
    """An index of names to search; `entries` are (id, name)."""

    def __init__(self, entries: Sequence[tuple[int, str]]) -> None:
        self.names = dict(entries)
        self.forms = {key: build_forms(name) for key, name in self.names.items()}

    @cached_property
    def _whole(self) -> Keys:
        return _index_by(self.forms, lambda form: [form.whole])

    @cached_property
    def _core(self) -> Keys:
        return _index_by(self.forms, lambda form: [form.core, form.brand])

    @cached_property
    def _initials(self) -> Keys:
        return _index_by(
            self.forms, lambda form: [form.initials, form.pinyin_initials, form.brand_initials]
        )

    @cached_property
    def words(self) -> Keys:
        """Each word of the names, with the ids of those that have it."""
        return _index_by(self.forms, lambda form: form.whole.split())

    @cached_property
    def _pinyin(self) -> Keys:
        return _index_by(self.forms, lambda form: [form.pinyin])

    @cached_property
    def _in_order(self) -> list[tuple[str, int]]:
        return sorted((form.whole, key) for key, form in self.forms.items())

    @cached_property
    def _pinyin_in_order(self) -> list[tuple[str, int]]:
        """The sound of every name, from its beginning and from each later syllable."""
        return sorted(
            ("".join(form.sounds[at:]), key)
            for key, form in self.forms.items()
            for at in range(len(form.sounds))
        )

    def find(self, query: str, limit: int = NEAREST) -> NameMatches:
        """The names that fit a query, best first."""
        folded = fold(query[:QUERY_CHARACTERS])
        if not folded or not self.names:
            return NameMatches((), sure=False, ambiguous=False)
        scores = self._score_matches(folded)
        if max((score for score, _how in scores.values()), default=0.0) < PART:
            self._add_slips(folded, scores)
        ranked = sorted(scores.items(), key=lambda item: (-item[1][0], item[0]))
        best = tuple(Match(key, self.names[key], *found) for key, found in ranked[:limit])
        fits = bool(best) and best[0].score >= FITS
        clear = len(best) < 2 or best[0].score - best[1].score > MARGIN
        return NameMatches(best, sure=fits and clear, ambiguous=fits and not clear)

    def _score_matches(self, folded: str) -> dict[int, tuple[float, str]]:
        """The scores of names of which something was typed right."""
        scores: dict[int, tuple[float, str]] = {}
        core = build_forms(folded).core
        _add_scores(scores, self._whole.get(folded, ()), EXACT, "exact")
        _add_scores(scores, self._core.get(core, ()), CORE, "exact")
        for typed in {folded, core}:
            if len(typed) >= (SHORTEST_PREFIX if typed.isascii() else 1):
                _add_scores(scores, _find_with_prefix(self._in_order, typed), PREFIX, "prefix")
        _add_scores(scores, self._find_with_words(folded), PART, "part")
        if not folded.isascii() and len(folded) >= 2:
            inside = (key for key, form in self.forms.items() if folded in form.whole)
            _add_scores(scores, inside, PART, "part")
        for key, score in self.score_by_sound(folded).items():
            _add_scores(scores, [key], *score)
        return scores

    def score_by_sound(self, folded: str) -> dict[int, tuple[float, str]]:
        """Names by initials or pinyin, or by other characters of the same sound (华威 for 华为)."""
        scores: dict[int, tuple[float, str]] = {}
        joined = folded.replace(" ", "")
        if len(joined) < 2:  # one letter begins too many names
            return scores
        _add_scores(scores, self._initials.get(joined, ()), INITIALS, "initials")
        _add_scores(scores, self._pinyin.get(joined, ()), PINYIN, "pinyin")
        if joined.isascii() and len(joined) >= SHORTEST_PREFIX:
            _add_scores(scores, _find_with_prefix(self._pinyin_in_order, joined), SOUND, "pinyin")
        elif not joined.isascii():
            _add_scores(scores, self._pinyin.get(build_forms(joined).pinyin, ()), SOUND, "pinyin")
        return scores

    def _find_with_words(self, folded: str) -> set[int]:
        """Names that have every word that was typed; the last may be only begun."""
        *whole, last = folded.split()
        if len(last) < SHORTEST_PREFIX:
            sets = [set(self.words.get(word, ())) for word in (*whole, last)]
        else:
            begun = {
                key for word, keys in self.words.items() if word.startswith(last) for key in keys
            }
            sets = [*(set(self.words.get(word, ())) for word in whole), begun]
        return set.intersection(*sets)

    def _add_slips(self, folded: str, scores: dict[int, tuple[float, str]]) -> None:
        """Names that are near to what was typed, whole or as far as it goes."""
        typed = build_forms(folded).core
        count = len(typed.split())
        wholes = {key: form.core for key, form in self.forms.items()}
        begun = {key: " ".join(core.split()[:count]) for key, core in wholes.items()}
        for choices in (wholes, begun):
            near = process.extract(typed, choices, scorer=fuzz.ratio, limit=NEAREST)
            for _core, ratio, key in near:
                _add_scores(scores, [key], ratio * TYPO_WORTH, "slip")
        if count == 1 and len(typed) > SHORTEST_PREFIX:
            for word, ratio, _ in process.extract(
                typed, list(self.words), scorer=fuzz.ratio, score_cutoff=WORD_SLIP, limit=NEAREST
            ):
                _add_scores(scores, self.words[word], ratio * TYPO_WORTH, "slip")


def _index_by(
    all_forms: dict[int, NameForms], forms_of: Callable[[NameForms], Iterable[str]]
) -> Keys:
    found: dict[str, list[int]] = defaultdict(list)
    for key, form in all_forms.items():
        for typed in dict.fromkeys(forms_of(form)):
            if typed:
                found[typed].append(key)
    return found


def _find_with_prefix(ordered: Sequence[tuple[str, int]], folded: str) -> Iterable[int]:
    at = bisect_left(ordered, (folded, -1))
    while at < len(ordered) and ordered[at][0].startswith(folded):
        yield ordered[at][1]
        at += 1


def _add_scores(
    scores: dict[int, tuple[float, str]], keys: Iterable[int], score: float, how: str
) -> None:
    for key in keys:
        if score > scores.get(key, (0.0, ""))[0]:
            scores[key] = (score, how)


def find_closest_word(word: str, words: Iterable[tuple[str, str]], floor: float) -> str | None:
    """The key of the vocabulary word nearest to a mistyped one; None below `floor` of 100.

    None also where words of different keys are equally near: there is nothing to choose by.
    """
    folded = word.strip().casefold()[:QUERY_CHARACTERS]
    known = list(words)
    if not folded or not known:
        return None
    choices = [each.casefold() for each, _key in known]
    near = process.extract(
        folded, choices, scorer=fuzz.ratio, score_cutoff=floor, limit=len(choices)
    )
    nearest = {known[place][1] for _word, score, place in near if score == near[0][1]}
    return nearest.pop() if len(nearest) == 1 else None
