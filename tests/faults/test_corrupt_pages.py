"""Pages found corrupt while serving: the process ends with one line, and loses nothing it got.

The pages are destroyed in the file under a running bot, as a failing disk does. Then the good pages
are put back, as from a copy that is in order, and the next process answers what has waited.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.botapi import BotApi
from tests.faults import promises
from tests.faults.process import log_of, started
from tests.faults.promises import FIRST_ACCOUNT, Promises, rows, whole
from tests.faults.report import Report, sized
from tests.faults.storms import stopped

pytestmark = pytest.mark.faults

PAGE = 4096
PEOPLE = 4
LINE = "Stopped: the database bad.db is damaged"
Garbage = Callable[[random.Random], bytes]
GARBAGE: dict[str, Garbage] = {
    "zeros": lambda _chance: bytes(PAGE),
    "noise": lambda chance: chance.randbytes(PAGE),
    "ones": lambda _chance: b"\xff" * PAGE,
}
# Met by every lead; by the outbox and nudges; by every message before it is anything at all.
TABLES = sized(
    (("deal", "customer"), ("nudge", "outbox"), ("inbox",)),
    (("deal",), ("customer",), ("event",), ("nudge",), ("outbox",), ("member",), ("inbox",)),
)


class Broken:
    """A database file whose pages of some tables are destroyed, and can be put back."""

    def __init__(self, path: Path, tables: Sequence[str], garbage: bytes) -> None:
        self.path = path
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            _empty_log(connection)
            pages = [page for table in tables for (page,) in connection.execute(ROOTS, (table,))]
            self.good = {page: self._swap(page, garbage) for page in pages}
            # A new version of the file: whoever has read these pages before reads them anew.
            connection.execute("update alembic_version set version_num = version_num")
            connection.commit()

    def repair(self) -> None:
        """Puts the good pages back."""
        for page, content in self.good.items():
            self._swap(page, content)

    def _swap(self, page: int, content: bytes) -> bytes:
        with self.path.open("r+b") as file:
            file.seek((page - 1) * PAGE)
            before = file.read(PAGE)
            file.seek((page - 1) * PAGE)
            file.write(content)
        return before


def _empty_log(connection: sqlite3.Connection) -> None:
    """Moves every page of the write-ahead log into the file."""
    for _ in range(100):
        busy, *_ = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        if not busy:
            return
    raise AssertionError("the bot does not pause")


def start(api: BotApi, path: Path, told: Promises) -> ForkServerProcess:
    return started(api, path, told.clock)


COUNTED = (
    "select customer.name, count(*) from deal join customer on customer.id = customer_id group by 1"
)
ROOTS = "select rootpage from sqlite_master where tbl_name = ? and rootpage > 0"
DEAD = "select id from {} where state = 'dead'"
NAMES = [f"Zyx{number}qu Wvut{number}po" for number in range(8)]


@pytest.mark.parametrize("tables", TABLES, ids="+".join)
@pytest.mark.parametrize("kind", GARBAGE)
async def test_pages_found_corrupt_stop_the_process_and_nothing_is_put_aside(
    api: BotApi, tmp_path: Path, report: Report, kind: str, tables: Sequence[str]
) -> None:
    chance, path = random.Random(report.seed), tmp_path / "bad.db"
    told = promises.at_random(chance, 8, 1.0)
    promises.keep(path, told, PEOPLE)
    people = [
        api.user(FIRST_ACCOUNT + number, f"Rep {number}", wrote=True) for number in range(PEOPLE)
    ]
    told.begin(-6.0)  # the nudges come due while the pages are broken
    process = start(api, path, told)
    people[0].says("/lead Firstever")
    await api.wait_for(lambda: any("Firstever" in sent.text for sent in api.sent), 30)
    await api.idle(quiet=0.5, timeout=30)

    broken = Broken(path, tables, GARBAGE[kind](chance))
    report.fault(f"{kind} in pages of {'+'.join(tables)}", len(broken.good))
    for number, name in enumerate(NAMES):
        people[number % PEOPLE].says(f"/lead {name}")
    await _ends(process, path, report, 1)
    report.holds("nobody is told of a failure", *_none(failures(api)))
    await _ends(start(api, path, told), path, report, 2)

    broken.repair()
    report.holds("the file is in order", *_none([each for each in whole(path).values() if each]))
    report.holds("no message was put aside", *_none(rows(path, DEAD.format("inbox"))))
    report.holds("no nudge was given up", *_none(rows(path, DEAD.format("outbox"))))
    await _goes_on(api, path, told, report)


async def _goes_on(api: BotApi, path: Path, told: Promises, report: Report) -> None:
    """On the repaired file everything that has waited is done, once."""
    process = start(api, path, told)
    await api.wait_for(lambda: all(answered(api, name) for name in NAMES), 40)
    await api.wait_for(lambda: all(told.arrived(api).values()), 40)
    await api.idle(quiet=0.5, timeout=30)
    found = dict(rows(path, COUNTED))
    report.holds("each lead is in once", *_none([name for name in NAMES if found.get(name) != 1]))
    came = told.arrived(api).items()
    report.holds("each nudge came once", *_none([name for name, at in came if len(at) != 1]))
    report.holds("it stops in order", await stopped(process) == 0)


async def _ends(process: ForkServerProcess, path: Path, report: Report, times: int) -> None:
    """The process ends, and says why in the last line of its log; `times` counts those lines."""
    await asyncio.to_thread(process.join, 40)
    log = log_of(path)
    report.holds("it ends with status 2", process.exitcode == 2, process.exitcode)
    report.holds("one line says why", log.count(LINE) == times, log.count(LINE))
    report.holds("it is the last", log.splitlines()[-1].startswith(LINE), log.splitlines()[-1])
    report.holds("no traceback is logged", "Traceback" not in log)


def _none(found: list[Any]) -> tuple[bool, list[Any]]:
    return not found, found


def answered(api: BotApi, name: str) -> bool:
    return any(name in sent.text and "✓" in sent.text for sent in api.sent)


def failures(api: BotApi) -> list[str]:
    return [sent.text for sent in api.sent if "nothing was changed" in sent.text.casefold()]
