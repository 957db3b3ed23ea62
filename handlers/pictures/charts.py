"""Pictures over time: columns side by side (a report) and lines (the pace towards a goal)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from handlers.pictures.fonts import drawable, width
from handlers.pictures.heads import HEAD, ROOM, draw_legend, head, legend_height
from handlers.pictures.sheet import EDGE, SMALL, Sheet
from handlers.pictures.spec import Columns, Legend, Lines, Series, Shown, Theme

HIGH = 420  # of the chart itself
FINE = SMALL * 1.5
BETWEEN = 24  # of two labels
STEPS = (1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def columns(picture: Columns, theme: Theme) -> Sheet:
    """Columns side by side over each label, the values written over them where they fit."""
    legend = _legend(picture.series)
    sheet = _paper(picture.title, picture.note, legend, theme)
    top = _top_of(picture.series)
    rise = _grid(sheet, top, picture.shown)
    slot = ROOM / max(1, len(picture.labels))
    wide = min(90.0, slot * 0.8 / max(1, len(picture.series)))
    for at in range(len(picture.labels)):
        left = EDGE + slot * at + (slot - wide * len(picture.series)) / 2
        for place, series in enumerate(picture.series):
            value = series.values[at] or 0.0
            high = HIGH * value / top
            where = left + place * wide
            sheet.bar(where + 1, rise(value), wide - 2, high, sheet.colours.tones[series.tone])
    _labels(sheet, picture.labels, lambda at: EDGE + slot * (at + 0.5))
    draw_legend(sheet, legend, HEAD + FINE + HIGH + FINE + 14)
    return sheet


def lines(picture: Lines, theme: Theme) -> Sheet:
    """Lines over the labels, and the goal as a dashed level with its name."""
    legend = _legend(picture.series)
    sheet = _paper(picture.title, picture.note, legend, theme)
    goal = picture.goal
    top = _top_of(picture.series, goal[0] if goal else 0.0)
    rise = _grid(sheet, top, picture.shown)
    slot = ROOM / max(1, len(picture.labels) - 1)
    if goal is not None:
        level = rise(goal[0])
        bad = sheet.colours.tones["bad"]
        sheet.line([(EDGE, level), (EDGE + ROOM, level)], bad, 3, dashes=(6, 4))
        name = width(drawable(goal[1]), SMALL) + 2
        sheet.write(goal[1], EDGE + ROOM / 2, level - FINE, min(name, ROOM / 2), SMALL, colour=bad)
    for series in picture.series:
        places = [
            (EDGE + slot * at, rise(value))
            for at, value in enumerate(series.values)
            if value is not None
        ]
        if len(places) == 1:
            sheet.diamond(*places[0], 8, sheet.colours.tones[series.tone])
        elif places:
            dashes = (3.0, 3.0) if series.tone in ("quiet", "second") else None
            sheet.line(places, sheet.colours.tones[series.tone], 6, dashes)
    _labels(sheet, picture.labels, lambda at: EDGE + slot * at)
    draw_legend(sheet, legend, HEAD + FINE + HIGH + FINE + 14)
    return sheet


def round_top(value: float) -> float:
    """The least round number that is no less: one of STEPS times a power of ten, 1 at least."""
    if value <= 0:
        return 1.0
    power = 10.0 ** max(0, math.floor(math.log10(value)))
    return next((step * power for step in STEPS if value <= step * power), value)


def _legend(series: Sequence[Series]) -> Legend:
    return tuple((each.tone, each.name) for each in series)


def _paper(title: str, note: str, legend: Legend, theme: Theme) -> Sheet:
    height = HEAD + FINE + HIGH + FINE + 14 + legend_height(legend) + EDGE
    sheet = Sheet(height, theme)
    head(sheet, title, note)
    return sheet


def _top_of(series: Sequence[Series], least: float = 0.0) -> float:
    values = [value for each in series for value in each.values if value is not None]
    return round_top(max([*values, least], default=0.0))


def _grid(sheet: Sheet, top: float, shown: Shown) -> Callable[[float], float]:
    """Draws the levels; gives back how far from the top of the sheet a value lies."""

    def rise(value: float) -> float:
        return HEAD + FINE + HIGH * (1 - value / top)

    for level in (0.0, top / 2, top):
        place = rise(level)
        sheet.line([(EDGE, place), (EDGE + ROOM, place)], sheet.colours.track, 2)
        if level:
            room = min(ROOM / 2, width(drawable(shown(level)), SMALL) + 2)
            faint = sheet.colours.faint
            sheet.write(shown(level), EDGE, place - FINE, room, SMALL, colour=faint)
    return rise


def _labels(sheet: Sheet, labels: Sequence[str], centre: Callable[[int], float]) -> None:
    """Writes as many of the labels as stand side by side, the first among them."""
    top, free = HEAD + FINE + HIGH + 8, float(EDGE)
    for at, label in enumerate(labels):
        room = min(ROOM, width(drawable(label), SMALL) + 2)
        left = min(max(centre(at) - room / 2, EDGE), EDGE + ROOM - room)
        if left >= free:
            sheet.write(label, left, top, room, SMALL, "center", sheet.colours.faint)
            free = left + room + BETWEEN
