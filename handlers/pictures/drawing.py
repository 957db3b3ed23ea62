"""Draws pictures one at a time, since matplotlib's font engine is not made for several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from handlers.pictures.bar_charts import draw_bars, draw_spread
from handlers.pictures.canvas import Canvas
from handlers.pictures.chart_data import Bars, Lines, Picture, Spread, Theme
from handlers.pictures.line_chart import draw_lines

_LOCK = threading.Lock()
_DRAW: Mapping[type[Any], Callable[[Any, Theme], Canvas]] = {
    Bars: draw_bars,
    Lines: draw_lines,
    Spread: draw_spread,
}


def render_png(picture: Picture, theme: Theme) -> bytes:
    """The picture as a PNG."""
    with _LOCK:
        return draw(picture, theme).png()


def draw(picture: Picture, theme: Theme) -> Canvas:
    """The picture, drawn on a canvas of its own."""
    return _DRAW[type(picture)](picture, theme)
