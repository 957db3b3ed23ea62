"""Splits a line into the name it speaks of and the rest: `acme called, wants a demo`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz import fuzz, process

from handlers.reading.clean import Span, fold_in_place, remove_spans
from handlers.reading.names.name_forms import fold
from handlers.reading.names.name_index import (
    CORE,
    FITS,
    MARGIN,
    PART,
    Match,
    NameIndex,
    NameMatches,
)
from kb.objections.normalise import HANZI, has_hanzi

LONGEST_RUN = 8  # words of a name, and in front as many Chinese characters more
LINE_CHARACTERS = 2_000  # a name stands near the beginning of a line
SURE_RUN = 95.0  # a leading run below it gives way to a name that stands further on in full
NEAR_WORD = 86.0  # how near a mistyped word of a sentence must be to a whole name
_MOST_WORDS = 16  # words of a line that are compared one by one
_SHORTEST_WORD = 3
_SHORTEST_SLIP = 5
_WORD = re.compile(r"\S+")
_LATIN = re.compile(rf"[^\W_{HANZI}]+(?:['.][^\W_{HANZI}]+)*")
_DROPPED = str.maketrans("", "", "'.")  # as folding a name drops them: O'Neil, S.A.
_BREAK = re.compile(r"[,;:!?，。；：！？、]\Z")
EDGES = " \t\r\n,，:：;；.。、!！-–—"
_BEFORE = re.compile(r"(?:给|跟|和|向|对|找|与|联系)\Z")
_SPOKEN_TO = re.compile(r"给|跟|向|找|约|联系|拜访|通知|把")
_ACCENTED = re.compile(r"[^\x00-\x7f]")

# Words of any line: on their own they name nobody, even where a name begins with them.
COMMON_WORDS = frozenset(
    """
    a about add after again all an and any are as ask at back be been before book but by call called
    can card chat check close contact contract could day deal demo do done down email first fix
    follow for free friday from get go good had has have he help her him his hot how i if in is it
    its just know lead let like look lost lunch mail make may me meet meeting monday more move my
    need needs new next no not note now of off offer ok on one open or order our out pay phone pitch
    plan please price prepare prepared proposal quote ready remind reply review saturday say see
    send sent she show sign so some soon start stop sunday talk tell than thanks that the their them
    then there they this thursday time to today tomorrow too trial try tuesday up update us very
    visit wait want wants was we wednesday week well were what when which who will win with won
    would write yes you your
    """.split()
)

Scores = dict[int, tuple[float, str]]


@dataclass(frozen=True)
class NameSplit:
    """A line split into a name and the rest."""

    match: NameMatches  # what the name finds
    rest: str  # as it was typed, without the name


def split_name(text: str, index: NameIndex) -> NameSplit:
    """The longest convincing leading run of words that names an entry, else one named anywhere.

    A name spelt out further on goes before a guess at the first words. Where neither is there,
    the whole text is taken as a name that is not known.
    """
    leading = _find_leading(text, index)
    if leading is not None and leading.match.best[0].score >= SURE_RUN:
        return leading
    inside = _find_inside(text[:LINE_CHARACTERS], index)
    return inside or leading or _guess(text, index)


def _guess(text: str, index: NameIndex) -> NameSplit:
    """The names nearest to the whole line; not sure where it begins with a common word."""
    found = index.find(text)
    first = fold(text).split(" ", 1)
    sure = found.sure and not (len(first) == 1 and first[0] in COMMON_WORDS)
    return NameSplit(NameMatches(found.best, sure=sure, ambiguous=found.ambiguous), text.strip())


def _find_leading(text: str, index: NameIndex) -> NameSplit | None:
    best: NameSplit | None = None
    score, plain = FITS, ""
    for end in _list_ends(text):
        run = text[:end].strip(EDGES)
        if fold(run) == plain:  # a mark behind a name is no part of it
            continue
        plain = fold(run)
        found = index.find(run)
        least = CORE if plain in COMMON_WORDS else score
        if found.best and found.best[0].score >= max(least, score):
            score = found.best[0].score
            best = NameSplit(found, text[end:].strip(EDGES))
    return best


def _list_ends(text: str) -> Iterator[int]:
    """Where a name at the beginning may end: behind a word, or a character of a Chinese one."""
    for count, word in enumerate(_WORD.finditer(text, 0, LINE_CHARACTERS)):
        if count == 0 and has_hanzi(word[0]):
            yield from range(word.start() + 2, min(word.end(), word.start() + 2 * LONGEST_RUN))
        yield word.end()
        if count + 1 == LONGEST_RUN or _BREAK.search(word[0]):
            return


def _find_inside(text: str, index: NameIndex) -> NameSplit | None:
    """A name that stands in the line: in full, by a word, by its sound, or with a slip."""
    plain = _fold_line(text)
    for found in (_match_in_full, _match_beginning, _match_words, _match_sound, _match_slip):
        named = found(plain, index)
        if named is not None:
            scores, words = named
            return NameSplit(_rank(scores, index), _remove_name(text, plain, words))
    return None


def _rank(scores: Scores, index: NameIndex) -> NameMatches:
    ranked = sorted(scores.items(), key=lambda each: (-each[1][0], each[0]))[:3]
    best = tuple(Match(key, index.names[key], *score) for key, score in ranked)
    clear = len(best) == 1 or best[0].score - best[1].score > MARGIN
    return NameMatches(best, sure=clear, ambiguous=not clear)


def _match_in_full(plain: str, index: NameIndex) -> tuple[Scores, str] | None:
    """The longest name that stands in the line letter for letter."""
    line = f" {' '.join(_list_latin_words(plain))} "
    there: dict[int, str] = {}
    for key, form in index.forms.items():
        core = form.brand or form.core
        if len(core) > 1 and core not in COMMON_WORDS and _is_in_line(core, line, plain):
            there[key] = core
    longest = max(there.values(), key=len, default="")
    if not longest:
        return None
    winners = [key for key, core in there.items() if core == longest]
    return dict.fromkeys(winners, (PART, "inside")), longest


def _is_in_line(core: str, line: str, plain: str) -> bool:
    return core in plain if has_hanzi(core) else f" {core} " in line


def _match_beginning(plain: str, index: NameIndex) -> tuple[Scores, str] | None:
    """The Chinese name that begins as the line goes on behind 给, 找 and the like: 给阿里发合同."""
    longest, winners = "", list[int]()
    for spoken in _SPOKEN_TO.finditer(plain):
        after = plain[spoken.end() : spoken.end() + 2 * LONGEST_RUN]
        for key, form in index.forms.items():
            begun = _get_common_beginning(form.core, after)
            if len(begun) > max(1, len(longest) - 1) and has_hanzi(begun):
                winners = [*winners, key] if begun == longest else [key]
                longest = begun
    return (dict.fromkeys(winners, (PART - 1, "inside")), longest) if winners else None


def _get_common_beginning(one: str, other: str) -> str:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(char for char, _same in pairs)


def _match_words(plain: str, index: NameIndex) -> tuple[Scores, str] | None:
    """The longest run of the line's words that are all words of one name: "call blue sky"."""
    words = [word for word in _list_latin_words(plain) if len(word) >= _SHORTEST_WORD]
    best: tuple[Scores, str] | None = None
    for start in range(min(len(words), _MOST_WORDS)):
        for run in (words[start : start + length] for length in (1, 2, 3)):
            keys = set.intersection(*(set(index.words.get(word, ())) for word in run))
            if not keys or all(word in COMMON_WORDS for word in run):
                break
            if best is None or len(" ".join(run)) > len(best[1]):
                best = (dict.fromkeys(keys, (PART - 1, "part")), " ".join(run))
    return best


