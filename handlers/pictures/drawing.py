"""Draws pictures: one at a time, since the font machine below is not made for several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from handlers.pictures.charts import columns, lines
from handlers.pictures.rows import bars, spread
from handlers.pictures.sheet import Sheet
from handlers.pictures.spec import Bars, Columns, Lines, Picture, Spread, Theme

_TURN = threading.Lock()
_HOW: Mapping[type[Any], Callable[[Any, Theme], Sheet]] = {
    Bars: bars,
    Columns: columns,
    Lines: lines,
    Spread: spread,
}


def drawn(picture: Picture, theme: Theme) -> bytes:
    """The picture as a PNG."""
    with _TURN:
        return sheet_of(picture, theme).png()


def sheet_of(picture: Picture, theme: Theme) -> Sheet:
    """The picture's sheet, all drawn."""
    return _HOW[type(picture)](picture, theme)
