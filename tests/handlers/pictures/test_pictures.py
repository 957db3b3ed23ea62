"""Pictures: whatever they say, every text keeps to its frame and has its letters."""

from __future__ import annotations

import io
import struct
import warnings
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handlers.pictures import Bar, Bars, Columns, Lines, Picture, Reach, Series, Spread, Theme, png
from handlers.pictures.drawing import sheet_of
from handlers.pictures.fonts import drawable, family_of, fitted, width
from handlers.pictures.sheet import WIDTH, Frame, Sheet
from handlers.pictures.themes import THEMES

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
WORDS = st.one_of(st.sampled_from(NAMES), st.text(max_size=60))
TONES = st.sampled_from(["plain", "good", "bad", "second", "quiet"])
AMOUNTS = st.floats(0, 1e15)
LEGEND = st.lists(st.tuples(TONES, WORDS), max_size=4).map(tuple)


def listed(inner: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(inner, max_size=most).map(tuple)


BARS = st.builds(
    Bars,
    WORDS,
    WORDS,
    listed(
        st.builds(Bar, WORDS, WORDS, AMOUNTS, st.none() | AMOUNTS, WORDS, WORDS, TONES),
        20,
    ),
    LEGEND,
)
REACHES = st.tuples(AMOUNTS, AMOUNTS, AMOUNTS).map(sorted)
SPREADS = st.builds(
    Spread,
    WORDS,
    WORDS,
    listed(
        st.builds(
            lambda label, shown, ends, detail, mark: Reach(
                label, shown, ends[0], ends[1], ends[2], detail, mark
            ),
            WORDS,
            WORDS,
            REACHES,
            WORDS,
            st.none() | AMOUNTS,
        ),
        6,
    ),
    LEGEND,
)


@st.composite
def over_time(draw: st.DrawFn) -> Picture:
    labels = tuple(draw(st.lists(WORDS, max_size=40)))
    values = st.lists(st.none() | AMOUNTS, min_size=len(labels), max_size=len(labels)).map(tuple)
    series = tuple(draw(st.lists(st.builds(Series, WORDS, values, TONES), max_size=3)))
    title, note = draw(WORDS), draw(WORDS)
    if draw(st.booleans()):
        return Columns(title, note, labels, series)
    goal = draw(st.none() | st.tuples(AMOUNTS, WORDS))
    return Lines(title, note, labels, series, goal=goal)


PICTURES = st.one_of(BARS, SPREADS, over_time())


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


def faults(sheet: Sheet) -> list[str]:
    """What is wrong with the words on a sheet; a letter without its font is an error by itself."""
    paper = Frame(0, 0, WIDTH, sheet.height)
    found = []
    drawn = [(text.get_text(), sheet.frame_of(text), frame) for text, frame in sheet.words]
    for words, really, frame in drawn:
        if not inside(really, frame):
            found.append(f"{words!r} leaves its frame: {really} not in {frame}")
        if not inside(really, paper):
            found.append(f"{words!r} leaves the paper: {really}")
    for (one, _, first), (other, _, second) in combinations(drawn, 2):
        if not apart(first, second):
            found.append(f"{one!r} lies over {other!r}")
    return found


@settings(max_examples=settings().max_examples // 2)
@given(PICTURES, st.sampled_from(["light", "dark"]))
def test_no_text_leaves_its_frame_lies_over_another_or_lacks_a_letter(
    picture: Picture, theme: Theme
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert faults(sheet_of(picture, theme)) == []


def test_the_check_finds_a_text_out_of_its_frame_and_one_over_another() -> None:
    sheet = Sheet(200, "light")
    sheet.write("wide enough", 10, 10, 400)
    text, frame = sheet.words[0]
    sheet.words[0] = (text, Frame(frame.left, frame.top, 20, frame.height))
    sheet.write("over it", 12, 14, 400)
    assert len(faults(sheet)) == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_of_any_name_is_a_png_of_a_phones_width(name: str) -> None:
    content = png(Bars(name, name, (Bar(name, name, 1.0, 0.5, name, name),)))
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", content[16:20]) == (WIDTH,)


@given(WORDS, st.floats(30, 800))
def test_a_text_is_cut_to_its_room_and_only_where_it_must_be(text: str, room: float) -> None:
    shown = fitted(text, 24, room)
    assert width(shown, 24) <= room
    assert shown == drawable(text) or shown.endswith("…")


def test_a_letter_that_no_font_has_gets_a_stand_in_and_no_box() -> None:
    assert drawable("a\U00013000b") == "a·b"
    assert family_of("\U00013000") == ""
    assert drawable("华\u202eA\x00") == "华A"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_words_stand_out_from_the_paper_in_each_theme(theme: Theme) -> None:
    colours = THEMES[theme]
    assert contrast(colours.ink, colours.paper) >= 7
    assert contrast(colours.faint, colours.paper) >= 4.5
    for tone in ("plain", "good", "bad"):
        assert contrast(colours.tones[tone], colours.paper) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_a_picture_has_the_paper_of_its_theme(theme: Theme) -> None:
    drawn = Image.open(io.BytesIO(png(Bars("t", "n", ()), theme))).convert("RGB")
    paper = THEMES[theme].paper
    assert drawn.getpixel((2, 2)) == tuple(int(paper[at : at + 2], 16) for at in (1, 3, 5))
