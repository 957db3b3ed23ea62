"""Pictures made of rows: bars (a funnel, losses, a comparison) and ranges (a forecast)."""

from __future__ import annotations

from handlers.pictures.fonts import drawable, width
from handlers.pictures.heads import HEAD, ROOM, draw_legend, head, legend_height
from handlers.pictures.sheet import EDGE, SMALL, WORDS, Sheet
from handlers.pictures.spec import Bar, Bars, Reach, Spread, Theme

LINE, FINE = WORDS * 1.5, SMALL * 1.5
THICK = 30
GAP = 26
MOST_ROWS = 14  # what a phone shows without scrolling for long


def bars(picture: Bars, theme: Theme) -> Sheet:
    """Rows with a label on the left, the value on the right, and the bar below both."""
    rows = picture.bars[:MOST_ROWS]
    legend = legend_height(picture.legend)
    sheet = Sheet(HEAD + sum(map(_bar_height, rows)) + legend + EDGE, theme)
    head(sheet, picture.title, picture.note)
    widest = max((bar.value for bar in rows), default=0.0) or 1.0
    top = HEAD
    for bar in rows:
        _bar(sheet, bar, top, widest)
        top += _bar_height(bar)
    draw_legend(sheet, picture.legend, top)
    return sheet


def spread(picture: Spread, theme: Theme) -> Sheet:
    """Rows with a range each, all on one scale from nothing."""
    rows = picture.reaches[:MOST_ROWS]
    legend = legend_height(picture.legend)
    sheet = Sheet(HEAD + sum(map(_reach_height, rows)) + FINE + legend + EDGE, theme)
    head(sheet, picture.title, picture.note)
    ends = [max(reach.high, reach.mark or 0.0) for reach in rows]
    scale = ROOM / ((max(ends, default=0.0) or 1.0) * 1.02)
    top = HEAD
    for reach in rows:
        _reach(sheet, reach, top, scale)
        top += _reach_height(reach)
    faint = sheet.colours.faint
    sheet.write(picture.shown(0.0), EDGE, top, ROOM / 2, SMALL, colour=faint)
    farthest = picture.shown(ROOM / scale)
    sheet.write(farthest, EDGE + ROOM / 2, top, ROOM / 2, SMALL, "right", faint)
    draw_legend(sheet, picture.legend, top + FINE + 8)
    return sheet


def _bar_height(bar: Bar) -> float:
    return LINE + THICK + GAP + (FINE if bar.detail else 0) + (FINE + 6 if bar.between else 0)


def _bar(sheet: Sheet, bar: Bar, top: float, widest: float) -> None:
    _label(sheet, bar.label, bar.shown, top)
    top += LINE
    sheet.bar(EDGE, top, ROOM, THICK, sheet.colours.track)
    tone = "second" if bar.part is not None and bar.tone == "plain" else bar.tone
    wide = ROOM * min(1.0, bar.value / widest)
    sheet.bar(EDGE, top, max(wide, 3.0 if bar.value > 0 else 0.0), THICK, sheet.colours.tones[tone])
    if bar.part is not None:
        part = ROOM * min(bar.part, bar.value) / widest
        sheet.bar(EDGE, top, part, THICK, sheet.colours.tones["plain"])
    top += THICK + 4
    if bar.detail:
        sheet.write(bar.detail, EDGE, top, ROOM, SMALL, colour=sheet.colours.faint)
        top += FINE
    if bar.between:
        sheet.write(bar.between, EDGE, top + 6, ROOM, SMALL, "center", sheet.colours.faint)


def _label(sheet: Sheet, label: str, shown: str, top: float) -> None:
    """The label and the value on one line; the value is what is never cut first."""
    room = min(ROOM * 0.62, width(drawable(shown), WORDS) + 2)
    sheet.write(label, EDGE, top, ROOM - room - 20)
    sheet.write(shown, EDGE + ROOM - room, top, room, side="right")


def _reach_height(reach: Reach) -> float:
    return LINE + THICK + GAP + (FINE if reach.detail else 0)


def _reach(sheet: Sheet, reach: Reach, top: float, scale: float) -> None:
    _label(sheet, reach.label, reach.shown, top)
    top += LINE
    sheet.bar(EDGE, top, ROOM, THICK, sheet.colours.track)
    begin, end = EDGE + reach.low * scale, EDGE + reach.high * scale
    colour = sheet.colours.tones[reach.tone]
    sheet.bar(begin, top + THICK / 4, max(end - begin, 4.0), THICK / 2, colour)
    sheet.bar(EDGE + reach.middle * scale - 4, top - 3, 8, THICK + 6, sheet.colours.ink)
    if reach.mark is not None:
        place = EDGE + reach.mark * scale
        sheet.diamond(place, top + THICK / 2, THICK / 2, sheet.colours.tones["bad"])
    if reach.detail:
        sheet.write(reach.detail, EDGE, top + THICK + 6, ROOM, SMALL, colour=sheet.colours.faint)
