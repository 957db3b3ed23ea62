"""The terminal as a process in a pipe: plain, repeatable to the byte, and quiet at its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli

HOUSE = Path(__file__).resolve().parents[3]
NOW = "2026-11-18T10:00+01:00[Europe/Berlin]"
DAY = """\
lead Acme, Jane Doe, +44 20 7946 0958, 12k, inbound, jane@acme.com
next acme tomorrow 3pm send the offer
invite
invite manager 3
link
obj too expensive
deals
:wait 3d4h
today
card add
cancel
:as nobody
/start
:help
funnel"""


def run(folder: Path, typed: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """`python -m bot terminal` with this on its standard input, in a folder of its own."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(HOUSE),
        "PYTHONIOENCODING": "utf-8:strict",
    }
    return subprocess.run(  # noqa: S603 our own program with our own words
        [sys.executable, "-m", "bot", "terminal", *arguments],
        input=typed,
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_the_same_lines_print_the_same_bytes_in_every_run(tmp_path: Path) -> None:
    runs = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        runs.append(run(folder, DAY.encode(), "--db", "day.db", "--as", "Ann", "--now", NOW))
    first, second = runs
    assert first.stdout == second.stdout
    assert [(each.returncode, each.stderr) for each in runs] == [(0, b""), (0, b"")]
    told = first.stdout.decode()
    assert told.count("/start ") >= 3
    assert "\x1b" not in told
    assert "> " not in told
    assert "\n\n\n" not in told
    assert "[Thu 19 Nov 15:00]" in told


@pytest.mark.slow
def test_what_is_not_text_is_read_as_far_as_it_is(tmp_path: Path) -> None:
    typed = b"lead Acme \xff\xfe, 12k\r\nnote acme \xed\xa0\xbd hi\r\ndeals"
    done = run(tmp_path, typed, "--db", "day.db", "--as", "Ann", "--now", NOW)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().count("Acme") >= 3


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--now", "yesterday", "2026-11-18T10:00+01:00"),
        ("--db", "nothing://ann:secret@here", "not the address of an SQLite or PostgreSQL"),
        ("--db", "no/such/folder/day.db", "does not open"),
    ],
)
def test_a_wrong_option_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with patch("bot.__main__.set_up_logs"):
        done = CliRunner().invoke(cli, ["terminal", option, value])
    assert done.exit_code == 2
    said = " ".join(done.output.replace("│", " ").split())
    assert told in said
    assert "Traceback" not in said
    assert "secret" not in said
