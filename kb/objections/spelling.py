"""Spelling: mends a mistyped English word to the nearest word in use, without scanning them all."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

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
COMPARED = 14  # letters; the rest of a long word adds much work and tells little
CANDIDATES = 64
COMPLETIONS = 12
COMMON = frozenset(
    {*FUNCTION_WORDS, *NEGATORS, *CONTRACTIONS, *SHORT_FORMS, *SHORT_FORMS.values(), *IRREGULAR}
)
_VOWELS = re.compile("(?<!^)[aeiouy]")
_TWICE = re.compile(r"(.)\1+")


class WordSet:
    """A set of words by their deletions (the SymSpell idea): a slip away is a look-up away."""

    def __init__(self, words: Iterable[str]) -> None:
        self.all = frozenset(words)
        self.near: dict[str, list[str]] = defaultdict(list)  # by the word without a letter
        self.skeletons: dict[str, list[str]] = defaultdict(list)  # by its consonants
        self._sorted = sorted(word for word in self.all if len(word) > SHORTEST)
        for word in sorted(self.all):
            if SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha():
                self._add(word)

    def _add(self, word: str) -> None:
        for form in dict.fromkeys(_drop_letters(word[:COMPARED])):
            self.near[form].append(word)
        if len(word) > 4:
            self.skeletons[_skeleton(word)].append(word)

    def complete(self, word: str) -> Iterator[str]:
        """Yield the first few words that begin like this one."""
        place = bisect_left(self._sorted, word)
        for full in self._sorted[place : place + COMPLETIONS]:
            if full.startswith(word):
                yield full


class Spelling:
    """The words of the cards, in layers, and beside them those that are in use anyway.

    Immutable: `with_words` gives one with a further layer.
    """

    def __init__(self, layers: Sequence[WordSet], others: WordSet) -> None:
        self._layers, self._others = tuple(layers), others
        self.mend = lru_cache(maxsize=2048)(self._mend)

    @classmethod
    def of_words(cls, own: Iterable[str], others: Iterable[str] = ()) -> "Spelling":
        """Return the spelling of the cards' own words, and of others in use beside COMMON ones."""
        return cls([_index_own(frozenset(own))], _index_others(frozenset(others)))

    def with_words(self, words: Iterable[str]) -> "Spelling":
        """Return the spelling with further words of the cards; what there was is shared."""
        new = {word for word in words if not self._is_own(word)}
        if not new:
            return self
        layers = list(self._layers)
        # Each layer at least twice the next, so that there are few and each word moves seldom.
        while len(layers) > 1 and len(layers[-1].all) < 2 * len(new):
            new |= layers.pop().all
        return Spelling([*layers, WordSet(new)], self._others)

    def _is_own(self, word: str) -> bool:
        return any(word in layer.all for layer in self._layers)

    def knows(self, word: str) -> bool:
        """Return whether the word is in use as it stands."""
        return word in self._others.all or self._is_own(word)

    def finish(self, word: str) -> str:
        """Return the cards' word that this one begins, if there is but one; else the word.

        Only for the last word of a query, which may not be typed to its end yet.
        """
        if len(word) < SHORTEST or self.knows(word):
            return word
        begun = [full for layer in self._layers for full in layer.complete(word)]
        if begun and len({stem(full) for full in begun}) == 1:
            return min(begun, key=len)
        return word if begun else self.mend(word)

    def _mend(self, word: str) -> str:
        """Return the nearest word in use; the word itself if it is known or nothing is near."""
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or self.knows(word):
            return word
        candidates = self._find_candidates(word)
        if candidates:
            return min(candidates)[-1]
        similar = self._find_by_skeleton(_skeleton(word)) if len(word) < 7 else ()
        return min(similar, key=lambda known: (len(known), known), default=word)

    def _find_by_skeleton(self, skeleton: str) -> list[str]:
        layers = (*self._layers, self._others)
        return [known for layer in layers for known in layer.skeletons.get(skeleton, ())]

    def _find_candidates(self, word: str) -> list[tuple[int, bool, bool, int, str]]:
        allowed = _count_slips(word)
        seen: dict[str, None] = {}
        near = [layer.near for layer in (*self._layers, self._others)]
        for form in _misspellings(word[:COMPARED], allowed):
            for words in near:
                if form in words:
                    seen.update(dict.fromkeys(words[form]))
        found = []
        for known in list(seen)[:CANDIDATES]:
            distance = OSA.distance(word, known, score_cutoff=allowed)
            if distance <= min(allowed, _count_slips(known)):
                if len(word) == SHORTEST and sorted(word) != sorted(known):
                    continue
                odd = known[0] != word[0], not self._is_own(known), abs(len(known) - len(word))
                found.append((distance, *odd, known))
        return found


@lru_cache(maxsize=4)
def _index_own(own: frozenset[str]) -> WordSet:
    """Return the cards' words; teams that begin with the same cards share them."""
    return WordSet(own)


@lru_cache(maxsize=4)
def _index_others(others: frozenset[str]) -> WordSet:
    """Return the words in use anyway; every index shares them."""
    return WordSet(COMMON | others)


def _count_slips(word: str) -> int:
    """Return how many slips of the thumb a word of this length may hold."""
    return 2 if len(word) >= 7 else 1


def _misspellings(word: str, allowed: int) -> Iterable[str]:
    """The word without one letter or, for two slips, without two; each once."""
    once = _drop_letters(word)
    return once if allowed < 2 else dict.fromkeys(chain(once, *map(_drop_letters, once[1:])))


def _drop_letters(word: str) -> list[str]:
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def _skeleton(word: str) -> str:
    return _TWICE.sub(r"\1", _VOWELS.sub("", word))
