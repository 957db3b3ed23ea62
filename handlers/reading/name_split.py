"""Cuts a line into the name it speaks of and the rest: `acme called, wants a demo`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.name_forms import fold
from handlers.reading.names import FITS, PART, Found, Match, NameIndex

LONGEST_RUN = 8  # words of a name
LINE_CHARACTERS = 2_000  # a name stands near the beginning of what is said
SURE_RUN = 85.0  # a leading run below it gives way to a name that stands further on in full
_WORD = re.compile(r"\S+")
_EDGES = " \t\r\n,，:：;；.。、!！-–—"
_BEFORE = ("给", "跟", "和", "向", "对", "找", "与", "联系")


@dataclass(frozen=True)
class NameSplit:
    """What a line's name finds, and the rest of the line as it was typed."""

    match: Found
    rest: str


def split_name(text: str, index: NameIndex) -> NameSplit:
    """The longest convincing leading run of words that names an entry, else one named anywhere.

    Where neither is there, the whole text is taken as a name that is not known.
    """
    leading = _leading(text, index)
    if leading is not None and leading.match.best[0].score >= SURE_RUN:
        return leading
    inside = _inside(text, index)
    return inside or leading or NameSplit(index.find(text), text.strip())


def _leading(text: str, index: NameIndex) -> NameSplit | None:
    best: NameSplit | None = None
    score = FITS
    for word in list(_WORD.finditer(text[:LINE_CHARACTERS]))[:LONGEST_RUN]:
        found = index.find(text[: word.end()].strip(_EDGES))
        if found.best and found.best[0].score >= score:
            score = found.best[0].score
            best = NameSplit(found, text[word.end() :].strip(_EDGES))
    return best


def _inside(text: str, index: NameIndex) -> NameSplit | None:
    """A name that stands in full somewhere in the line; the longest one wins."""
    line = f" {fold_line(text)} "
    there = {
        key: form.core
        for key, form in index.forms.items()
        if len(form.core) > 1 and _stands_in(form.core, line)
    }
    if not there:
        return None
    longest = max(len(core) for core in there.values())
    winners = [key for key, core in there.items() if len(core) == longest]
    best = tuple(Match(key, index.names[key], PART, "inside") for key in winners[:3])
    rest = _without(text, there[winners[0]])
    return NameSplit(Found(best, sure=len(best) == 1, ambiguous=len(best) > 1), rest)


def fold_line(text: str) -> str:
    """The line folded as names are, as far as a name is looked for in it."""
    parts = [text[at : at + 200] for at in range(0, min(len(text), LINE_CHARACTERS), 200)]
    return " ".join(fold(part) for part in parts)


def _stands_in(core: str, line: str) -> bool:
    return f" {core} " in line if core.isascii() else core in line


def _without(text: str, core: str) -> str:
    """The line without the name, where it was typed letter for letter; else as it was."""
    at = text.casefold().find(core)
    if at < 0 or len(text.casefold()) != len(text):
        return text.strip()
    before, after = text[:at], text[at + len(core) :]
    for word in _BEFORE:
        before = before.removesuffix(word)
    return f"{before.strip(_EDGES)} {after.strip(_EDGES)}".strip()
