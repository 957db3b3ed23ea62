"""An import at the command line is killed again and again: every card is in once in the end."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.office import founded

pytestmark = pytest.mark.faults

CARDS = 800
HOUSE = Path(__file__).resolve().parents[2]


def imported(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        query = "select count(*) from card_change where kind = 'imported'"
        return int(connection.execute(query).fetchone()[0])


def started(folder: Path) -> subprocess.Popen[bytes]:
    arguments = ("--yes", "--team", "Blue Harbour", "--db", "kill.db")
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "cards", "import", "many.csv", *arguments],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.DEVNULL,
    )


def killed_after(folder: Path, cards: int) -> None:
    process = started(folder)
    while imported(folder / "kill.db") < cards and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.wait()


def test_a_killed_import_is_carried_on_by_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "kill.db").write_bytes(founded("en"))
    rows = "".join(f"k{n},Strange thing {n},No.\n" for n in range(CARDS))
    (tmp_path / "many.csv").write_text(f"key,objection,say\n{rows}", encoding="utf-8")
    for share in (1, 2, 3):
        killed_after(tmp_path, share * CARDS // 4)
    assert 0 < imported(tmp_path / "kill.db") < CARDS
    assert started(tmp_path).wait(120) == 0
    assert imported(tmp_path / "kill.db") == CARDS
    with closing(sqlite3.connect(tmp_path / "kill.db")) as connection:
        query = "select count(*), count(distinct key) from card where key like 'k%' and team_id = 1"
        both = connection.execute(query + " and substr(key, 2) between '0' and '9999'").fetchone()
    assert both == (CARDS, CARDS)
