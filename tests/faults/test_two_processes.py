"""Processes on one database: on PostgreSQL they share the work, on SQLite the second stops."""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from handlers.contract.words import Words
from handlers.team.create_team import TeamFacts, create_team
from storage.engine import Database
from storage.serving_lock import SUFFIX
from tests.databases import PostgresDatabases, running_postgres
from tests.fakes.botapi import BotApi
from tests.faults import posting, promises
from tests.faults.posting import Line, Work
from tests.faults.process import commanded, log_of, started
from tests.faults.promises import BASE, Promises
from tests.faults.report import Report, sized
from tests.faults.storms import stopped
from tests.office import founded

pytestmark = pytest.mark.faults

NUDGES = sized(80, 1200)
SECONDS = sized(10.0, 120.0)
TEAMS, REPS, WORKERS, STOPPED = 4, sized(40, 120), 4, 2
LEASE = sized(2.0, 4.0)
LATENCY = 0.8  # seconds a send takes: so some are always under way
ROUNDS = sized(1, 6)  # kills and stops
LEAD = 20.0  # seconds in which the processes start
SOON = 2.0  # seconds in which a nudge leaves
REPEAT = Words("en").line("digest.due_messages.may_repeat")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database on a PostgreSQL of this test's own."""
    with running_postgres(f"f{os.getpid()}"[:12], tmp_path / "postgres.lock") as server:
        databases = PostgresDatabases(server)
        yield databases.ready()
        databases.drop()


def promised(url: str, chance: random.Random) -> Promises:
    """Teams with reps, whose next steps come due one after the other."""
    told, database = promises.at_random(chance, NUDGES, SECONDS), Database(url)
    customers = [*told.due]
    with database.work() as memory:
        teams = []
        for team in range(TEAMS):
            boss = create_team(memory, TeamFacts(f"Team {team}", "en", "UTC", "EUR"), "Kim", BASE)
            boss.digest_due_at = None
            teams.append(boss.team_id)
        for number in range(REPS):
            rep = promises._rep(memory, teams[number % TEAMS], number)
            promises._give_steps(memory, rep, customers[number::REPS], told)
    database.close()
    return told


async def test_four_processes_on_one_postgres_send_each_nudge_once_and_say_what_may_be_twice(
    url: str, tmp_path: Path, report: Report
) -> None:
    chance, ledger = random.Random(report.seed), tmp_path / "ledger"
    told = promised(url, chance)
    told.begin(at=-LEAD)
    work = Work(url, str(ledger), told.ahead, LEASE, LATENCY)
    workers = [posting.started(work) for _ in range(WORKERS)]
    await posting.ready(ledger, WORKERS, LEAD)
    await asyncio.sleep(-told.now())
    for _round in range(ROUNDS):
        await asyncio.sleep(SECONDS / (ROUNDS + 1) * 0.4)
        killed = chance.randrange(WORKERS)
        workers[killed].kill()
        report.fault("kill -9")
        workers[killed] = posting.started(work)
        others = [worker for number, worker in enumerate(workers) if number != killed][:STOPPED]
        await asyncio.gather(*(paused(worker, 2 * LEASE) for worker in others))
        report.fault("stopped for two leases", STOPPED)
    await all_sent(told, ledger)
    codes = await asyncio.gather(*(stopped(worker) for worker in workers))
    report.holds("each stops when told to", codes == [0] * WORKERS, codes)
    judge(report, told, posting.read(ledger))
    # Whether one was stopped with rows in hand is chance, and on a busy machine bad luck.
    report.note(f"{posting.log_of(ledger).count('no longer ours')} rows were found taken over")


async def paused(worker: ForkServerProcess, seconds: float) -> None:
    """Slow but alive, as a process is on a machine that swaps: its leases run out meanwhile."""
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    os.kill(worker.pid, signal.SIGCONT)


async def all_sent(told: Promises, ledger: Path) -> None:
    end = asyncio.get_running_loop().time() + SECONDS + 10 * LEASE + 20
    while asyncio.get_running_loop().time() < end:
        texts = [line.text for line in posting.read(ledger)]
        if told.due.keys() <= set().union(*map(promises._pairs, texts)):
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(LEASE)  # whatever would come twice has come by then


def judge(report: Report, told: Promises, lines: list[Line]) -> None:
    found: dict[str, list[Line]] = {name: [] for name in told.due}
    for line in lines:
        for name in promises._pairs(line.text) & told.due.keys():
            found[name].append(line)
    lost = [name for name, sent in found.items() if not sent]
    report.holds("no nudge is lost", not lost, f"{len(lost)} of {len(found)}")
    doubled = [name for name, sent in found.items() if len(sent) > 1]
    silent = [n for n in doubled if sum(REPEAT not in line.text for line in found[n]) > 1]
    report.holds("none comes twice silently", not silent, f"{len(doubled)} twice, {silent[:3]}")
    early = [n for n, sent in found.items() if sent and sent[0].at - told.began < told.due[n]]
    report.holds("none is early", not early, f"{len(early)} early")
    shares = Counter(line.process for line in lines)
    report.holds("they share the work", len(shares) > 1, sorted(shares.values()))
    calm = [n for n, sent in found.items() if sent and REPEAT not in sent[0].text]
    late = sorted(found[n][0].at - told.began - told.due[n] for n in calm)
    p50, p99 = late[len(late) // 2], late[int(len(late) * 0.99) - 1]
    report.holds(f"most leave within {SOON:.0f} s of their time", p50 < SOON, f"{p50:.2f} s")
    report.note(f"99 of 100 within {p99:.2f} s, the stops of {2 * LEASE:.0f} s included")


async def test_a_second_process_on_an_sqlite_file_says_so_and_stops(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    path = tmp_path / "one.db"
    path.write_bytes(founded("en"))
    first = started(api, path)
    await serves(path)
    second = started(api, path)
    await asyncio.to_thread(second.join, 20)
    report.fault("second process")
    report.holds("the second stops", second.exitcode == 1, second.exitcode)
    said = "another Repmate serves one.db already"
    report.holds("and says why", said in log_of(path), log_of(path)[-200:])
    report.holds("the first serves on", first.is_alive())
    lint = commanded(path, ("cards", "export", "cards.csv", "--team", "Blue Harbour"))
    await asyncio.to_thread(lint.join, 30)
    report.holds("the command line works beside it", lint.exitcode == 0, lint.exitcode)
    seen = await asyncio.to_thread(terminal, path)
    report.holds("and so does the terminal", "You are" in seen or "Ann" in seen, seen[-200:])
    first.kill()
    await asyncio.to_thread(first.join)
    report.fault("kill -9")
    third = started(api, path)
    await asyncio.sleep(2)
    report.holds("a crash releases the file", third.is_alive(), third.exitcode)
    report.holds("and a stop ends well", await stopped(third) == 0)


async def serves(path: Path) -> None:
    """Waits until a process holds the file."""
    beside = path.with_name(path.name + SUFFIX)
    for _try in range(200):
        await asyncio.sleep(0.05)
        if not beside.exists():
            continue
        with beside.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
    raise AssertionError("nobody serves")


def terminal(path: Path) -> str:
    """What a terminal on the same file shows."""
    house = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "terminal", "--db", str(path), "--as", "Ann"],
        input="lead Acme\n",
        capture_output=True,
        text=True,
        cwd=path.parent,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(house)},
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr
