"""The features of a text by which it is matched: its words, letter groups, sounds and ideas."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kb.objections import pinyin
from kb.objections.english import FUNCTION_WORDS, NEGATORS, expand_all, stem
from kb.objections.lexicon import Lexicon
from kb.objections.normalise import fold, squash, tokenize
from kb.objections.normalise import has_hanzi as any_hanzi
from kb.objections.spelling import Spelling

MAX_TERMS = 400  # of one sort, of one text
MAX_ANSWER = 600  # characters of a card's answer
MAX_CHINESE = 400  # characters that are searched for ideas
LIGHT_HANZI = frozenset(
    "的了啊呢吧嘛呗哦呀吗呃嗯哈啦我你您他她它们是这那个就都也还有在和跟要会能说到给一些下点很太"
)
DENIALS = frozenset("不没无别未非")
# Asked of each word several times over.
has_hanzi = lru_cache(maxsize=8192)(any_hanzi)
_INITIALS = re.compile(r"[b-df-hj-np-tw-zaeo]{2,12}")


@dataclass(frozen=True)
class TextFeatures:
    """What a query or a wording is matched by."""

    joined: str  # letters, digits and characters alone, to be compared letter by letter
    spaced: str  # words and single characters with blanks between, to be compared word by word
    words: tuple[str, ...]  # stems, function words with a ~, Chinese characters and their pairs
    grams: tuple[str, ...]  # groups of three letters or characters
    sounds: tuple[str, ...]  # softened pinyin syllables, and their pairs
    initials: str  # the first letters of the syllables, or what may be such letters
    ideas: frozenset[str]  # of the lexicon
    denied: bool  # whether it holds a negation
    hanzi: bool  # whether it holds Chinese characters


def extract_features(
    text: str, lexicon: Lexicon, spelling: Spelling | None = None, by_ear: bool = True
) -> TextFeatures:
    """Return the features of a text; with a spelling, unknown words are first mended.

    A query is given a spelling, and its Latin words may also be pinyin; a card's wording is given
    none. A pasted mail is not read `by_ear`: it was not typed by sound.
    """
    folded = fold(text)
    raw = tokenize(folded)
    latin = _expand_latin(raw, spelling)
    runs = [piece for piece in raw if has_hanzi(piece)]
    syllables = _find_syllables(raw, typed=spelling is not None) if by_ear else []
    sounds = [pinyin.soften(syllable) for syllable in syllables]
    hanzi = "".join(runs)
    joined = squash(folded)
    return TextFeatures(
        joined=joined,
        spaced=" ".join([*latin, *map(" ".join, runs)]),
        words=_drop_repeats([*map(_make_term, latin), *_split_hanzi(runs)]),
        grams=_drop_repeats(_make_grams(raw)),
        sounds=_drop_repeats(_add_pairs(sounds)),
        initials=_find_initials(raw, spelling) if spelling else pinyin.to_initials(syllables),
        ideas=_find_ideas(
            latin, joined if runs else "", sounds, lexicon, typed=spelling is not None
        ),
        denied=any(word in NEGATORS for word in latin) or not DENIALS.isdisjoint(hanzi),
        hanzi=bool(runs),
    )


@lru_cache(maxsize=4096)
def extract_wording_features(wording: str, lexicon: Lexicon) -> TextFeatures:
    """Return the features of a card's wording; cached, for teams begin with the same cards."""
    return extract_features(wording, lexicon)


@lru_cache(maxsize=1024)
def extract_answer_terms(text: str) -> tuple[str, ...]:
    """Return the terms of a card's answer, which now and then name what a query is about."""
    raw = tokenize(fold(text[:MAX_ANSWER]))
    runs = [piece for piece in raw if has_hanzi(piece)]
    return _drop_repeats([*map(_make_term, _expand_latin(raw, None)), *_split_hanzi(runs)])


@lru_cache(maxsize=65536)
def weigh_term(term: str) -> float:
    """Return how much a word term counts before its rarity: a function word counts little."""
    if term.startswith("~"):
        return 0.2
    if term and all(char in LIGHT_HANZI for char in term):
        return 0.25 if len(term) == 1 else 0.4
    return 0.5 if len(term) == 1 and has_hanzi(term) else 1.0


def _make_term(word: str) -> str:
    if word in NEGATORS:
        return "~not"
    return f"~{word}" if word in FUNCTION_WORDS else stem(word)


def _expand_latin(raw: list[str], spelling: Spelling | None) -> list[str]:
    words = expand_all(piece for piece in raw if not has_hanzi(piece))
    if spelling is None or not words:
        return words
    return expand_all([*map(spelling.mend, words[:-1]), spelling.finish(words[-1])])


def _split_hanzi(runs: list[str]) -> list[str]:
    singles = [char for run in runs for char in run]
    pairs = [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
    return singles + pairs


def _make_grams(raw: list[str]) -> list[str]:
    """Return letter trigrams, across word breaks too, since speech and haste misplace them."""
    joined = "".join(raw)
    starts = [f"_{piece[:2]}" for piece in raw if not has_hanzi(piece)]
    return starts + [joined[i : i + 3] for i in range(max(1, len(joined) - 2))]


def _find_syllables(raw: list[str], typed: bool) -> list[str]:
    found: list[str] = []
    for piece in raw:
        if has_hanzi(piece):
            found.extend(pinyin.to_syllables(piece))
        elif typed and piece not in FUNCTION_WORDS:
            found.extend(pinyin.split_syllables(piece))
    return found


def _add_pairs(sounds: list[str]) -> list[str]:
    return sounds + [f"{one} {two}" for one, two in pairwise(sounds)]


def _find_initials(raw: list[str], spelling: Spelling) -> str:
    """Return what may be pinyin initials: a short run of letters that is no word in use."""
    typed = "".join(raw)
    if len(raw) > 2 or not _INITIALS.fullmatch(typed) or any(map(spelling.knows, raw)):
        return ""
    return typed


def _find_ideas(
    latin: list[str], chinese: str, sounds: list[str], lexicon: Lexicon, typed: bool
) -> frozenset[str]:
    ideas = lexicon.find_in_words(latin) | lexicon.find_in_hanzi(chinese[:MAX_CHINESE])
    if not typed:
        return ideas
    # Two syllables by sound alone are too easily something else where characters were typed.
    return ideas | lexicon.find_in_sounds(sounds, least=3 if chinese else 2)


def _drop_repeats(terms: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms[: MAX_TERMS * 2]))[:MAX_TERMS]
