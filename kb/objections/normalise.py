"""Normalise texts to the one form in which queries and phrasings are compared."""

import re
import unicodedata
from functools import lru_cache
from typing import Protocol

MAX_CHARS = 4096
HANZI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_HAS_HANZI = re.compile(f"[{HANZI}]")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u0060\u00b4\u2032", "'"))
# What may carry marks, or be one: not Latin without accents, common characters and their stops.
_UNUSUAL = re.compile("[^\\x00-\\x7f\\u4e00-\\u9fff\\u3001\\u3002]")
_REPEATS = re.compile(r"(\w)\1{2,}")
_TOKEN = re.compile(rf"[{HANZI}]+|[^\W{HANZI}_]+(?:'[^\W{HANZI}_]+)*")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def simplify(text: str) -> str:
    """The text with simplified Chinese characters for traditional ones."""
    return _load_simplifier().convert(text)


@lru_cache(maxsize=1)
def _load_simplifier() -> _Converter:
    import opencc  # noqa: PLC0415  # 20 ms of tables, needed only where Chinese is met

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def has_hanzi(text: str) -> bool:
    """Return whether the text holds at least one Chinese character."""
    return _HAS_HANZI.search(text) is not None


def fold(text: str) -> str:
    """Return the text in its plainest spelling, at most MAX_CHARS characters.

    Width and ligatures (NFKC), case, accents, curly apostrophes, traditional characters and
    letters held down ("soooo") are all evened out. Punctuation stays, for the clauses.
    """
    # NFKC may make eighteen characters of one, hence the second cut.
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARS].translate(_APOSTROPHES))
    plain = plain[:MAX_CHARS].casefold()
    if _UNUSUAL.search(plain):
        plain = _drop_marks(plain)
    if has_hanzi(plain):
        plain = simplify(plain)
    return _REPEATS.sub(_shorten, plain)[:MAX_CHARS]


def _drop_marks(text: str) -> str:
    # Format characters (zero width, direction marks) and lone surrogates would split words unseen.
    kept = (
        char
        for char in unicodedata.normalize("NFD", text)
        if unicodedata.category(char) not in ("Mn", "Me", "Cf", "Cs")
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _shorten(match: re.Match[str]) -> str:
    char = match[1]
    if char.isdigit():
        return match[0]
    return char if has_hanzi(char) else char * 2


def tokenize(folded: str) -> list[str]:
    """Split a folded text into words and runs of Chinese characters; all else is dropped."""
    return _TOKEN.findall(folded)


def squash(folded: str) -> str:
    """Return the letters, digits and Chinese characters alone.

    Two texts that differ in nothing else are the same wording.
    """
    return "".join(filter(str.isalnum, folded))
