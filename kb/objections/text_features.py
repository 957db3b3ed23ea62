"""One wording seen in every way it may be matched: words, n-grams, sound, ideas."""

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

MAX_TERMS = 400
MAX_ANSWER = 600
MAX_CHINESE = 400
LIGHT_HANZI = frozenset(
    "的了啊呢吧嘛呗哦呀吗呃嗯哈啦我你您他她它们是这那个就都也还有在和跟要会能说到给一些下点很太"
)
DENIALS = frozenset("不没无别未非")
# Asked of each word several times over.
has_hanzi = lru_cache(maxsize=8192)(any_hanzi)
_HURRIED = re.compile(r"[b-df-hj-np-tw-zaeo]{2,12}")


@dataclass(frozen=True)
class TextFeatures:
    """A wording taken apart. `spaced` is for word-wise fuzzy matching, `joined` for letter-wise."""

    joined: str
    spaced: str
    words: tuple[str, ...]
    grams: tuple[str, ...]
    sounds: tuple[str, ...]
    initials: str
    ideas: frozenset[str]
    denied: bool
    hanzi: bool


def extract_features(
    text: str, lexicon: Lexicon, spelling: Spelling | None = None, by_ear: bool = True
) -> TextFeatures:
    """Return the form of a wording; with a spelling, unknown words are first mended.

    A query is taken apart with a spelling, so that its Latin words may also be pinyin; a card's
    wording without one. Pasted mails are not taken `by_ear`: they were not typed by sound.
    """
    folded = fold(text)
    raw = tokenize(folded)
    latin = _latin(raw, spelling)
    runs = [piece for piece in raw if has_hanzi(piece)]
    spoken = _spoken(raw, typed=spelling is not None) if by_ear else []
    sounds = [pinyin.soften(sound) for sound in spoken]
    hanzi = "".join(runs)
    joined = squash(folded)
    return TextFeatures(
        joined=joined,
        spaced=" ".join([*latin, *_apart(runs)]),
        words=_unique([*map(_word, latin), *_hanzi_words(runs)]),
        grams=_unique(_grams(raw)),
        sounds=_unique(_shingles(sounds)),
        initials=_hurried(raw, spelling) if spelling else pinyin.to_initials(spoken),
        ideas=_ideas(latin, joined if runs else "", sounds, lexicon, heard=spelling is not None),
        denied=any(word in NEGATORS for word in latin) or not DENIALS.isdisjoint(hanzi),
        hanzi=bool(runs),
    )


@lru_cache(maxsize=4096)
def extract_wording_features(wording: str, lexicon: Lexicon) -> TextFeatures:
    """Return a card's wording taken apart; kept, for teams that begin with the same cards."""
    return extract_features(wording, lexicon)


@lru_cache(maxsize=1024)
def extract_answer_terms(text: str) -> tuple[str, ...]:
    """Return the words of a card's answer, which now and then name what a query is about."""
    raw = tokenize(fold(text[:MAX_ANSWER]))
    runs = [piece for piece in raw if has_hanzi(piece)]
    return _unique([*map(_word, _latin(raw, None)), *_hanzi_words(runs)])


@lru_cache(maxsize=65536)
def weigh_term(term: str) -> float:
    """Return how much a word term counts before its rarity: a function word counts little."""
    if term.startswith("~"):
        return 0.2
    if term and all(char in LIGHT_HANZI for char in term):
        return 0.25 if len(term) == 1 else 0.4
    return 0.5 if len(term) == 1 and has_hanzi(term) else 1.0


def _word(word: str) -> str:
    if word in NEGATORS:
        return "~not"
    return f"~{word}" if word in FUNCTION_WORDS else stem(word)


def _latin(raw: list[str], spelling: Spelling | None) -> list[str]:
    words = expand_all(piece for piece in raw if not has_hanzi(piece))
    if spelling is None or not words:
        return words
    return expand_all([*map(spelling.mend, words[:-1]), spelling.finish(words[-1])])


def _apart(runs: list[str]) -> list[str]:
    return [" ".join(run) for run in runs]


def _hanzi_words(runs: list[str]) -> list[str]:
    singles = [char for run in runs for char in run]
    pairs = [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
    return singles + pairs


def _grams(raw: list[str]) -> list[str]:
    """Return letter trigrams, across word breaks too, since speech and haste misplace them."""
    joined = "".join(raw)
    starts = [f"_{piece[:2]}" for piece in raw if not has_hanzi(piece)]
    return starts + [joined[i : i + 3] for i in range(max(1, len(joined) - 2))]


def _spoken(raw: list[str], typed: bool) -> list[str]:
    found: list[str] = []
    for piece in raw:
        if has_hanzi(piece):
            found.extend(pinyin.to_syllables(piece))
        elif typed and piece not in FUNCTION_WORDS:
            found.extend(pinyin.split_syllables(piece))
    return found


def _shingles(sounds: list[str]) -> list[str]:
    return sounds + [f"{one} {two}" for one, two in pairwise(sounds)]


def _hurried(raw: list[str], spelling: Spelling) -> str:
    """Return what may be pinyin initials: a short run of letters that is no word in use."""
    typed = "".join(raw)
    if len(raw) > 2 or not _HURRIED.fullmatch(typed) or any(map(spelling.knows, raw)):
        return ""
    return typed


def _ideas(
    latin: list[str], chinese: str, sounds: list[str], lexicon: Lexicon, heard: bool
) -> frozenset[str]:
    seen = lexicon.find_in_words(latin) | lexicon.find_in_hanzi(chinese[:MAX_CHINESE])
    # Two syllables by sound alone are too easily something else where characters were typed.
    return seen | lexicon.find_in_sounds(sounds, least=3 if chinese else 2) if heard else seen


def _unique(terms: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms[: MAX_TERMS * 2]))[:MAX_TERMS]
