"""Find queries that ask for the same thing in other words, to group gaps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from kb.objections import lexicon
from kb.objections.normalise import fold, has_hanzi
from kb.objections.text_features import LIGHT_HANZI, extract_features

SAME_WORD = 82.0  # of 100, by RapidFuzz: a slip of the thumb, but not "online" for "offline"
MIN_LETTERS = 4  # letters: a shorter word is near to too many
SAME_WORDS = 0.8  # share of the shorter query's words that the longer one has
NOT_MUCH_ELSE = 0.5  # share of the words of both that they have in common
READ = 300  # characters of a query
COMPARED = 24  # words and characters of a query, the first
# How one asks whether there is something, whatever it is: 能不能…, …可以吗, 你们支持…不.
_ASKING = LIGHT_HANZI | frozenset("能可以吗们您请问让帮想需支持")
_EITHER_OR = re.compile(r"(.)[不没](?=\1)|[不没]有?$")


@dataclass(frozen=True)
class ComparedQuery:
    """A query as it is compared with others."""

    words: frozenset[str]  # words and characters of weight
    joined: str  # those in their order, without blanks
    ideas: frozenset[str]  # of the lexicon
    denied: bool  # whether it holds a negation
    hanzi: bool  # whether it holds Chinese characters


def find_similar(query: str, others: Sequence[str]) -> int | None:
    """Return the place of the most similar query that asks for the same as this one; else None.

    Work grows with the number of `others`, not with their length: READ characters of each count.
    """
    mine = _prepare(query[:READ])
    scores = [_compare(mine, _prepare(other[:READ])) for other in others]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] > 0 else None


def _compare(one: ComparedQuery, other: ComparedQuery) -> float:
    """Return how similar two queries are, up to 1; 0 where they ask for different things."""
    if one.joined == other.joined:
        return 1.0 if one.joined and one.denied == other.denied else 0.0
    if one.denied != other.denied:
        return 0.0
    if one.hanzi != other.hanzi:  # across languages only ideas can be compared
        return NOT_MUCH_ELSE if one.ideas and one.ideas == other.ideas else 0.0
    return _compare_words(one.words, other.words)


def _compare_words(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Return the share of words in common; 0 where it is too small."""
    few, many = sorted((mine, theirs), key=len)
    shared = len(few & many)
    shared += sum(1 for word in few - many if _is_near_any(word, many - few))
    every = len(few) + len(many) - shared
    if not few or shared < SAME_WORDS * len(few) or shared < NOT_MUCH_ELSE * every:
        return 0.0
    return shared / every


def _is_near_any(word: str, others: frozenset[str]) -> bool:
    return len(word) >= MIN_LETTERS and any(
        len(other) >= MIN_LETTERS
        and not (word + other).isdigit()
        and fuzz.ratio(word, other, score_cutoff=SAME_WORD) > 0
        for other in others
    )


@lru_cache(maxsize=1024)
def _prepare(text: str) -> ComparedQuery:
    known = lexicon.load_lexicon()
    form = extract_features(
        _EITHER_OR.sub(r"\1", fold(text).rstrip("?？!！。. ")), known, by_ear=False
    )
    latin = [word for word in form.words if not word.startswith("~") and not has_hanzi(word)]
    signs = [each for each in form.words if len(each) == 1 and has_hanzi(each)]
    words = (*latin, *(sign for sign in signs if sign not in _ASKING))
    every = (words or form.words)[:COMPARED]  # a query of small words only is compared by those
    return ComparedQuery(
        words=frozenset(every),
        joined="".join(every),
        ideas=form.ideas - known.weak,
        denied=form.denied,
        hanzi=form.hanzi,
    )
