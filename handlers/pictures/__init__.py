"""Pictures for the chat: charts are plain data, drawn as a PNG for a phone.

Here: charts, themes, fonts, the drawing itself. Not here: the figures, see reports.
May ask: nobody.
"""

from __future__ import annotations

from handlers.pictures.chart_data import (
    Bar,
    Bars,
    Legend,
    Lines,
    Picture,
    Reach,
    Series,
    Spread,
    Theme,
    Tone,
)

__all__ = [
    "Bar",
    "Bars",
    "Legend",
    "Lines",
    "Picture",
    "Reach",
    "Series",
    "Spread",
    "Theme",
    "Tone",
    "render_png",
]


def render_png(picture: Picture, theme: Theme = "light") -> bytes:
    """The picture as a PNG, 900 pixels wide; takes some 100 ms of its thread."""
    from handlers.pictures import drawing  # noqa: PLC0415 matplotlib: 0.5 s saved at start-up

    return drawing.render_png(picture, theme)
