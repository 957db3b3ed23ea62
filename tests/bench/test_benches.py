"""Every bench still runs and prints the rows it promises: here of the smallest size."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HOUSE = Path(__file__).resolve().parents[2]
PROMISED = {
    "pictures": {
        "funnel, English": 4,
        "funnel, Chinese": 4,
        "forecast": 4,
        "goal": 4,
    },
    "reports": {
        "bare SQL": 4,
        "report quarter": 4,
        "report quarter of one": 4,
        "forecast": 4,
    },
    "messages": {
        "Repmate, 2 people at once": 4,
        "bare echo, 2 people at once": 4,
        "Repmate, 1 person": 4,
        "bare echo, 1 person": 4,
    },
    "slack": {
        "Repmate, 2 at once": 6,
        "bare Bolt, 2 at once": 6,
        "Repmate, 1 person": 6,
        "bare Bolt, 1 person": 6,
        "Repmate, slow disk, 2 at once": 6,
    },
    "leads": {"raw sqlite3": 4, "Repmate, whole request": 4, "Repmate, handler alone": 4},
    "lookup": {
        "30 phrasings, Repmate": 6,
        "30 phrasings, WRatio": 2,
        "60 phrasings, Repmate": 6,
        "60 phrasings, WRatio": 2,
    },
    "names": {"2,000 names": 3, "10,000 names": 3},
    "startup": {
        "python alone": 3,
        "the libraries alone": 3,
        "Repmate, its database there": 3,
        "Repmate, a new database": 3,
        "Repmate, Telegram": 3,
    },
    "nudges": {
        "next due, µs p50": 3,
        "next due, µs p99": 3,
        "empty sweep, µs p50": 3,
        "empty sweep, µs p99": 3,
        "claim of 100, ms p50": 3,
        "claim of 100, ms p99": 3,
        "load, rows a second": 3,
        "on disk, bytes each": 3,
        "due to sent, ms p50": 3,
        "due to sent, ms p99": 3,
        "never sent": 2,
        "memory of the bot, MB": 1,
    },
}
FIGURE = re.compile(r"[\d,]+(?:\.\d+)?x?")


@pytest.mark.parametrize("name", PROMISED)
def test_a_bench_prints_the_rows_it_promises(name: str) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.bench", name, "--size", "tiny"]
    printed = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)  # noqa: S603 our own command
    assert printed.returncode == 0, printed.stderr
    lines = [line.strip() for line in printed.stdout.splitlines()]
    for row, figures in PROMISED[name].items():
        [line] = [line for line in lines if line.startswith(f"{row}  ")]
        shown = line.removeprefix(row).replace("–", "").split()
        assert len(shown) == figures
        assert all(FIGURE.fullmatch(figure) for figure in shown), line


def test_a_bench_nobody_has_written_is_refused() -> None:
    command = [sys.executable, "-m", "tests.bench", "nonsense"]
    printed = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)  # noqa: S603 our own command
    assert printed.returncode == 2
    assert all(name in printed.stderr for name in PROMISED)
