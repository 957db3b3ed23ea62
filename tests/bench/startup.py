"""Measures how long Repmate takes to start and how much memory, beside its libraries alone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.bench.tables import Size, Table, median_of, timed, times
from tests.fakes.botapi import BotApi

HOUSE = Path(__file__).resolve().parents[2]
COLUMNS = ("START-UP", "seconds", "CPU s", "peak MB")
PYTHON, LIBRARIES = "python alone", "the libraries alone"
FRESH, EXISTING = "Repmate, a new database", "Repmate, its database there"
TELEGRAM = "Repmate, Telegram"
PATIENCE = 60.0  # seconds until it receives
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
# with that of whoever started it. Told to stop, it lets only the program stop.
LAUNCHER = """
import json, os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, lambda *_: None)
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
seconds = time.perf_counter() - start
print(json.dumps([status, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
KILOBYTE = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss


def measured(size: Size) -> Table:
    """The table."""
    found: dict[str, list[tuple[float, ...]]] = {}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _started(folder, _terminal("existing.db"))  # also writes the byte code later starts find
        for number in range(size.starts):
            commands = {
                PYTHON: ("-c", "pass"),
                LIBRARIES: ("-c", f"import {', '.join(STANDS_ON)}"),
                EXISTING: _terminal("existing.db"),
                FRESH: _terminal(f"fresh-{number}.db"),
            }
            for name, command in commands.items():
                found.setdefault(name, []).append(_started(folder, command))
            found.setdefault(TELEGRAM, []).append(asyncio.run(_received(folder)))
    return _table(size, {name: median_of(figures) for name, figures in found.items()})


def _terminal(file: str) -> tuple[str, ...]:
    return ("-m", "bot", "terminal", "--db", file)


def _started(folder: Path, arguments: Sequence[str]) -> tuple[float, ...]:
    """Seconds, seconds of work and peak megabytes of one Python process, from start to end."""
    printed = subprocess.run(  # noqa: S603 our own command
        _launched(arguments), cwd=folder, env=_environment(), capture_output=True, check=True
    )
    return _used(printed.stdout, printed.stderr)


async def _received(folder: Path) -> tuple[float, ...]:
    """The same of a process that serves Telegram; its seconds are those until it receives."""
    async with BotApi() as api:
        told = _environment() | {
            "DATABASE_URL": "sqlite:///existing.db",
            "TELEGRAM_TOKEN": api.token,
            "TELEGRAM_BASE_URL": api.base_url,
            "TELEGRAM_BASE_FILE_URL": api.base_file_url,
        }
        command = _launched(("-m", "bot", "run"))
        with timed() as watch:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=folder, env=told, stdout=PIPE, stderr=PIPE, start_new_session=True
            )
            with suppress(AssertionError):  # then its own words say more
                await api.wait_for(lambda: api.calls["getUpdates"] > 0, PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        printed, complained = await process.communicate()
    return watch.seconds, *_used(printed, complained)[1:]


def _launched(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-S", "-c", LAUNCHER, sys.executable, *arguments]


def _environment() -> dict[str, str]:
    """Nothing that whoever runs the bench has set, such as a token, may change what starts."""
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH", "LANG")}
    return kept | {"PYTHONPATH": str(HOUSE)}


def _used(printed: bytes, complained: bytes) -> tuple[float, ...]:
    status, seconds, worked, peak = json.loads(printed)
    if status:
        raise RuntimeError(complained.decode())
    return seconds, worked, peak * KILOBYTE / 1e6


def _table(size: Size, found: dict[str, tuple[float, ...]]) -> Table:
    rows: list[tuple[float | str, ...]] = []
    for name, figures in found.items():
        rows.append((name, *figures))
        if name in (EXISTING, TELEGRAM):
            pairs = zip(figures, found[LIBRARIES], strict=True)
            rows.append(("  ratio to the libraries", *(times(one, other) for one, other in pairs)))
    notes = (
        f"Medians of {size.starts} processes each, in turns: `python -m bot terminal --db FILE`"
        " with nothing to read, from start to end; for Telegram `python -m bot run`, the seconds"
        " until it receives.",
        f"The libraries: import {', '.join(STANDS_ON)}.",
    )
    return Table(COLUMNS, tuple(rows), notes)
