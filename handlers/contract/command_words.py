"""Splits a typed line into a command's word and what follows, whatever the word's spelling.

Width, case and traditional characters are evened out to compare; what follows stays as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kb.objections.normalise import HANZI, has_hanzi, simplify

LONGEST_GLUED = 6  # characters of a Chinese word that something follows without a space
_MARKS = " \t\r\n:：,，、;；.。!！~～…"
_ENDING = re.compile(r"(?:一下|吧|呢|啊|呀|哦|哈|啦|了|[\s:：,，、;；.。!！?？~～…])*\Z")
_PARTICLE = re.compile(r"\A(?:一下|了|过)")
_LATIN = re.compile(rf"([a-z]+)(?=[{HANZI}:,;])")
# A customer's sentence only begins like a command: 报价太高了, 推进不下去, 退回吧. The
# exceptions are names: 太平洋, 都市丽人.
_SENTENCE = re.compile(
    r"\A(?:太(?![平古原阳湖极仓空])|不(?!二)|没|很|得|吗|吧|呢|嘛|啊|么|也太|还是|有点|有没有|都(?![市城])"
    r"|就(?!业)|是不是|要是|能不能|可不可以|会不会|怎么|为什么|什么|哪|多少|慢|贵|\+?\d{7}|[高低]了|[高低]得|里说)"
)


def normalise_spelling(text: str) -> str:
    """Folds width, case and traditional characters to compare words; the length stays the same."""
    plain = "".join(_fold_character(char) for char in text)
    if not has_hanzi(plain):
        return plain
    simplified = simplify(plain)
    return simplified if len(simplified) == len(plain) else plain


def split_at_spaces(line: str) -> Iterator[tuple[str, str]]:
    """The line's first two words and first word as (opening, rest), longest first."""
    parts = line.split(maxsplit=2)
    if len(parts) >= 2:
        yield normalise_spelling(f"{parts[0]} {parts[1]}"), parts[2] if len(parts) > 2 else ""
    if parts:
        rest = line[len(parts[0]) :].strip()
        yield normalise_spelling(parts[0]).rstrip(_MARKS) or normalise_spelling(parts[0]), rest
        latin = _LATIN.match(normalise_spelling(parts[0]))
        if latin is not None:  # lead华为 3万
            yield latin[1], line[latin.end() :].strip(_MARKS)


def split_glued_word(line: str) -> Iterator[tuple[str, str]]:
    """Openings of a Chinese line and what follows at once, longest first: 备注华为已打电话."""
    plain = normalise_spelling(line[:LONGEST_GLUED])
    for length in range(min(LONGEST_GLUED, len(line)), 1, -1):
        if not plain[:length].isascii():
            yield plain[:length], line[length:]


def clean_rest(glued_on: str) -> str:
    """Strips particles and punctuation from what follows a command's word: `了，华为` -> 华为."""
    return _PARTICLE.sub("", glued_on).lstrip(_MARKS)


def is_sentence(glued_on: str) -> bool:
    """Whether what follows a word makes the whole a customer's sentence: 太高了 in 报价太高了."""
    return (
        _SENTENCE.match(normalise_spelling(_PARTICLE.sub("", glued_on)[:LONGEST_GLUED])) is not None
    )


def is_bare(rest: str) -> bool:
    """Whether nothing is said behind a word but a particle, as in 撤销一下."""
    return _ENDING.match(rest) is not None


def _fold_character(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).casefold()
    return plain if len(plain) == 1 else char
