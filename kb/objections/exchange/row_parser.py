"""Row parser: checks the fields of one row of a file and makes a card record of them."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kb.objections.card import LINES, Language
from kb.objections.exchange.record import (
    LISTS,
    MAX_REVIEW_DAYS,
    REQUIRED,
    TEXTS,
    CardRecord,
    InvalidCard,
    InvalidRow,
    RawRow,
    Row,
    Sheet,
)
from kb.objections.exchange.tidy import MAX_CELL, tidy
from kb.objections.normalise import fold, has_hanzi, squash, tokenize
from kb.states import CardState

_CHINESE = {
    "草稿": "draft", "已批准": "approved", "在用": "approved", "使用中": "approved",
    "停用": "retired", "已停用": "retired",
    "反问": "ask", "应答": "say", "角度": "angles", "证据": "proof",
    "中文": "zh", "英文": "en", "英语": "en",
}  # fmt: skip
_LANGUAGES: Mapping[str, Language] = {
    "en": "en", "english": "en", "zh": "zh", "chinese": "zh", "zh-cn": "zh", "zh-hans": "zh",
}  # fmt: skip
_DAY_PATTERN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?")


@dataclass
class SheetBuilder:
    """Collects the rows of a file into a sheet: valid cards, invalid rows, unknown columns.

    `unread` keeps unknown columns in the order they came; `_seen` holds (key, language) so that a
    card that the file names twice is an invalid row.
    """

    lines: bool = False
    rows: list[Row] = field(default_factory=list)
    broken: list[InvalidRow] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, number: int, raw: RawRow) -> None:
        """Adds the row's card, or notes why the row is invalid."""
        try:
            row = Row(number, parse_record(raw), _find_given_fields(raw))
        except InvalidCard as error:
            self.broken.append(error.at(number))
            return
        named = (row.record.key, row.record.language)
        if named in self._seen:
            self.broken.append(InvalidRow(number, "double", "key"))
            return
        self._seen.add(named)
        self.rows.append(row)

    @property
    def sheet(self) -> Sheet:
        """All rows added so far, as a sheet."""
        unread = tuple(tidy(name)[:40] for name in list(self.unread)[:10])
        return Sheet(tuple(self.rows), tuple(self.broken), unread, self.lines)


def _find_given_fields(raw: RawRow) -> frozenset[str]:
    """The fields that the row sets.

    An empty cell clears a field, except for the four that a card cannot do without.
    """
    never_empty = ("key", "language", "state", "review_days")
    return frozenset(
        name for name, said in raw.items() if name not in never_empty or str(said).strip()
    )


def parse_record(raw: RawRow) -> CardRecord:
    """Return the card record that a row's fields make. Raises InvalidCard.

    A missing key is derived from the objection, a missing language from its script.
    """
    texts = {name: _parse_text(raw, name) for name in TEXTS}
    lists = {name: _parse_list(raw, name) for name in LISTS}
    language = _parse_language(texts["language"], texts["objection"])
    return CardRecord(
        key=texts["key"] or derive_key(texts["objection"]),
        language=language,
        category=texts["category"],
        state=_parse_state(texts["state"]),
        objection=texts["objection"],
        phrasings=lists["phrasings"],
        ask=texts["ask"],
        say=texts["say"],
        angles=lists["angles"],
        proof=texts["proof"],
        proof_on=_parse_day(texts["proof_on"]),
        internal=_parse_internal(lists["internal"]),
        stages=lists["stages"],
        industries=lists["industries"],
        review_days=_parse_days(texts["review_days"]),
        owner=texts["owner"],
    )


def derive_key(objection: str) -> str:
    """Return a key for an objection: the same however its case, width and punctuation are typed."""
    folded = fold(objection)
    words = "-".join(piece for piece in tokenize(folded) if piece.isascii() and piece.isalnum())
    digest = hashlib.blake2b(squash(folded).encode(), digest_size=5).hexdigest()
    return f"{words[:40].strip('-') or 'card'}-{digest}"


def _parse_text(raw: RawRow, name: str) -> str:
    said = raw.get(name, "")
    if not isinstance(said, str):
        raise InvalidCard("unreadable", name)
    text = "" if len(said) > MAX_CELL else tidy(said)
    if len(said) > MAX_CELL or len(text) > TEXTS[name]:
        raise InvalidCard("too_long", name, TEXTS[name])
    if not text and name in REQUIRED:
        raise InvalidCard("needed", name)
    return text


def _parse_list(raw: RawRow, name: str) -> tuple[str, ...]:
    said = raw.get(name, ())
    if isinstance(said, str):
        said = (said,)
    most, limit = LISTS[name]
    if len(said) > most * 4 or any(len(each) > MAX_CELL for each in said):
        raise InvalidCard("too_many", name, most)
    found = tuple(dict.fromkeys(text for each in said if (text := tidy(each))))
    if len(found) > most:
        raise InvalidCard("too_many", name, most)
    if any(len(text) > limit for text in found):
        raise InvalidCard("too_long", name, limit)
    return found


def _parse_language(said: str, objection: str) -> Language:
    if not said:
        return "zh" if has_hanzi(objection) else "en"
    found = _LANGUAGES.get(_CHINESE.get(said, said.casefold()))
    if found is None:
        raise InvalidCard("language", "language")
    return found


def _parse_state(said: str) -> CardState:
    state = _CHINESE.get(said, said.casefold())
    if not state:
        return CardState.APPROVED
    try:
        return CardState(state)
    except ValueError:
        raise InvalidCard("state", "state") from None


def _parse_day(said: str) -> date | None:
    if not said:
        return None
    found = _DAY_PATTERN.fullmatch(said)
    if found is None:
        raise InvalidCard("day", "proof_on")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise InvalidCard("day", "proof_on") from None


def _parse_days(said: str) -> int:
    if not said:
        return 90
    if not (said.isascii() and said.isdigit()) or not 1 <= int(said) <= MAX_REVIEW_DAYS:
        raise InvalidCard("days", "review_days", MAX_REVIEW_DAYS)
    return int(said)


def _parse_internal(said: Sequence[str]) -> tuple[str, ...]:
    named = {_CHINESE.get(each, each.casefold()) for each in said}
    if not named <= set(LINES):
        raise InvalidCard("internal", "internal")
    return tuple(line for line in LINES if line in named)
