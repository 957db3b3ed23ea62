"""Simulates a month of a sales floor and draws its picture: python -m tests.simulation."""

from __future__ import annotations

import argparse
import asyncio
import logging
import resource
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import structlog
from rich.console import Console

from tests.simulation.floor import Size
from tests.simulation.ledger import PROMISES, Ledger
from tests.simulation.month import Month
from tests.simulation.picture import drawn


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a month; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--reps", type=int, default=200)
    parser.add_argument("--deals", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--picture", type=Path, help="a PNG file to draw the month into")
    given = parser.parse_args(arguments)
    console = Console(width=110)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    size = Size(given.reps, given.deals, given.days, given.seed)
    begin = perf_counter()
    with tempfile.TemporaryDirectory(prefix="repmate-month-") as folder:
        month = Month(Path(folder), size, passed=lambda said: console.print(said, style="dim"))
        ledger = asyncio.run(month.run())
    _told(console, size, month, ledger, perf_counter() - begin)
    if given.picture is not None:
        title = f"{size.days} days of {size.reps} reps and {size.deals:,} deals"
        drawn(ledger, title, given.picture)
    return 1 if ledger.broken else 0


def _told(console: Console, size: Size, month: Month, ledger: Ledger, seconds: float) -> None:
    console.print(f"{size}: {seconds:.0f} s")
    console.print(
        f"{len(ledger.nudges):,} nudges, {sum(ledger.digests.values()):,} digests,"
        f" {month.acts:,} acts; {month.post.tries:,} sends tried, {month.post.failed:,} of them"
        f" failed; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most"
    )
    for promise in PROMISES:
        broken = ledger.broken[promise]
        mark = f"BROKEN {broken:,} times" if broken else "kept"
        console.print(f"  {promise:32} {ledger.checked[promise]:9,} checked  {mark}")
        for example in ledger.examples[promise] if broken else ():
            console.print(f"      {example}", style="dim", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
