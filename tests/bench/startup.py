"""Measures how long Repmate takes to start and how much memory, beside its libraries alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.tables import Size, Table, median_of, times

HOUSE = Path(__file__).resolve().parents[2]
COLUMNS = ("START-UP", "seconds", "CPU s", "peak MB")
PYTHON, LIBRARIES = "python alone", "the libraries alone"
FRESH, EXISTING = "Repmate, a new database", "Repmate, its database there"
# What the terminal and Telegram stand on, as Repmate's own modules import them.
STANDS_ON = (
    "aiohttp",
    "alembic.command",
    "apscheduler.schedulers.asyncio",
    "babel.dates",
    "babel.numbers",
    "numpy",
    "opencc",
    "phonenumbers",
    "pydantic_settings",
    "pypinyin",
    "rapidfuzz.process",
    "regex",
    "rich.console",
    "sqlmodel",
    "structlog",
    "telegram",
    "typer",
    "tzlocal",
    "yaml",
)
# Between us and what is measured stands a small process: on Linux a new program's peak begins
# with that of whoever started it.
LAUNCHER = """
import json, os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
seconds = time.perf_counter() - start
print(json.dumps([status, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
KILOBYTE = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss


def measured(size: Size) -> Table:
    """The table."""
    with tempfile.TemporaryDirectory() as folder:
        existing = Path(folder) / "existing.db"
        _started(_terminal(existing))  # also writes the byte code that later starts find
        found: dict[str, list[tuple[float, ...]]] = {}
        for number in range(size.starts):
            commands = {
                PYTHON: ("-c", "pass"),
                LIBRARIES: ("-c", f"import {', '.join(STANDS_ON)}"),
                EXISTING: _terminal(existing),
                FRESH: _terminal(Path(folder) / f"fresh-{number}.db"),
            }
            for name, command in commands.items():
                found.setdefault(name, []).append(_started(command))
    return _table(size, {name: median_of(figures) for name, figures in found.items()})


def _terminal(file: Path) -> tuple[str, ...]:
    return ("-m", "bot", "terminal", "--db", str(file))


def _started(arguments: tuple[str, ...]) -> tuple[float, ...]:
    """Seconds, seconds of work and peak megabytes of one Python process, from start to end."""
    command = [sys.executable, "-S", "-c", LAUNCHER, sys.executable, *arguments]
    # No setting of whoever runs the bench, such as a token, may change what starts.
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH", "LANG")}
    printed = subprocess.run(command, cwd=HOUSE, env=kept, capture_output=True, check=True)  # noqa: S603 our own command
    status, seconds, worked, peak = json.loads(printed.stdout)
    if status:
        raise RuntimeError(printed.stderr.decode())
    return seconds, worked, peak * KILOBYTE / 1e6


def _table(size: Size, found: dict[str, tuple[float, ...]]) -> Table:
    rows: list[tuple[float | str, ...]] = [(name, *figures) for name, figures in found.items()]
    pairs = zip(found[EXISTING], found[LIBRARIES], strict=True)
    rows.append(
        ("  its database there, to libraries", *(times(one, other) for one, other in pairs))
    )
    notes = (
        f"Medians of {size.starts} processes each, in turns: `python -m bot terminal --db FILE`"
        " with nothing to read, from start to end.",
        f"The libraries: import {', '.join(STANDS_ON)}.",
    )
    return Table(COLUMNS, tuple(rows), notes)
