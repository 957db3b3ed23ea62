"""A card as a file holds it: plain texts, the same in every format; and what a file can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kb.objections.card import LINES, Language

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
