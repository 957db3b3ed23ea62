"""Themes: words stand out from the paper, and a picture has its theme's colours."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from handlers.pictures import Bars, Theme, render_png
from handlers.pictures.themes import THEMES


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
    drawn = Image.open(io.BytesIO(render_png(Bars("t", "n", ()), theme))).convert("RGB")
    paper = THEMES[theme].paper
    assert drawn.getpixel((2, 2)) == tuple(int(paper[at : at + 2], 16) for at in (1, 3, 5))
