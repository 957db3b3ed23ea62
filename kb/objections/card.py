"""An objection card: what the customer says, and what the rep can answer."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["en", "zh"]
LINES = ("ask", "say", "angles", "proof")


@dataclass(frozen=True)
class Learned:
    """A wording that led to a card in use; `weight`, above 0 to 1, is what it counts today."""

    text: str
    weight: float


@dataclass(frozen=True)
class Card:
    """One objection. `ask`, `say` and `proof` are single short texts; `stages` may be empty.

    `angles` are further lines to say. `internal` names the LINES that must not leave the team.
    `learned` are wordings nobody wrote down, taken from use.
    """

    id: int | str
    key: str
    language: Language
    category: str
    objection: str
    phrasings: tuple[str, ...]
    ask: str
    say: str
    proof: str
    stages: tuple[str, ...] = ()
    angles: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    internal: frozenset[str] = frozenset()
    proof_on: date | None = None
    learned: tuple[Learned, ...] = ()

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything a customer may have said: the objection first, then its phrasings."""
        return (self.objection, *self.phrasings)
