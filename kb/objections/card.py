"""An objection card: what the customer says, and what the rep can answer."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["en", "zh"]
LINES = ("ask", "say", "angles", "proof")  # the fields of a card that are said to a customer


@dataclass(frozen=True)
class LearnedWording:
    """A wording that led to a card in use; `weight`, above 0 to 1, is what it counts today."""

    text: str
    weight: float


@dataclass(frozen=True)
class Card:
    """One objection in one language, and the answer to it."""

    id: int | str
    key: str  # the same in both languages
    language: Language
    category: str
    objection: str  # in the customer's words
    phrasings: tuple[str, ...]  # other words for the same
    ask: str  # the question to ask back
    say: str  # the line to say
    proof: str  # a figure or a reference; may be empty
    stages: tuple[str, ...] = ()  # in which it usually comes up
    angles: tuple[str, ...] = ()  # further lines to say
    industries: tuple[str, ...] = ()  # in which it usually comes up
    internal: frozenset[str] = frozenset()  # those of LINES that must not leave the team
    proof_on: date | None = None  # when the proof was true
    learned: tuple[LearnedWording, ...] = ()  # wordings that nobody wrote down, taken from use

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything a customer may have said: the objection first, then its phrasings."""
        return (self.objection, *self.phrasings)
