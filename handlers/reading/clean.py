"""Cleans a line to be stored, folds a text to be read, and removes what was read from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from kb.objections.exchange.tidy import drop_unseen
from kb.objections.normalise import has_hanzi, simplify

LONGEST = 10_000  # characters of one message that are read at all

Span = tuple[int, int]

_SPACES = re.compile(r"\s+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) != "，"}
_ONE_FOR_ONE = str.maketrans(
    {
        "\u3000": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2018": "'",
        "\u2019": "'",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u301c": "~",
        "\uffe5": "\u00a5",
        "\uffe1": "\u00a3",
        "、": ";",
        "，": ";",
        "。": ".",
    }
)
_LOOSE = " ,，、;；"
_THOUSANDS = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_LONE = re.compile("[\ud800-\udfff]")


def clean_text(text: str, limit: int) -> str:
    """One line of at most `limit` characters: NFC, no unseen characters, spaces folded.

    Control, zero-width and bidi override characters are dropped, but not what joins an emoji or a
    word; line breaks become spaces, and a lone surrogate becomes U+FFFD.
    """
    # Composing a long run of combining marks takes quadratic time, hence the first cut.
    seen = drop_unseen(text[: max(limit, 1) * 4])
    composed = unicodedata.normalize("NFC", _SPACES.sub(" ", seen).strip())
    return drop_unseen(composed[:limit]).strip()  # the cut may have left half of an emoji


def fold_in_place(text: str) -> str:
    """The text in lower case, half width and simplified Chinese, each character in its old place.

    So a span found here is a span of the text as typed. At most LONGEST characters are kept.
    """
    plain = _THOUSANDS.sub(",", _LONE.sub("\ufffd", text[:LONGEST]))
    plain = plain.translate(_FULL_WIDTH).translate(_ONE_FOR_ONE)
    lowered = _convert_in_place(plain, str.lower)
    return _convert_in_place(lowered, simplify) if has_hanzi(lowered) else lowered


def _convert_in_place(text: str, change: Callable[[str], str]) -> str:
    """`change` applied to the whole text, or, where that would move characters, to each alone."""
    whole = change(text)
    if len(whole) == len(text):
        return whole
    singly = (change(char) for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, singly, strict=True))


def remove_spans(text: str, spans: Iterable[Span]) -> str:
    """What is left of the text once the spans are cut out, with loose separators tidied."""
    left, at = [], 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        part = text[at:start].rstrip(_LOOSE) if start < len(text) else text[at:start]
        left.append(part.lstrip(_LOOSE + ":：.。") if at else part)
        at = max(at, end)
    return _join_parts([part.strip() for part in left if part.strip()])


def _join_parts(parts: list[str]) -> str:
    line = ""
    for part in parts:
        apart = bool(line) and (line[-1].isascii() or part[0].isascii())
        line += f" {part}" if apart else part
    return line
