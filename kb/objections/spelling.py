"""Mend a mistyped English word towards the words in use, without ever scanning them all."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from kb.objections.english import (
    CONTRACTIONS,
    FUNCTION_WORDS,
    IRREGULAR,
    NEGATORS,
    SHORT_FORMS,
    stem,
)

SHORTEST = 3
LONGEST = 20
CANDIDATES = 64
COMPLETIONS = 12
COMMON = frozenset(
    {*FUNCTION_WORDS, *NEGATORS, *CONTRACTIONS, *SHORT_FORMS, *SHORT_FORMS.values(), *IRREGULAR}
)


class Spelling:
    """Words by their deletions (the SymSpell idea): a slip away is a dictionary look-up away."""

    def __init__(self, own: Iterable[str], others: Iterable[str] = ()) -> None:
        self._own = frozenset(own)
        self._endings = sorted(word for word in self._own if len(word) > SHORTEST)
        self._known = set(COMMON)
        self._near: dict[str, list[str]] = defaultdict(list)
        self._bones: dict[str, list[str]] = defaultdict(list)
        for word in sorted({*COMMON, *self._own, *others}):
            self._learn(word)
        self.mend = lru_cache(maxsize=2048)(self._mend)

    def _learn(self, word: str) -> None:
        self._known.add(word)
        if not (SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()):
            return
        for form in _shorter(word):
            self._near[form].append(word)
        if len(word) > 4:
            self._bones[_skeleton(word)].append(word)

    def knows(self, word: str) -> bool:
        """Say whether the word is in use as it stands."""
        return word in self._known

    def finish(self, word: str) -> str:
        """Return the cards' word that this one begins, if there is but one; else the word.

        Only for the last word of a query, which may not be typed to its end yet.
        """
        if word in self._known or len(word) < SHORTEST:
            return word
        begun = self._begun(word)
        if begun and len({stem(full) for full in begun}) == 1:
            return min(begun, key=len)
        return word if begun else self.mend(word)

    def _begun(self, word: str) -> list[str]:
        place = bisect_left(self._endings, word)
        near = self._endings[place : place + COMPLETIONS]
        return [full for full in near if full.startswith(word)]

    def _mend(self, word: str) -> str:
        """Return the nearest word in use; the word itself if it is known or nothing is near."""
        if word in self._known or not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return word
        candidates = self._candidates(word)
        if candidates:
            return min(candidates)[-1]
        bones = self._bones.get(_skeleton(word), ()) if len(word) < 7 else ()
        return min(bones, key=lambda known: (len(known), known), default=word)

    def _candidates(self, word: str) -> list[tuple[int, bool, bool, int, str]]:
        allowed = _allowed(word)
        seen: dict[str, None] = {}
        for form in _forms(word, allowed):
            for known in self._near.get(form, ()):
                seen[known] = None
        found = []
        for known in list(seen)[:CANDIDATES]:
            distance = OSA.distance(word, known, score_cutoff=allowed)
            if distance <= min(allowed, _allowed(known)):
                if len(word) == SHORTEST and sorted(word) != sorted(known):
                    continue
                odd = known[0] != word[0], known not in self._own, abs(len(known) - len(word))
                found.append((distance, *odd, known))
        return found


def _allowed(word: str) -> int:
    return 2 if len(word) >= 7 else 1


def _forms(word: str, allowed: int) -> Iterator[str]:
    once = list(_shorter(word))
    yield from once
    if allowed > 1:
        for form in once[1:]:
            yield from _shorter(form)


def _shorter(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _skeleton(word: str) -> str:
    bones = word[0] + "".join(char for char in word[1:] if char not in "aeiouy")
    return "".join(char for place, char in enumerate(bones) if bones[place - 1 : place] != char)
