"""A disk that is full, read-only or failing: it is said, nothing is half kept, all goes on alone.

No special rights are taken: the system's limit on the size of a process's files makes its writes
fail at the n-th page, SQLite's own limit of pages makes the disk full, a lock is another program's.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.botapi import BotApi, User
from tests.faults import points, promises
from tests.faults.process import log_of, started
from tests.faults.promises import FIRST_ACCOUNT, Promises, rows, whole
from tests.faults.report import Report, sized
from tests.faults.storms import stopped

pytestmark = pytest.mark.faults

NTH = sized((1, 5, 9), tuple(range(1, 31)))
LOCKED = sized(6.0, 30.0)  # seconds; the bot waits five for a lock before it says so
LONG_NOTES = 4
PAGE = 4096 + 24  # bytes of a page in the write-ahead log
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
SAID = ("disk is full or failing", "busy for a moment")


@dataclass
class Bench:
    """A bot that serves one rep, and the file that it writes."""

    api: BotApi
    rep: User
    path: Path
    pid: int

    async def lead(self, name: str, befallen: Callable[[], Awaitable[None]]) -> bool:
        """Tells a lead amid a fault, which ends; whether the rep was told of trouble meanwhile."""
        before = len(self.api.sent)
        self.rep.says(f"/lead {name}")
        await befallen()
        await self.api.wait_for(
            lambda: any("✓" in sent.text for sent in self.api.sent[before:]), 40
        )
        await self.api.idle(quiet=0.3, timeout=30)
        return self._told(before)

    async def trouble(self, before: int, seconds: float = 20.0) -> None:
        """Waits until the rep is told of trouble, or the lead is in all the same."""
        done = ("✓", *SAID)
        await self.api.wait_for(
            lambda: any(word in sent.text for sent in self.api.sent[before:] for word in done),
            seconds,
        )

    def halves(self) -> list[object]:
        """Leads of which only a part is there."""
        customers = rows(self.path, "select count(*) from customer")
        deals = rows(self.path, "select count(*) from deal")
        events = rows(self.path, "select count(*) from event where kind = 'created'")
        return [customers, deals, events] if not customers == deals == events else []

    def _told(self, before: int) -> bool:
        return any(word in sent.text for sent in self.api.sent[before:] for word in SAID)


@asynccontextmanager
async def serving(api: BotApi, path: Path) -> AsyncIterator[Bench]:
    promises.keep(path, Promises({}), 1)
    rep = api.user(FIRST_ACCOUNT, "Ann", wrote=True)
    clock = Promises({})
    clock.begin()
    process = started(api, path, clock.clock | {points.PRAGMA: str(path.with_suffix(".pragma"))})
    bench = Bench(api, rep, path, process.pid or 0)
    await bench.lead("Firstever", _nothing)
    try:
        yield bench
    finally:
        assert await stopped(process) == 0


async def _nothing() -> None:
    return


async def test_a_write_that_fails_at_any_page_keeps_no_half_of_a_lead(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    told = promises.at_random(random.Random(report.seed), len(NTH), 1.0)
    async with serving(api, tmp_path / "bad.db") as bench:
        log = bench.path.with_name(f"{bench.path.name}-wal")
        for nth, name in zip(NTH, told.due, strict=True):
            before = len(api.sent)
            room = log.stat().st_size + (nth - 1) * PAGE + PAGE // 2
            resource.prlimit(bench.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

            async def lifted(before: int = before) -> None:
                await bench.trouble(before)
                report.holds("no lead is half there", not bench.halves(), bench.halves())
                resource.prlimit(bench.pid, resource.RLIMIT_FSIZE, UNLIMITED)

            if await bench.lead(name, lifted):
                report.fault("write error at a page")
        _judge(report, bench, len(told.due))


async def test_a_full_read_only_or_locked_database_is_said_and_goes_on_alone(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    async with serving(api, tmp_path / "bad.db") as bench:
        pragma = bench.path.with_suffix(".pragma")
        for number, (kind, on, off) in enumerate(
            (
                ("disk full", "max_page_count=1", "max_page_count=1073741823"),
                ("read-only database", "query_only=ON", "query_only=OFF"),
            )
        ):
            before = len(api.sent)
            pragma.write_text(on)

            async def lifted(before: int = before, off: str = off) -> None:
                for _ in range(LONG_NOTES):  # they need pages of their own
                    bench.rep.says(f"/note Firstever {'told us much ' * 300}")
                await bench.trouble(before)
                report.holds("no lead is half there", not bench.halves(), bench.halves())
                pragma.write_text(off)

            said = await bench.lead(_name(number), lifted)
            report.fault(kind)
            report.holds(f"{kind}: the rep is told", said)
        report.holds("the lock: the rep is told", await bench.lead("Lockedout", _locked(bench)))
        report.fault("database locked")
        _judge(report, bench, 3)


def _locked(bench: Bench) -> Callable[[], Awaitable[None]]:
    async def locked() -> None:
        with closing(sqlite3.connect(bench.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(LOCKED)
            other.execute("ROLLBACK")

    return locked


def _name(number: int) -> str:
    return ("Qazwsxedc Rfvtgb", "Plokmijn Uhbygv")[number]


def _judge(report: Report, bench: Bench, leads: int) -> None:
    found = rows(bench.path, "select count(*) from deal")
    report.holds("each lead is in once, without being sent again", found == [(leads + 1,)], found)
    report.holds(
        "nothing is put aside", not rows(bench.path, "select 1 from inbox where state = 'dead'")
    )
    report.holds("the file is in order", not any(whole(bench.path).values()))
    report.holds("no traceback is logged", "Traceback" not in log_of(bench.path))
