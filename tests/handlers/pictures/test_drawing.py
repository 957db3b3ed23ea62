"""Pictures: whatever they say, every text keeps to its frame and has its letters."""

from __future__ import annotations

import struct
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.pictures import (
    Bar,
    Bars,
    Lines,
    Picture,
    Reach,
    Series,
    Spread,
    Theme,
    drawing,
    render_png,
)
from handlers.pictures.canvas import WIDTH
from tests.handlers.pictures.frames import NAMES, find_faults

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
        st.builds(Bar, WORDS, WORDS, AMOUNTS, st.none() | AMOUNTS, WORDS, TONES),
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
            lambda label, shown, ends, detail: Reach(
                label, shown, ends[0], ends[1], ends[2], detail
            ),
            WORDS,
            WORDS,
            REACHES,
            WORDS,
        ),
        6,
    ),
    LEGEND,
)


@st.composite
def line_charts(draw: st.DrawFn) -> Lines:
    labels = tuple(draw(st.lists(WORDS, max_size=40)))
    values = st.lists(st.none() | AMOUNTS, min_size=len(labels), max_size=len(labels)).map(tuple)
    series = tuple(draw(st.lists(st.builds(Series, WORDS, values, TONES), max_size=3)))
    title, note = draw(WORDS), draw(WORDS)
    goal = draw(st.none() | st.tuples(AMOUNTS, WORDS))
    return Lines(title, note, labels, series, goal=goal)


PICTURES = st.one_of(BARS, SPREADS, line_charts())


@settings(max_examples=settings().max_examples // 2)
@given(PICTURES, st.sampled_from(["light", "dark"]))
def test_no_text_leaves_its_frame_lies_over_another_or_lacks_a_letter(
    picture: Picture, theme: Theme
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_faults(drawing.draw(picture, theme)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_of_any_name_is_a_png_of_a_phones_width(name: str) -> None:
    content = render_png(Bars(name, name, (Bar(name, name, 1.0, 0.5, name),)))
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", content[16:20]) == (WIDTH,)
