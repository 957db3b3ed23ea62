"""What a picture shows, as data: every word in it is there already, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
Tone = Literal["plain", "good", "bad", "second", "quiet"]
Legend = tuple[tuple[Tone, str], ...]  # what each colour means
Shown = Callable[[float], str]  # how a value is written, say as money


@dataclass(frozen=True)
class Bar:
    """One row: its label, its value in words and as a length of at least 0.

    `part` is what of the value stands out, such as what is likely to come of it. `detail` is a
    small line below, `between` one between this row and the next, such as who went on.
    """

    label: str
    shown: str
    value: float
    part: float | None = None
    detail: str = ""
    between: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True)
class Bars:
    """Rows one below the other. `legend` says what the whole bar is and what its part."""

    title: str
    note: str
    bars: tuple[Bar, ...]
    legend: Legend = ()


@dataclass(frozen=True)
class Series:
    """Values over the picture's labels; None where there is none (yet)."""

    name: str
    values: tuple[float | None, ...]
    tone: Tone = "plain"


@dataclass(frozen=True)
class Columns:
    """Columns side by side over each label, such as created and won by week."""

    title: str
    note: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    shown: Shown = "{:,.0f}".format


@dataclass(frozen=True)
class Lines:
    """Lines over labels, such as what was won by day; `goal` is a level to reach, with its name."""

    title: str
    note: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    shown: Shown = "{:,.0f}".format
    goal: tuple[float, str] | None = None


@dataclass(frozen=True)
class Reach:
    """A range from `low` to `high` with its middle, and a mark of its own (a goal, an override)."""

    label: str
    shown: str
    low: float
    middle: float
    high: float
    detail: str = ""
    mark: float | None = None
    tone: Tone = "plain"


@dataclass(frozen=True)
class Spread:
    """Ranges one below the other on one scale, such as a forecast in several ways."""

    title: str
    note: str
    reaches: tuple[Reach, ...]
    legend: Legend = ()
    shown: Shown = "{:,.0f}".format


Picture = Bars | Columns | Lines | Spread
