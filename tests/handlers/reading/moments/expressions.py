"""What a grammar makes of an expression: the widest of the pieces it finds."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.reading.moments.pieces import Piece, TimeFields


def find_widest(pieces: Iterable[Piece]) -> Piece | None:
    """The longest piece; None where a grammar finds none."""
    return max(pieces, key=lambda piece: piece.end - piece.start, default=None)


def read_widest(pieces: Iterable[Piece]) -> TimeFields | None:
    """What the longest piece states."""
    piece = find_widest(pieces)
    return piece.fields if piece else None
