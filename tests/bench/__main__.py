"""Measures Repmate and prints a table for each bench: python -m tests.bench [NAME...]."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from time import perf_counter

from rich.console import Console

from tests.bench import (
    leads,
    lookup_speed,
    messages,
    names,
    nudges,
    pictures,
    reports,
    slack,
    startup,
)
from tests.bench.tables import FULL, QUICK, TINY, Size, Table, show

BENCHES: dict[str, Callable[[Size], Table]] = {
    "messages": messages.measured,
    "slack": slack.measured,
    "leads": leads.measured,
    "lookup": lookup_speed.measured,
    "names": names.measured,
    "startup": startup.measured,
    "nudges": nudges.measured,
    "reports": reports.measured,
    "pictures": pictures.measured,
}
WIDEST = 110  # columns of text
SIZES = {"full": FULL, "quick": QUICK, "tiny": TINY}


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the benches named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--size", choices=SIZES, default="full", help="how much to measure")
    given = parser.parse_args(arguments)
    unknown = set(given.names) - set(BENCHES)
    if unknown:
        parser.error(
            f"no bench called {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}"
        )
    console = Console()
    console.width = max(console.width, WIDEST)  # a table cut to the window tells nothing
    for name in given.names or BENCHES:
        start = perf_counter()
        show(BENCHES[name](SIZES[given.size]), console)
        console.print(f" ({name} took {perf_counter() - start:.0f} s)\n", style="dim")


if __name__ == "__main__":
    main()
