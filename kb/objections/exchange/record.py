"""Card records: a card as files hold it, the same in every format, and what a file may hold.

Also the errors of reading one: an invalid card, and a file that cannot be read at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kb.objections.card import LINES, Language
from kb.states import CardState

MAX_CARDS = 5_000  # in one file
MAX_REVIEW_DAYS = 3_650
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
REQUIRED = ("objection", "say")
FIELDS = (
    "key", "language", "category", "state", "objection", "phrasings", "ask", "say", "angles",
    "proof", "proof_on", "internal", "stages", "industries", "review_days", "owner",
)  # fmt: skip
RawRow = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class CardRecord:
    """One card as a file holds it. All texts are tidy (see tidy.py)."""

    key: str
    language: Language
    objection: str
    say: str
    category: str = ""
    state: CardState = CardState.APPROVED
    phrasings: tuple[str, ...] = ()
    ask: str = ""
    angles: tuple[str, ...] = ()
    proof: str = ""
    proof_on: date | None = None
    internal: tuple[str, ...] = ()  # lines that must not leave the team, in the order of LINES
    stages: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    review_days: int = 90
    owner: str = ""  # a member's name


@dataclass(frozen=True)
class Row:
    """A valid card read from a file."""

    number: int  # the row or line where it begins
    record: CardRecord
    given: frozenset[str]  # the fields that the file sets; others stay as they are


@dataclass(frozen=True)
class InvalidRow:
    """A row or line that holds no valid card."""

    number: int
    reason: str  # one of REASONS
    about: str = ""  # the field that is wrong
    limit: int = 0  # what it exceeds, if anything


@dataclass(frozen=True)
class Sheet:
    """All that a file holds."""

    rows: tuple[Row, ...] = ()
    broken: tuple[InvalidRow, ...] = ()
    unread: tuple[str, ...] = ()  # columns that name no field
    lines: bool = False  # whether numbers are lines of the file, and not rows


REASONS = (
    "needed", "too_long", "too_many", "language", "state", "day", "days", "internal", "double",
    "unreadable",
)  # fmt: skip


@dataclass(eq=False)
class InvalidCard(Exception):
    """A row holds no valid card: `reason` is one of REASONS, `about` the field."""

    reason: str
    about: str = ""
    limit: int = 0

    def at(self, number: int) -> InvalidRow:
        """The same, as the invalid row or line of this number."""
        return InvalidRow(number, self.reason, self.about, self.limit)


REFUSALS = (
    "too_large", "too_many", "no_columns", "not_text", "old_excel", "unsafe", "damaged", "unknown",
    "empty",
)  # fmt: skip


@dataclass(eq=False)
class UnreadableFile(Exception):
    """The file cannot be read: `reason` is one of REFUSALS; `limit` is what it exceeds."""

    reason: str
    limit: int = 0
