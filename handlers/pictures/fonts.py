"""The fonts of pictures: every name is drawn by one that has its letters, and cut where it ends.

The fonts lie in `font_files`, so that a picture looks the same on every machine; its README says
what they are parts of. tests/fonts/subset.py makes them.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import regex  # type: ignore[import-untyped]  # ships no types
from matplotlib.font_manager import FontProperties, fontManager, get_font

FILES = Path(__file__).parent / "font_files"
LONGEST = 200  # characters of any text in a picture
MARKS = 2  # on one letter; more are there to spill over
ELLIPSIS = "…"
STAND_IN = "·"  # for a letter that no font of ours has
_JOINERS = frozenset("\u200d\ufe0f")
_GRAPHEMES = regex.compile(r"\X")
_LOOK_FIRST = ("Repmate Sans", "Repmate Sans CJK", "Repmate Emoji", "Repmate Sans Symbols")


@cache
def _files() -> dict[str, str]:
    """Where each family's font is, those asked first in front."""
    files = {str(path) for path in FILES.glob("*.?tf")}
    for path in sorted(files):
        fontManager.addfont(path)
    found = {entry.name: entry.fname for entry in fontManager.ttflist if entry.fname in files}
    first = [family for family in _LOOK_FIRST if family in found]
    return {family: found[family] for family in (*first, *sorted(found.keys() - {*first}))}


@cache
def _letters(family: str) -> frozenset[int]:
    return frozenset(get_font(_files()[family]).get_charmap())


@lru_cache(maxsize=16384)
def family_of(letter: str) -> str:
    """The family that has this letter; empty where none has."""
    return next((family for family in _files() if ord(letter) in _letters(family)), "")


def replace_undrawable(text: str) -> str:
    """The text on one line, without what no font can draw or what draws outside of its place."""
    letters: list[str] = []
    marks = 0
    for letter in " ".join(text[: LONGEST * 2].split()):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if (kind[0] == "C" and letter not in _JOINERS) or marks > MARKS:
            continue
        if letter in _JOINERS:
            letters.append(letter)
        else:
            letters.append(letter if family_of(letter) else STAND_IN)
    return "".join(letters)[:LONGEST]


def families(text: str) -> list[str]:
    """The families that the text's letters need, the first asked first."""
    needed = {family_of(letter) for letter in text if letter not in _JOINERS}
    return [family for family in _files() if family in needed] or [next(iter(_files()))]


def font(text: str) -> FontProperties:
    """The font to draw the text with."""
    return FontProperties(family=families(text))


@lru_cache(maxsize=16384)
def _advance(letter: str) -> float:
    """How wide a letter is, as a share of the font's size."""
    family = family_of(letter)
    if not family or letter in _JOINERS or unicodedata.category(letter) in ("Mn", "Me"):
        return 0.0
    drawn = get_font(_files()[family])
    drawn.set_size(100, 72)
    return float(drawn.load_char(ord(letter)).linearHoriAdvance) / 65536 / 100


def width(text: str, size: float) -> float:
    """How wide the text is at this size, in the size's unit; never less than it is drawn."""
    return sum(map(_advance, text)) * size


def shorten_to_width(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than `room`."""
    text = replace_undrawable(text)
    if width(text, size) <= room:
        return text
    beginning, left = "", room - width(ELLIPSIS, size)
    for grapheme in _GRAPHEMES.findall(text):
        left -= width(grapheme, size)
        if left < 0:
            break
        beginning += grapheme
    return beginning.rstrip() + ELLIPSIS
