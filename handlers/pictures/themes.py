"""The colours of pictures, a light and a dark theme, distinct for every kind of colour vision.

The hues are those of Okabe and Ito, chosen for all kinds of colour vision
(https://jfly.uni-koeln.de/color/); tones differ in lightness too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.pictures.chart_data import Theme, Tone


@dataclass(frozen=True)
class Colours:
    """The colours of one theme: paper, ink, faint ink, the empty track of a bar, tones of data."""

    paper: str
    ink: str
    faint: str
    track: str
    tones: Mapping[Tone, str]


THEMES: Mapping[Theme, Colours] = {
    "light": Colours(
        paper="#FFFFFF",
        ink="#1B1F24",
        faint="#57606A",
        track="#E8EBEF",
        tones={
            "plain": "#0072B2",
            "good": "#009E73",
            "bad": "#D55E00",
            "second": "#9CCBEA",
            "quiet": "#A9B1BA",
        },
    ),
    "dark": Colours(
        paper="#17212B",
        ink="#F2F5F8",
        faint="#A7B3BF",
        track="#2B3947",
        tones={
            "plain": "#56B4E9",
            "good": "#2CC79A",
            "bad": "#F0894A",
            "second": "#2F6E9B",
            "quiet": "#66727E",
        },
    ),
}
