"""Compares queries with the cards by the vectors of one model.

For one thread, and as slow as its model: whose thread that is, and who waits how long, is up to
the caller.
"""

from collections.abc import Sequence

from kb.objections.card import Card
from kb.objections.semantic.meaning import Encoder, Likeness, list_card_texts, measure_scale
from kb.objections.semantic.vectors import CardVectors, VectorTable


class Comparer:
    """A model, and the vectors of the card texts it has read, of any number of indexes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._scale = measure_scale(encoder)
        self._table = VectorTable(encoder(["?"]).shape[1])

    def __len__(self) -> int:
        return len(self._table)

    def list_unread(self, cards: Sequence[Card], before: CardVectors | None = None) -> list[str]:
        """Return the texts of the cards still to be read; what `before` holds has been read."""
        new = (card for card in cards if before is None or before.find_rows(card) is None)
        return self._table.list_missing(text for card in new for text in list_card_texts(card))

    def read(self, texts: Sequence[str]) -> None:
        """Compute and store the vectors of texts; raises whatever the model raises."""
        self._table.put(texts, self._encoder(texts))

    def pass_over(self, text: str) -> None:
        """Store a text that the model cannot read as one that is like no other."""
        self._table.put_nothing(text)

    def place(self, cards: Sequence[Card], before: CardVectors | None = None) -> CardVectors:
        """Return the vectors of cards whose texts have all been read; `before` is released."""
        rows = []
        for card in cards:
            same = before.find_rows(card) if before is not None else None
            rows.append(self._table.find_rows(list_card_texts(card)) if same is None else same)
        placed = CardVectors(cards, rows)
        self._table.hold(placed.all_rows)
        if before is not None:
            self.release(before)
        return placed

    def release(self, vectors: CardVectors) -> None:
        """Forget the texts that only these cards had."""
        vectors.released = True
        self._table.release(vectors.all_rows)
        self._table.sweep()

    def compare(self, vectors: CardVectors, texts: Sequence[str]) -> Likeness | None:
        """Return how alike the cards are to a query; None if these vectors were released."""
        if vectors.released:
            return None
        return vectors.compare(self._table, self._encoder(texts), self._scale)
