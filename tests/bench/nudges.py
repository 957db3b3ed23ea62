"""Measures a million pending nudges beside APScheduler's job store, and how soon each is sent."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psutil

from bot.delivery.loop import IN_FLIGHT
from tests.bench.pending import CLAIM, Ours, Theirs, asked, swept
from tests.bench.tables import Figure, Size, Table, percentile, times, written
from tests.fakes.botapi import BotApi
from tests.faults import process, promises, rival
from tests.faults.promises import FIRST_ACCOUNT, Promises

A_SECOND = 20
PEOPLE = 200
PATIENCE = 10.0  # seconds that the last may be late
SLOWEST_LOAD = 30  # jobs a second
ASKED = 500
Pair = tuple[float, float]


def measured(size: Size) -> Table:
    """The table."""
    with tempfile.TemporaryDirectory() as made:
        path, jobs = Path(made) / "nudges.db", Path(made) / "jobs.db"
        people = min(PEOPLE, size.sends)
        told = promises.at_random(random.Random(1), size.sends, size.sends / A_SECOND)
        promises.keep(path, told, people)
        ours, theirs = Ours(path, size.nudges, people), Theirs(jobs, size.jobs)
        try:
            rows = _rows(size, ours, theirs)
        finally:
            ours.close()
            theirs.close()
        process.warm()
        sent, memory = asyncio.run(_sent(path, told, people))
        rivals = asyncio.run(_sent_by_rival(Path(made) / "rival.db", told))
    for share in (0.5, 0.99):
        figures = [percentile(waits, share) * 1000 for waits in (sent, rivals)]
        rows.append(_row(f"due to sent, ms p{share * 100:.0f}", figures[0], figures[1]))
    rows.append(("never sent", *(float(size.sends - len(waits)) for waits in (sent, rivals)), None))
    rows.append(("memory of the bot, MB", memory, None, None))
    return Table(_columns(size), tuple(rows), _notes(size, people))


def _columns(size: Size) -> tuple[str, ...]:
    return (f"{size.nudges:,} NUDGES PENDING", "Repmate", "APScheduler", "ratio")


def _rows(size: Size, ours: Ours, theirs: Theirs) -> list[tuple[Figure, ...]]:
    claims = min(size.nudges, size.jobs) // CLAIM - 1
    questions = min(ASKED, size.nudges)
    found: list[tuple[Figure, ...]] = []
    sweeps = asyncio.run(swept(questions, ours))
    for name, scale, mine, other in (
        ("next due, µs", 1e6, asked(questions, ours.next_due), asked(questions, theirs.next_due)),
        (
            "empty sweep, µs",
            1e6,
            sweeps,
            asked(questions, theirs.sweep),
        ),
        ("claim of 100, ms", 1e3, asked(claims, ours.claim), asked(claims, theirs.claim)),
    ):
        found += [_row(f"{name} {p}", *_shares(mine, other, share, scale)) for p, share in _SHARES]
    turns = min(claims, (size.nudges - claims * CLAIM) // IN_FLIGHT)
    fair = asked(turns, ours.claim_fairly)
    for p, share in _SHARES:
        found.append((f"a tick's claim, ms {p}", percentile(fair, share) * 1e3, None, None))
    found.append(_row("load, rows a second", ours.rows_a_second, theirs.rows_a_second))
    found.append(_row("on disk, bytes each", ours.bytes_each, theirs.bytes_each))
    return found


_SHARES = (("p50", 0.5), ("p99", 0.99))


def _shares(mine: Sequence[float], other: Sequence[float], share: float, scale: float) -> Pair:
    return percentile(mine, share) * scale, percentile(other, share) * scale


def _row(name: str, mine: float, other: float) -> tuple[Figure, ...]:
    return name, mine, other, times(mine, other)


async def _sent(path: Path, told: Promises, people: int) -> tuple[list[float], float]:
    """Seconds from due to sent for each nudge, and the serving process's megabytes at the end."""
    async with BotApi() as api:
        promises.introduce(api, people)
        told.begin()
        bot = process.started(api, path, told.clock, a_second=30.0)
        try:
            waits = await _arrived(api, told)
            return waits, psutil.Process(bot.pid).memory_info().rss / 1e6
        finally:
            await _ended(bot)


async def _sent_by_rival(path: Path, told: Promises) -> list[float]:
    """The same for jobs of APScheduler's, with none beside them; those that it sends."""
    async with BotApi() as api:
        api.user(FIRST_ACCOUNT, wrote=True)
        lead = len(told.due) / SLOWEST_LOAD
        told.begin(-lead)
        await rival.promise(path, api, told.due, FIRST_ACCOUNT, lead)
        bot = rival.started(path)
        try:
            return await _arrived(api, told)
        finally:
            await _ended(bot)


async def _arrived(api: BotApi, told: Promises) -> list[float]:
    last = max(told.due.values()) - told.now() + PATIENCE
    await api.pulse.until(lambda: len(api.sent) >= len(told.due), last)
    return [times[0] - told.due[name] for name, times in told.arrived(api).items() if times]


async def _ended(bot: ForkServerProcess) -> None:
    bot.terminate()
    await asyncio.to_thread(bot.join, PATIENCE)


def _notes(size: Size, people: int) -> tuple[str, ...]:
    return (
        f"Repmate: {size.nudges:,} messages in the outbox and as many live deals yet to be nudged"
        " about, in one SQLite file with synchronous=FULL, loaded in bulk. APScheduler 3: its"
        f" SQLAlchemyJobStore with {size.jobs:,} jobs, each kept by add_job; a million would take"
        " it half an hour, and more jobs make none of its figures better.",
        "An empty sweep is a whole tick that finds nothing due, among deals, messages and members;"
        f" a claim of {CLAIM} is committed. APScheduler has no claim: its due jobs are fetched and"
        " taken out one by one, as its scheduler does before they run. A tick's claim is of up to"
        f" {IN_FLIGHT}, one a member and fair among teams.",
        f"Due to sent: {written(size.sends)} nudges at {A_SECOND} a second to {people} reps, by a"
        " bot's own process on that file through the Telegram adapter to a local server;"
        " APScheduler's jobs send a bare message each. Memory is the bot's resident set.",
    )
