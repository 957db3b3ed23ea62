"""Text clean-up: makes any text one line that every file format, database and phone accepts."""

import re
import unicodedata

MAX_CELL = 32_767  # characters that a spreadsheet's cell holds
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Return the text as one line in NFC, without invisible characters and lone surrogates.

    Only its first MAX_CELL characters are read. Idempotent.
    """
    seen = "".join(_clean_character(char) for char in text[:MAX_CELL])
    return unicodedata.normalize("NFC", _SPACES.sub(" ", seen)).strip()


def _clean_character(char: str) -> str:
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    return "" if category in ("Cc", "Cf") or _is_noncharacter(ord(char)) else char


def _is_noncharacter(code: int) -> bool:
    """Whether the code point is a Unicode noncharacter, which XML cannot hold."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
