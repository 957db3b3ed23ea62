"""How long it takes to find whom a mistyped name means, among as many names as a large team has."""

from __future__ import annotations

import random

from handlers.reading import NameIndex
from tests.bench.tables import Size, Table, percentile, timed

COLUMNS = ("NAMES", "p50 ms", "p99 ms", "build s")
COUNTS = (2_000, 10_000)
WORDS = "alpha beta gamma delta blue green sky river stone north data cloud soft net works".split()
SLIPS = ("alhpa bteta", "blu sky rvier", "nroth", "gren ston daat")  # near to names, and no names


def measured(size: Size) -> Table:
    """The milliseconds until a name typed with slips is found."""
    return Table(
        COLUMNS,
        tuple(_row(count, size.queries) for count in COUNTS),
        ("Each query is mistyped, so that every name is compared; 10 ms are meant for 2,000.",),
    )


def _row(count: int, queries: int) -> tuple[str, float, float, float]:
    chance = random.Random(count)
    with timed() as build:
        index = NameIndex(made_up(count, chance))
        index.find("warm up qqq")
    took = []
    for number in range(queries):
        with timed() as watch:
            index.find(SLIPS[number % len(SLIPS)])
        took.append(1000 * watch.seconds)
    return f"{count:,} names", percentile(took, 0.5), percentile(took, 0.99), build.seconds


def made_up(count: int, chance: random.Random) -> list[tuple[int, str]]:
    """Names of three words each, with their ids."""
    return [(place, " ".join(chance.sample(WORDS, 3)) + " Ltd") for place in range(count)]
