"""Makes any text of a file one line that every format, database and phone takes as it is."""

import re
import unicodedata

CELL = 32_767  # characters that a spreadsheet's cell holds
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Return one line, in NFC: nothing unseen, no halves of characters, spaces folded.

    Only its first CELL characters are read. Tidying what is tidy changes nothing.
    """
    seen = "".join(_seen(char) for char in text[:CELL])
    return unicodedata.normalize("NFC", _SPACES.sub(" ", seen)).strip()


def _seen(char: str) -> str:
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    return "" if category in ("Cc", "Cf") or _is_no_character(ord(char)) else char


def _is_no_character(code: int) -> bool:
    """Whether Unicode keeps the code for no character at all: XML cannot hold it."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
