"""The vectors of the cards' texts: each text once, whichever teams have it, a byte a dimension.

Not thread-safe: whoever owns a table reads and changes it on one thread. When a model is asked is
decided in `embedding_compare.py` and its callers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb.objections.card import Card
from kb.objections.semantic.meaning import Likeness, Scale, Vectors

Rows = NDArray[np.int64]
LEVELS = 127  # of a dimension, either side of 0
BLOCK = 2048  # rows compared at once: they and their float copies stay in the processor's cache
FIRST = 256  # rows that there is room for at first


class VectorTable:
    """Vectors by text, with a count of holders; rows that nobody holds are freed by `sweep`."""

    def __init__(self, dimensions: int) -> None:
        self._row_of: dict[str, int] = {}
        self._free: list[int] = []
        self._levels = np.zeros((FIRST, dimensions), np.int8)
        self._unit = np.zeros(FIRST, np.float32)
        self._holders = np.zeros(FIRST, np.int32)

    def __len__(self) -> int:
        return len(self._row_of)

    def list_missing(self, texts: Iterable[str]) -> list[str]:
        """Return the texts that have no vector yet, each once."""
        return [text for text in dict.fromkeys(texts) if text not in self._row_of]

    def put(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Store the unit vectors of texts that are missing."""
        for text, vector in zip(texts, vectors, strict=True):
            row = self._free.pop() if self._free else len(self._row_of)
            self._grow(row)
            self._row_of[text] = row
            self._unit[row] = max(float(np.abs(vector).max()), 1e-9) / LEVELS
            self._levels[row] = np.rint(vector / self._unit[row])

    def put_nothing(self, text: str) -> None:
        """Store a text as one that is like no other."""
        self.put([text], np.zeros((1, self._levels.shape[1]), np.float32))

    def find_rows(self, texts: Iterable[str]) -> Rows:
        """Return the rows of texts; KeyError for one that was not stored."""
        return np.array([self._row_of[text] for text in texts], np.int64)

    def hold(self, rows: Rows) -> None:
        """Count one more holder of these rows, which may name a row more than once."""
        np.add.at(self._holders, rows, 1)

    def release(self, rows: Rows) -> None:
        """Count one holder of these rows less."""
        np.subtract.at(self._holders, rows, 1)

    def sweep(self) -> None:
        """Free the rows that nobody holds."""
        for text, row in list(self._row_of.items()):
            if not self._holders[row]:
                del self._row_of[text]
                self._free.append(row)

    def compare(self, asked: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Return, for each row, the best cosine with any of the vectors asked."""
        best = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            cosines = self._levels[block].astype(np.float32) @ asked.T
            best[start : start + BLOCK] = cosines.max(axis=1) * self._unit[block]
        return best

    def _grow(self, row: int) -> None:
        size = len(self._unit)
        if row < size:
            return
        self._levels = np.concatenate([self._levels, np.zeros_like(self._levels)])
        self._unit = np.concatenate([self._unit, np.zeros(size, np.float32)])
        self._holders = np.concatenate([self._holders, np.zeros(size, np.int32)])


@dataclass(eq=False)
class CardVectors:
    """The rows of one index's cards in a VectorTable."""

    cards: Sequence[Card]
    rows: Sequence[Rows]  # of each card: those of its wordings, and last that of its answer
    released: bool = False  # then it must not be asked: its rows may be another text's by now
    _all: Rows = field(init=False, repr=False)
    _starts: Rows = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._all = np.concatenate([np.zeros(0, np.int64), *self.rows])
        lengths = [0, *(len(rows) for rows in self.rows)]
        self._starts = np.cumsum(lengths, dtype=np.int64)
        self._of_id = {card.id: place for place, card in enumerate(self.cards)}

    @property
    def all_rows(self) -> Rows:
        """Every row, for `hold` and `release`."""
        return self._all

    def find_rows(self, card: Card) -> Rows | None:
        """Return the rows of this very card; None if it is another or has changed."""
        place = self._of_id.get(card.id)
        same = place is not None and self.cards[place] is card
        return self.rows[place] if place is not None and same else None

    def compare(self, table: VectorTable, asked: Vectors, scale: Scale) -> Likeness:
        """Compare the vectors of a query's texts with all the cards."""
        if not self.cards:
            return Likeness([], {}, np.zeros(0), np.zeros(0))
        best = scale.apply(table.compare(asked, self._all))
        answers = self._starts[1:] - 1
        answer = best[answers]
        best[answers] = -np.inf
        return Likeness(
            self.cards, self._of_id, np.maximum.reduceat(best, self._starts[:-1]), answer
        )
