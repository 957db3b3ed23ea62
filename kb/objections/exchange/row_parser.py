"""Makes a card of what a row of a file says, or tells why it is none."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kb.objections.card import LINES, Language
from kb.objections.exchange.record import (
    DAYS_MOST,
    LISTS,
    NEEDED,
    STATES,
    TEXTS,
    Broken,
    CardRecord,
    NoCard,
    Raw,
    Row,
    Sheet,
)
from kb.objections.exchange.tidy import CELL, tidy
from kb.objections.normalise import fold, has_hanzi, squash, tokenize

_CHINESE = {
    "草稿": "draft", "已批准": "approved", "在用": "approved", "使用中": "approved",
    "停用": "retired", "已停用": "retired",
    "反问": "ask", "应答": "say", "角度": "angles", "证据": "proof",
    "中文": "zh", "英文": "en", "英语": "en",
}  # fmt: skip
_LANGUAGES: Mapping[str, Language] = {
    "en": "en", "english": "en", "zh": "zh", "chinese": "zh", "zh-cn": "zh", "zh-hans": "zh",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?")


@dataclass
class Reading:
    """Collects the rows of a file: what is a card, what is broken, what stands there twice."""

    lines: bool = False
    rows: list[Row] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def take(self, number: int, raw: Raw) -> None:
        """Takes the row's card, or notes why it is none."""
        try:
            row = Row(number, record_of(raw), _given(raw))
        except NoCard as error:
            self.broken.append(error.at(number))
            return
        named = (row.record.key, row.record.language)
        if named in self._seen:
            self.broken.append(Broken(number, "double", "key"))
            return
        self._seen.add(named)
        self.rows.append(row)

    @property
    def sheet(self) -> Sheet:
        """What was read."""
        unread = tuple(tidy(name)[:40] for name in list(self.unread)[:10])
        return Sheet(tuple(self.rows), tuple(self.broken), unread, self.lines)


def _given(raw: Raw) -> frozenset[str]:
    """The fields the row fills; an empty cell empties a field, but no card is without a state."""
    never_empty = ("key", "language", "state", "review_days")
    return frozenset(
        name for name, said in raw.items() if name not in never_empty or str(said).strip()
    )


def record_of(raw: Raw) -> CardRecord:
    """Return the card of a row's fields; NoCard says what is wrong with it.

    A card without a key gets one from its objection, without a language that of its letters.
    """
    texts = {name: _text(raw, name) for name in TEXTS}
    lists = {name: _list(raw, name) for name in LISTS}
    language = _language(texts["language"], texts["objection"])
    return CardRecord(
        key=texts["key"] or derived_key(texts["objection"]),
        language=language,
        category=texts["category"],
        state=_state(texts["state"]),
        objection=texts["objection"],
        phrasings=lists["phrasings"],
        ask=texts["ask"],
        say=texts["say"],
        angles=lists["angles"],
        proof=texts["proof"],
        proof_on=_day(texts["proof_on"]),
        internal=_internal(lists["internal"]),
        stages=lists["stages"],
        industries=lists["industries"],
        review_days=_days(texts["review_days"]),
        owner=texts["owner"],
    )


def derived_key(objection: str) -> str:
    """Return the key of a card that has none: the same for the same objection, however typed."""
    folded = fold(objection)
    words = "-".join(piece for piece in tokenize(folded) if piece.isascii() and piece.isalnum())
    digest = hashlib.blake2b(squash(folded).encode(), digest_size=5).hexdigest()
    return f"{words[:40].strip('-') or 'card'}-{digest}"


def _text(raw: Raw, name: str) -> str:
    said = raw.get(name, "")
    if not isinstance(said, str):
        raise NoCard("unreadable", name)
    text = "" if len(said) > CELL else tidy(said)
    if len(said) > CELL or len(text) > TEXTS[name]:
        raise NoCard("too_long", name, TEXTS[name])
    if not text and name in NEEDED:
        raise NoCard("needed", name)
    return text


def _list(raw: Raw, name: str) -> tuple[str, ...]:
    said = raw.get(name, ())
    if isinstance(said, str):
        said = (said,)
    most, limit = LISTS[name]
    if len(said) > most * 4 or any(len(each) > CELL for each in said):
        raise NoCard("too_many", name, most)
    found = tuple(dict.fromkeys(text for each in said if (text := tidy(each))))
    if len(found) > most:
        raise NoCard("too_many", name, most)
    if any(len(text) > limit for text in found):
        raise NoCard("too_long", name, limit)
    return found


def _language(said: str, objection: str) -> Language:
    if not said:
        return "zh" if has_hanzi(objection) else "en"
    found = _LANGUAGES.get(_CHINESE.get(said, said.casefold()))
    if found is None:
        raise NoCard("language", "language")
    return found


def _state(said: str) -> str:
    state = _CHINESE.get(said, said.casefold()) or "approved"
    if state not in STATES:
        raise NoCard("state", "state")
    return state


def _day(said: str) -> date | None:
    if not said:
        return None
    found = _DAY.fullmatch(said)
    if found is None:
        raise NoCard("day", "proof_on")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise NoCard("day", "proof_on") from None


def _days(said: str) -> int:
    if not said:
        return 90
    if not (said.isascii() and said.isdigit()) or not 1 <= int(said) <= DAYS_MOST:
        raise NoCard("days", "review_days", DAYS_MOST)
    return int(said)


def _internal(said: Sequence[str]) -> tuple[str, ...]:
    named = {_CHINESE.get(each, each.casefold()) for each in said}
    if not named <= set(LINES):
        raise NoCard("internal", "internal")
    return tuple(line for line in LINES if line in named)
