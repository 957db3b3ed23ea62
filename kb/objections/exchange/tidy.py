"""Text clean-up: makes any text one line that every file format, database and phone accepts."""

import re
import unicodedata

MAX_CELL = 32_767  # characters that a spreadsheet's cell holds
_SPACES = re.compile(r"\s+")
# A joiner makes one picture of several (a woman at a computer), and shapes the words of Arabic, of
# Persian and of the scripts of India; the flag of a region (England's) is spelt in tags. Anywhere
# else those characters are invisible, and hide things.
_PICTURES = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_LETTERS = (
    "\u0620-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c7\u0900-\u0dff\u1000-\u109f\u1780-\u17b3"
)
_JOINED = re.compile(
    rf"(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])"
    rf"|(?<=[{_LETTERS}])[\u200c\u200d](?=[{_LETTERS}])"
    "|\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
)


def tidy(text: str) -> str:
    """Return the text as one line in NFC, without invisible characters and lone surrogates.

    Only its first MAX_CELL characters are read. Idempotent.
    """
    seen = "".join(char for char in drop_unseen(text[:MAX_CELL]) if not _is_noncharacter(ord(char)))
    return drop_unseen(unicodedata.normalize("NFC", _SPACES.sub(" ", seen))).strip()


def drop_unseen(text: str) -> str:
    """Return the text without control and format characters; each white space becomes a space.

    A lone surrogate, which no database takes, becomes U+FFFD. What joins an emoji or a word stays.
    """
    kept, at = list[str](), 0
    for joined in _JOINED.finditer(text):
        kept += [*map(_clean_character, text[at : joined.start()]), joined[0]]
        at = joined.end()
    return "".join((*kept, *map(_clean_character, text[at:])))


def _clean_character(char: str) -> str:
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    return "" if category in ("Cc", "Cf") else char


def _is_noncharacter(code: int) -> bool:
    """Whether the code point is a Unicode noncharacter, which XML cannot hold."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
