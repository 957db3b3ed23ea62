"""What a bench answers: a table of medians, printed for a terminal; and how sizes are given."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable

Figure = float | str | None


@dataclass(frozen=True)
class Size:
    """How much to measure: `messages` and `leads` are those of one round of each kind."""

    rounds: int
    people: int
    messages: int
    customers: int
    leads: int
    wordings: tuple[int, ...]
    queries: int
    starts: int
    nudges: int
    jobs: int
    sends: int
    deals: int


FULL = Size(5, 25, 400, 1000, 100, (250, 10_000, 100_000), 400, 5, 1_000_000, 20_000, 600, 100_000)
QUICK = Size(3, 25, 200, 1000, 50, (250, 10_000), 400, 3, 100_000, 5_000, 200, 10_000)
TINY = Size(1, 2, 6, 5, 3, (30, 60), 16, 1, 1500, 1200, 5, 120)


@dataclass(frozen=True)
class Table:
    """Rows of figures: the first column names what was measured, `notes` say how."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]
    notes: tuple[str, ...] = ()


def show(table: Table, console: Console) -> None:
    """Prints a table, its notes below it."""
    drawn = RichTable(box=box.SIMPLE)
    for place, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if place else "left", no_wrap=True)
    for row in table.rows:
        drawn.add_row(*map(written, row))
    console.print(drawn)
    for note in table.notes:
        console.print(Padding(note, (0, 1)), highlight=False)
    console.print()


def written(figure: Figure) -> str:
    """A figure with three digits that count: 1,234, 56.7 and 0.89."""
    if figure is None:
        return "–"
    if isinstance(figure, str):
        return figure
    digits = 0 if abs(figure) >= 100 else 1 if abs(figure) >= 10 else 2
    return f"{figure:,.{digits}f}"


def times(figure: float, other: float) -> str:
    """How many times `other` goes into `figure`: 0.42x."""
    return f"{written(figure / other)}x" if other else "–"


def median_of(rounds: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The median of each column over all rounds."""
    return tuple(statistics.median(column) for column in zip(*rounds, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Watch:
    """Seconds that passed inside a `with timed()`."""

    seconds = 0.0


@contextmanager
def timed() -> Iterator[Watch]:
    """Measures what is done inside it."""
    watch, start = Watch(), perf_counter()
    try:
        yield watch
    finally:
        watch.seconds = perf_counter() - start
