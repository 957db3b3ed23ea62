"""Draws what every chart has: its title, the note below it, and the legend of its colours."""

from __future__ import annotations

from handlers.pictures.canvas import EDGE, SMALL, TITLE, WIDTH, Canvas
from handlers.pictures.chart_data import Legend, Tone
from handlers.pictures.fonts import replace_undrawable, width

ROOM = WIDTH - 2 * EDGE  # between the left and the right edge
TITLE_HEIGHT = EDGE + TITLE * 1.5 + SMALL * 1.5 + 20  # of title and note, from the top edge on
LEGEND_ROW = SMALL * 1.5 + 18
SWATCH = SMALL * 0.8
SWATCH_GAP, ENTRY_GAP = 12, 34


def draw_title(canvas: Canvas, title: str, note: str) -> None:
    """Writes the title and the note below it."""
    canvas.write(title, EDGE, EDGE, ROOM, TITLE)
    canvas.write(note, EDGE, EDGE + TITLE * 1.5 + 2, ROOM, SMALL, colour=canvas.colours.faint)


def wrap_legend(legend: Legend) -> list[list[tuple[Tone, str, float]]]:
    """The legend's entries, each with the width of its name, in rows that fit."""
    rows: list[list[tuple[Tone, str, float]]] = []
    left = 0.0
    for tone, name in legend:
        room = min(ROOM - SWATCH - SWATCH_GAP, width(replace_undrawable(name), SMALL) + 2)
        if not rows or left + SWATCH + SWATCH_GAP + room > ROOM:
            rows.append([])
            left = 0.0
        rows[-1].append((tone, name, room))
        left += SWATCH + SWATCH_GAP + room + ENTRY_GAP
    return rows


def measure_legend(legend: Legend) -> float:
    """The height of the legend in pixels."""
    return LEGEND_ROW * len(wrap_legend(legend))


def draw_legend(canvas: Canvas, legend: Legend, top: float) -> None:
    """Draws the legend from `top` on."""
    for row in wrap_legend(legend):
        left = float(EDGE)
        for tone, name, room in row:
            canvas.bar(left, top + SMALL * 0.35, SWATCH, SWATCH, canvas.colours.tones[tone])
            left += SWATCH + SWATCH_GAP
            canvas.write(name, left, top, room, SMALL, colour=canvas.colours.faint)
            left += room + ENTRY_GAP
        top += LEGEND_ROW
