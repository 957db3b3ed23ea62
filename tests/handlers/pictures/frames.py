"""Checks the texts of a canvas: each in its frame, none over another; and names hard to draw."""

from __future__ import annotations

from itertools import combinations

from handlers.pictures.canvas import WIDTH, Canvas, Frame

SLACK = 2.5  # pixels: a letter may reach a little beyond its advance
NAMES = [
    "Acme",
    "华为技术有限公司",
    "小米 😀👩‍👩‍👧‍👦 Ltd",
    "W" * 300,
    "好" * 300,
    "a" + "\u0301" * 60,
    "\u202egnp.exe",
    "$x^2$ & <b>",
    "مرحبا",
    "\U0010ffff\ue000",
    "",
    "\x00\r\n\t",
    "🇩🇪🏴‍☠️",
]


def inside(inner: Frame, outer: Frame) -> bool:
    return (
        inner.left >= outer.left - SLACK
        and inner.top >= outer.top - SLACK
        and inner.left + inner.width <= outer.left + outer.width + SLACK
        and inner.top + inner.height <= outer.top + outer.height + SLACK
    )


def apart(one: Frame, other: Frame) -> bool:
    return (
        one.left + one.width <= other.left + SLACK
        or other.left + other.width <= one.left + SLACK
        or one.top + one.height <= other.top + SLACK
        or other.top + other.height <= one.top + SLACK
    )


def find_faults(canvas: Canvas) -> list[str]:
    """What is wrong with the words on a canvas; a letter without its font is an error by itself."""
    paper = Frame(0, 0, WIDTH, canvas.height)
    found = []
    drawn = [(text.get_text(), canvas.frame_of(text), frame) for text, frame in canvas.words]
    for words, really, frame in drawn:
        if not inside(really, frame):
            found.append(f"{words!r} leaves its frame: {really} not in {frame}")
        if not inside(really, paper):
            found.append(f"{words!r} leaves the paper: {really}")
    for (one, _, first), (other, _, second) in combinations(drawn, 2):
        if not apart(first, second):
            found.append(f"{one!r} lies over {other!r}")
    return found
