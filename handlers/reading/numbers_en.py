"""Reads English number words: half a million, two and a half thousand, twenty-five grand."""

from __future__ import annotations

import re
from decimal import Decimal

SCALES = {
    "hundred": 100, "thousand": 1000, "grand": 1000, "lakh": 100_000,
    "million": 1_000_000, "mil": 1_000_000, "crore": 10_000_000, "billion": 1_000_000_000,
}  # fmt: skip
_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_ONE = {**_SMALL, **_TENS, "couple": 2}
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_FILLERS = {"a", "an", "and", "of", ""}
_COUNT = "|".join([*sorted(_ONE, key=len, reverse=True), *_PARTS])
_WORD = f"{_COUNT}|{'|'.join(SCALES)}"
_JOIN = r"(?:[ -](?:of (?:a )?|and (?:a )?|a )?)"

WORDS = (
    rf"(?:an? (?:{_WORD})|{_COUNT})(?![a-z])(?:{_JOIN}(?:{_WORD})(?![a-z])s?){{0,8}}(?:s\b)?"
    r"(?: and a half)?"
)
_SPLIT = re.compile(r"[ -]+")


def read_english_number(text: str) -> Decimal | None:
    """The value of English number words; None if any word is not one of them."""
    words = [word for word in _SPLIT.split(text.strip()) if word not in _FILLERS]
    total, current, last = Decimal(0), Decimal(0), 1  # `last` is the last scale before this word
    for word in words:
        scale = SCALES.get(word.removesuffix("s"))
        if scale is not None:
            current, last = (current or Decimal(1)) * scale, scale
            if scale > 100:
                total, current = total + current, Decimal(0)
        elif word in _PARTS:
            current += _PARTS[word] * (1 if current or not total else last)
        elif word in _ONE:
            current += _ONE[word]
        else:
            return None
    return total + current if words else None
