"""What every picture has: its title, the line below it, and what the colours mean."""

from __future__ import annotations

from handlers.pictures.fonts import drawable, width
from handlers.pictures.sheet import EDGE, SMALL, TITLE, WIDTH, Sheet
from handlers.pictures.spec import Legend, Tone

ROOM = WIDTH - 2 * EDGE
HEAD = EDGE + TITLE * 1.5 + SMALL * 1.5 + 20
LEGEND = SMALL * 1.5 + 18
SWATCH = SMALL * 0.8


def head(sheet: Sheet, title: str, note: str) -> None:
    """Writes the title and the line below it."""
    sheet.write(title, EDGE, EDGE, ROOM, TITLE)
    sheet.write(note, EDGE, EDGE + TITLE * 1.5 + 2, ROOM, SMALL, colour=sheet.colours.faint)


def legend_rows(legend: Legend) -> list[list[tuple[Tone, str, float]]]:
    """The legend's entries, each with its room, in rows that fit."""
    rows: list[list[tuple[Tone, str, float]]] = []
    left = 0.0
    for tone, name in legend:
        room = min(ROOM - SWATCH - 12, width(drawable(name), SMALL) + 2)
        if not rows or left + SWATCH + 12 + room > ROOM:
            rows.append([])
            left = 0.0
        rows[-1].append((tone, name, room))
        left += SWATCH + 12 + room + 34
    return rows


def legend_height(legend: Legend) -> float:
    """How much room the legend takes."""
    return LEGEND * len(legend_rows(legend))


def draw_legend(sheet: Sheet, legend: Legend, top: float) -> None:
    """Draws what the colours mean, from `top` on."""
    for row in legend_rows(legend):
        left = float(EDGE)
        for tone, name, room in row:
            sheet.bar(left, top + SMALL * 0.35, SWATCH, SWATCH, sheet.colours.tones[tone])
            left += SWATCH + 12
            sheet.write(name, left, top, room, SMALL, colour=sheet.colours.faint)
            left += room + 34
        top += LEGEND
