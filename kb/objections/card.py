"""An objection card: what the customer says, and what the rep can answer."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Card:
    """One objection. `ask`, `say` and `proof` are single short texts; `stages` may be empty."""

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

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything a customer may have said: the objection first, then its phrasings."""
        return (self.objection, *self.phrasings)