def _match_sound(plain: str, index: NameIndex) -> tuple[Scores, str] | None:
    for word in _list_uncommon_words(plain):
        scores = index.score_by_sound(word)
        exact = {key: score for key, score in scores.items() if score[0] >= PART - 2}
        if exact:
            return exact, word
    return None


def _match_slip(plain: str, index: NameIndex) -> tuple[Scores, str] | None:
    cores = {key: form.core for key, form in index.forms.items()}
    for word in _list_uncommon_words(plain):
        if len(word) < _SHORTEST_SLIP:
            continue
        near = process.extract(word, cores, scorer=fuzz.ratio, score_cutoff=NEAR_WORD, limit=3)
        if near:
            return {key: (ratio * 0.9, "slip") for _core, ratio, key in near}, word
    return None


def _list_uncommon_words(plain: str) -> list[str]:
    words = [
        word for word in _list_latin_words(plain) if len(word) > 1 and word not in COMMON_WORDS
    ]
    return words[:_MOST_WORDS]


def _list_latin_words(plain: str) -> list[str]:
    return [word.translate(_DROPPED) for word in _LATIN.findall(plain)]


def _fold_line(text: str) -> str:
    """The line in lower case without accents, each character in its old place."""
    return _ACCENTED.sub(lambda char: _strip_accent(char[0]), fold_in_place(text))


def _strip_accent(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0].casefold()
    return base if len(base) == 1 else char


def _remove_name(text: str, plain: str, words: str) -> str:
    """The line without the name."""
    joined = r"[\W_]{0,3}".join("['.]?".join(map(re.escape, word)) for word in words.split())
    edges = ("", "") if has_hanzi(words) else (rf"(?<![^\W{HANZI}])", rf"(?![^\W{HANZI}])")
    found = re.search(edges[0] + joined + edges[1], plain)
    if found is None:
        return text.strip()
    before = _BEFORE.search(text, 0, found.start())
    span: Span = (before.start() if before else found.start(), found.end())
    return remove_spans(text, [span]).strip(EDGES)
