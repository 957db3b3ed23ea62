"""Draws line charts, such as the pace towards a goal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from handlers.pictures.canvas import EDGE, SMALL, Canvas
from handlers.pictures.chart_data import FormatValue, Legend, Lines, Series, Theme
from handlers.pictures.fonts import replace_undrawable, width
from handlers.pictures.title_and_legend import (
    ROOM,
    TITLE_HEIGHT,
    draw_legend,
    draw_title,
    measure_legend,
)

CHART_HEIGHT = 420
TEXT_HEIGHT = SMALL * 1.5
LEGEND_TOP = TITLE_HEIGHT + TEXT_HEIGHT + CHART_HEIGHT + TEXT_HEIGHT + 14
LABEL_GAP = 24
ROUND_STEPS = (1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def draw_lines(picture: Lines, theme: Theme) -> Canvas:
    """Lines over the labels, and the goal as a dashed level with its name."""
    legend: Legend = tuple((each.tone, each.name) for each in picture.series)
    canvas = Canvas(LEGEND_TOP + measure_legend(legend) + EDGE, theme)
    draw_title(canvas, picture.title, picture.note)
    rise = _draw_grid(canvas, _find_top(picture), picture.format_value)
    slot = ROOM / max(1, len(picture.labels) - 1)
    if picture.goal is not None:
        _draw_goal(canvas, rise(picture.goal[0]), picture.goal[1])
    for series in picture.series:
        _draw_series(canvas, series, rise, slot)
    _draw_labels(canvas, picture.labels, slot)
    draw_legend(canvas, legend, LEGEND_TOP)
    return canvas


def round_up(value: float) -> float:
    """The least round number not below: a step of ROUND_STEPS times a power of ten, at least 1."""
    if value <= 0:
        return 1.0
    power = 10.0 ** max(0, math.floor(math.log10(value)))
    return next((step * power for step in ROUND_STEPS if value <= step * power), value)


def _find_top(picture: Lines) -> float:
    """The value at the top of the chart: none of the lines nor the goal lies above it."""
    goal = picture.goal[0] if picture.goal is not None else 0.0
    values = [value for each in picture.series for value in each.values if value is not None]
    return round_up(max([*values, goal]))


def _draw_grid(canvas: Canvas, top: float, format_value: FormatValue) -> Callable[[float], float]:
    """Draws the levels; returns the function from a value to its distance from the canvas's top."""

    def rise(value: float) -> float:
        return TITLE_HEIGHT + TEXT_HEIGHT + CHART_HEIGHT * (1 - value / top)

    for level in (0.0, top / 2, top):
        place = rise(level)
        canvas.line([(EDGE, place), (EDGE + ROOM, place)], canvas.colours.track, 2)
        if level:
            text = format_value(level)
            room = min(ROOM / 2, width(replace_undrawable(text), SMALL) + 2)
            faint = canvas.colours.faint
            canvas.write(text, EDGE, place - TEXT_HEIGHT, room, SMALL, colour=faint)
    return rise


def _draw_goal(canvas: Canvas, level: float, name: str) -> None:
    colour = canvas.colours.tones["bad"]
    canvas.line([(EDGE, level), (EDGE + ROOM, level)], colour, 3, dashes=(6, 4))
    room = min(width(replace_undrawable(name), SMALL) + 2, ROOM / 2)
    canvas.write(name, EDGE + ROOM / 2, level - TEXT_HEIGHT, room, SMALL, colour=colour)


def _draw_series(
    canvas: Canvas, series: Series, rise: Callable[[float], float], slot: float
) -> None:
    """A line through the known values; a diamond where there is only one."""
    places = [
        (EDGE + slot * at, rise(value))
        for at, value in enumerate(series.values)
        if value is not None
    ]
    colour = canvas.colours.tones[series.tone]
    if len(places) == 1:
        canvas.diamond(*places[0], 8, colour)
    elif places:
        dashes = (3.0, 3.0) if series.tone in ("quiet", "second") else None
        canvas.line(places, colour, 6, dashes)


def _draw_labels(canvas: Canvas, labels: Sequence[str], slot: float) -> None:
    """Writes as many of the labels as fit side by side, the first among them."""
    top, free = TITLE_HEIGHT + TEXT_HEIGHT + CHART_HEIGHT + 8, float(EDGE)
    for at, label in enumerate(labels):
        room = min(ROOM, width(replace_undrawable(label), SMALL) + 2)
        left = min(max(EDGE + slot * at - room / 2, EDGE), EDGE + ROOM - room)
        if left >= free:
            canvas.write(label, left, top, room, SMALL, "center", canvas.colours.faint)
            free = left + room + LABEL_GAP
