"""A card as a file holds it: plain texts, the same in every format, and the rules it must keep."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kb.objections.card import LINES, Language
from kb.objections.exchange.tidy import CELL, tidy
from kb.objections.normalise import fold, has_hanzi, pieces, squash

CARDS = 5_000  # in one file
DAYS_MOST = 3_650
STATES = ("draft", "approved", "retired")
# What memory has room for. What a phone shows at a look is less: see kb/objections/lint.py.
TEXTS: Mapping[str, int] = {
    "key": 80,
    "language": 8,
    "category": 40,
    "state": 20,
    "objection": 200,
    "ask": 400,
    "say": 600,
    "proof": 400,
    "proof_on": 40,
    "review_days": 10,
    "owner": 80,
}
LISTS: Mapping[str, tuple[int, int]] = {  # how many, and characters of each
    "phrasings": (40, 200),
    "angles": (6, 600),
    "internal": (len(LINES), 20),
    "stages": (12, 40),
    "industries": (12, 40),
}
NEEDED = ("objection", "say")
FIELDS = (
    "key", "language", "category", "state", "objection", "phrasings", "ask", "say", "angles",
    "proof", "proof_on", "internal", "stages", "industries", "review_days", "owner",
)  # fmt: skip
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

Raw = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class CardRecord:
    """One card. All texts are tidy; `internal` names LINES in their order; `owner` is a name."""

    key: str
    language: Language
    objection: str
    say: str
    category: str = ""
    state: str = "approved"
    phrasings: tuple[str, ...] = ()
    ask: str = ""
    angles: tuple[str, ...] = ()
    proof: str = ""
    proof_on: date | None = None
    internal: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    review_days: int = 90
    owner: str = ""


@dataclass(frozen=True)
class Row:
    """A card read from a file: the row or line where it begins, and the fields it names."""

    number: int
    record: CardRecord
    given: frozenset[str]


@dataclass(frozen=True)
class Broken:
    """A row or line that holds no card. `reason` is one of REASONS, of the field `about`."""

    number: int
    reason: str
    about: str = ""
    limit: int = 0


@dataclass(frozen=True)
class Sheet:
    """All that a file holds. `unread` are columns or fields nobody knows; `lines`: not rows."""

    rows: tuple[Row, ...] = ()
    broken: tuple[Broken, ...] = ()
    unread: tuple[str, ...] = ()
    lines: bool = False


REASONS = (
    "needed", "too_long", "too_many", "language", "state", "day", "days", "internal", "double",
    "unreadable",
)  # fmt: skip


@dataclass(eq=False)
class NoCard(Exception):
    """A row is no card: `reason` is one of REASONS."""

    reason: str
    about: str = ""
    limit: int = 0

    def at(self, number: int) -> Broken:
        """It, as what is wrong with the row or line of this number."""
        return Broken(number, self.reason, self.about, self.limit)


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
            row = Row(number, record_of(raw), frozenset(raw))
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
    words = "-".join(piece for piece in pieces(folded) if piece.isascii() and piece.isalnum())
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
