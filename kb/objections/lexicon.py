"""The lexicon of ideas: "pricey", "over budget" and their Chinese words are one idea."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from kb.objections import pinyin
from kb.objections.english import FUNCTION_WORDS, NEGATORS, expand_all, stem
from kb.objections.normalise import fold, has_hanzi, squash, tokenize

FILE = Path(__file__).parent / "lexicon.toml"
ARTICLES = frozenset("a an the really so".split())
PARTICLES = frozenset("的了啊呢吧嘛呗哦呀吗呃嗯哈啦")
DENIALS = ("不", "没", "没有", "不是", "不太", "无", "别", "不用", "不会")
GAP_WORDS = 2
GAP_HANZI = 5
NOT = "!"


@dataclass(frozen=True)
class _Match:
    idea: str
    start: int
    end: int


def stem_content_words(words: Iterable[str]) -> list[str]:
    """Return the stems of the words that carry meaning; negations count as one word, "not"."""
    return [
        "not" if word in NEGATORS else stem(word) for word in words if word not in FUNCTION_WORDS
    ]


def stem_all_words(words: Iterable[str]) -> list[str]:
    """Return the stems of all words but articles, for phrases made of small words only."""
    return [stem(word) for word in words if word not in ARTICLES]


def drop_particles(hanzi: str) -> str:
    """Return the run without its particles, which come and go with the mood."""
    return "".join(char for char in hanzi if char not in PARTICLES)


class Lexicon:
    """The ideas and the phrases that name them. Immutable; one is shared by every index."""

    def __init__(self, ideas: Mapping[str, Mapping[str, Any]]) -> None:
        self.words: set[str] = set()
        self.weak = frozenset(idea for idea, table in ideas.items() if table.get("weak", False))
        self._broader = {idea: tuple(table.get("broader", ())) for idea, table in ideas.items()}
        self._english: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._literal: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._chinese: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._sounds: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for idea, table in ideas.items():
            for phrase in table.get("en", ()):
                self._add_english(phrase, idea)
            for phrase in table.get("zh", ()):
                self._add_chinese(phrase, idea)

    def _add_english(self, phrase: str, idea: str) -> None:
        words = expand_all(tokenize(fold(phrase)))
        self.words.update(words)
        stems = tuple(stem_content_words(words))
        if len(words) > 1 and len(stems) < 2:
            literal = tuple(stem_all_words(words))
            self._literal[literal[0]].append((literal, idea))
        elif stems:
            self._english[min(stems, key=_rank_commonness)].append((stems, idea))
        else:
            raise ValueError(f"lexicon: {phrase!r} under {idea} has no word of weight")

    def _add_chinese(self, phrase: str, idea: str) -> None:
        if not has_hanzi(phrase):
            return self._add_english(phrase, idea)
        # Split before folding, which writes the sign for a gap as three full stops.
        parts = tuple(
            filter(None, (drop_particles(squash(fold(part))) for part in phrase.split("…")))
        )
        if not parts or len("".join(parts)) == 1 < len(phrase):
            raise ValueError(f"lexicon: {phrase!r} under {idea} has no character of weight")
        self._chinese[parts[0][:2]].append((parts, idea))
        if len(parts) == 1 and len(parts[0]) > 1:
            sounds = tuple(pinyin.soften(sound) for sound in pinyin.to_syllables(parts[0]))
            self._sounds[sounds[0], sounds[1]].append((sounds, idea))
        return None

    def find_in_words(self, words: Sequence[str]) -> frozenset[str]:
        """Return the ideas in English words, which are expanded and their spelling mended."""
        stems = stem_content_words(words)
        places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(stems):
            places[word].append(place)
        matches = [
            match
            for word in places
            for phrase, idea in self._english.get(word, ())
            for match in _match_phrase(phrase, idea, places, word)
        ]
        denials = [place for place, word in enumerate(stems) if word == "not"]
        return self._resolve_denials(matches, denials) | self._with_broader(
            self._find_literal(words)
        )

    def _find_literal(self, words: Sequence[str]) -> set[str]:
        stems = tuple(stem_all_words(words))
        return {
            idea
            for place, word in enumerate(stems)
            for phrase, idea in self._literal.get(word, ())
            if stems[place : place + len(phrase)] == phrase
        }

    def find_in_hanzi(self, hanzi: str) -> frozenset[str]:
        """Return the ideas in a run of simplified Chinese."""
        text = drop_particles(hanzi)
        starts = [*enumerate(text), *((n, text[n : n + 2]) for n in range(len(text) - 1))]
        matches = [
            match
            for place, start in starts
            if start in self._chinese
            for parts, idea in self._chinese[start]
            if (match := _match_parts(parts, idea, text, place)) is not None
        ]
        denied = {m.start for m in matches if text[max(0, m.start - 2) : m.start].endswith(DENIALS)}
        return self._resolve_denials(matches, [start - 1 for start in denied])

    def find_in_sounds(self, sounds: Sequence[str], least: int = 2) -> frozenset[str]:
        """Return the ideas in softened syllables, by phrases of `least` syllables or more."""
        found = {
            idea
            for place, pair in enumerate(pairwise(sounds))
            for phrase, idea in self._sounds.get(pair, ())
            if len(phrase) >= least and tuple(sounds[place : place + len(phrase)]) == phrase
        }
        return self._with_broader(found)

    def _resolve_denials(self, matches: list[_Match], denials: list[int]) -> frozenset[str]:
        """Return the ideas matched, with NOT before one that is only ever denied.

        A denial stands right before its match; `denials` are the places of all.
        """
        said: set[str] = set()
        denied: set[str] = set()
        for match in matches:
            before = match.start - 1 in denials
            (denied if before else said).add(match.idea)
        inside = {
            m.idea
            for m in matches
            if m.idea in denied and any(o.start < m.start and o.end >= m.end for o in matches)
        }
        negated = {NOT + idea for idea in denied - said - inside}
        return self._with_broader(said) | negated

    def _with_broader(self, ideas: set[str]) -> frozenset[str]:
        broader = {wide for idea in ideas for wide in self._broader[idea]}
        return frozenset(ideas | broader)


def _rank_commonness(word: str) -> tuple[bool, int]:
    return (word == "not", -len(word))


def _match_phrase(
    phrase: tuple[str, ...],
    idea: str,
    places: Mapping[str, list[int]],
    anchor: str,
) -> Iterable[_Match]:
    """Yield where all words of the phrase stand close together, in whatever order."""
    if any(word not in places for word in phrase):
        return
    reach = len(phrase) - 1 + (GAP_WORDS if len(phrase) > 1 else 0)
    for place in places[anchor][:4]:
        near = [_find_nearest(places[word], place) for word in phrase]
        if max(near) - min(near) <= reach:
            yield _Match(idea, min(near), max(near))


def _find_nearest(places: list[int], place: int) -> int:
    return min(places, key=lambda other: abs(other - place))


def _match_parts(parts: tuple[str, ...], idea: str, text: str, place: int) -> _Match | None:
    if not text.startswith(parts[0], place):
        return None
    end = place + len(parts[0])
    for part in parts[1:]:
        at = text.find(part, end, end + GAP_HANZI + len(part))
        if at < 0:
            return None
        end = at + len(part)
    return _Match(idea, place, end - 1)


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the lexicon that ships with Repmate."""
    return Lexicon(tomllib.loads(FILE.read_text(encoding="utf-8")))
