"""What charts show, as plain data; every text in it is in the reader's language already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
Tone = Literal["plain", "good", "bad", "second", "quiet"]
Legend = tuple[tuple[Tone, str], ...]  # what each colour means
FormatValue = Callable[[float], str]  # writes a value of the scale, say as money
format_whole: FormatValue = "{:,.0f}".format


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its value in words, and its value as a length of at least 0."""

    label: str
    value_text: str
    value: float
    part: float | None = None  # what of the value stands out, such as what is likely to come of it
    detail: str = ""  # a small line below the bar
    tone: Tone = "plain"


@dataclass(frozen=True)
class Bars:
    """A bar chart: bars one below the other. `legend` says what a bar is and what its part."""

    title: str
    note: str
    bars: tuple[Bar, ...]
    legend: Legend = ()


@dataclass(frozen=True)
class Series:
    """One line of a line chart: its values over the labels; None where there is none (yet)."""

    name: str
    values: tuple[float | None, ...]
    tone: Tone = "plain"


@dataclass(frozen=True)
class Lines:
    """A line chart over labels, such as the amount won by day."""

    title: str
    note: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    format_value: FormatValue = format_whole
    goal: tuple[float, str] | None = None  # a level to reach, and its name


@dataclass(frozen=True)
class Reach:
    """A range from `low` to `high` with its middle, and the middle in words."""

    label: str
    value_text: str
    low: float
    middle: float
    high: float
    detail: str = ""  # a small line below the range
    tone: Tone = "plain"


@dataclass(frozen=True)
class Spread:
    """A range chart: ranges one below the other on one scale, such as those of a forecast."""

    title: str
    note: str
    reaches: tuple[Reach, ...]
    legend: Legend = ()
    format_value: FormatValue = format_whole


Picture = Bars | Lines | Spread
