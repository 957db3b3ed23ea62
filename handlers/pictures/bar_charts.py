"""Draws bar charts (a funnel, losses, a comparison) and range charts (a forecast)."""

from __future__ import annotations

from handlers.pictures.canvas import EDGE, SMALL, WORDS, Canvas
from handlers.pictures.chart_data import Bar, Bars, Reach, Spread, Theme
from handlers.pictures.fonts import replace_undrawable, width
from handlers.pictures.title_and_legend import (
    ROOM,
    TITLE_HEIGHT,
    draw_legend,
    draw_title,
    measure_legend,
)

LABEL_HEIGHT, DETAIL_HEIGHT = WORDS * 1.5, SMALL * 1.5
BAR_HEIGHT = 30
GAP = 26
MAX_ROWS = 14  # what a phone shows without scrolling for long


def draw_bars(picture: Bars, theme: Theme) -> Canvas:
    """Rows with a label on the left, the value on the right, and the bar below both."""
    rows = picture.bars[:MAX_ROWS]
    legend = measure_legend(picture.legend)
    height = TITLE_HEIGHT + sum(_row_height(bar.detail) for bar in rows) + legend + EDGE
    canvas = Canvas(height, theme)
    draw_title(canvas, picture.title, picture.note)
    largest = max((bar.value for bar in rows), default=0.0) or 1.0
    top = TITLE_HEIGHT
    for bar in rows:
        _draw_bar(canvas, bar, top, largest)
        top += _row_height(bar.detail)
    draw_legend(canvas, picture.legend, top)
    return canvas


def draw_spread(picture: Spread, theme: Theme) -> Canvas:
    """Rows with a range each, all on one scale from 0."""
    rows = picture.reaches[:MAX_ROWS]
    legend = measure_legend(picture.legend)
    height = TITLE_HEIGHT + sum(_row_height(reach.detail) for reach in rows)
    canvas = Canvas(height + DETAIL_HEIGHT + legend + EDGE, theme)
    draw_title(canvas, picture.title, picture.note)
    highest = max((reach.high for reach in rows), default=0.0) or 1.0
    scale = ROOM / (highest * 1.02)
    top = TITLE_HEIGHT
    for reach in rows:
        _draw_reach(canvas, reach, top, scale)
        top += _row_height(reach.detail)
    faint = canvas.colours.faint
    canvas.write(picture.format_value(0.0), EDGE, top, ROOM / 2, SMALL, colour=faint)
    farthest = picture.format_value(ROOM / scale)
    canvas.write(farthest, EDGE + ROOM / 2, top, ROOM / 2, SMALL, "right", faint)
    draw_legend(canvas, picture.legend, top + DETAIL_HEIGHT + 8)
    return canvas


def _row_height(detail: str) -> float:
    return LABEL_HEIGHT + BAR_HEIGHT + GAP + (DETAIL_HEIGHT if detail else 0)


def _draw_bar(canvas: Canvas, bar: Bar, top: float, largest: float) -> None:
    _draw_label(canvas, bar.label, bar.value_text, top)
    top += LABEL_HEIGHT
    tones = canvas.colours.tones
    canvas.bar(EDGE, top, ROOM, BAR_HEIGHT, canvas.colours.track)
    tone = "second" if bar.part is not None and bar.tone == "plain" else bar.tone
    wide = ROOM * min(1.0, bar.value / largest)
    canvas.bar(EDGE, top, max(wide, 3.0 if bar.value > 0 else 0.0), BAR_HEIGHT, tones[tone])
    if bar.part is not None:
        part = ROOM * min(bar.part, bar.value) / largest
        canvas.bar(EDGE, top, part, BAR_HEIGHT, tones["plain"])
    _draw_detail(canvas, bar.detail, top + BAR_HEIGHT + 4)


def _draw_reach(canvas: Canvas, reach: Reach, top: float, scale: float) -> None:
    _draw_label(canvas, reach.label, reach.value_text, top)
    top += LABEL_HEIGHT
    canvas.bar(EDGE, top, ROOM, BAR_HEIGHT, canvas.colours.track)
    begin, end = EDGE + reach.low * scale, EDGE + reach.high * scale
    colour = canvas.colours.tones[reach.tone]
    canvas.bar(begin, top + BAR_HEIGHT / 4, max(end - begin, 4.0), BAR_HEIGHT / 2, colour)
    middle = EDGE + reach.middle * scale
    canvas.bar(middle - 4, top - 3, 8, BAR_HEIGHT + 6, canvas.colours.ink)
    _draw_detail(canvas, reach.detail, top + BAR_HEIGHT + 6)


def _draw_label(canvas: Canvas, label: str, value: str, top: float) -> None:
    """The label and the value on one line; where room is short the label is cut first."""
    room = min(ROOM * 0.62, width(replace_undrawable(value), WORDS) + 2)
    canvas.write(label, EDGE, top, ROOM - room - 20)
    canvas.write(value, EDGE + ROOM - room, top, room, side="right")


def _draw_detail(canvas: Canvas, detail: str, top: float) -> None:
    if detail:
        canvas.write(detail, EDGE, top, ROOM, SMALL, colour=canvas.colours.faint)
