"""A bot that is killed while nudges come due loses none, is never early, and marks its repeats."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from tests.fakes.botapi import BotApi
from tests.faults import promises, rival
from tests.faults.process import log_of, started
from tests.faults.promises import Flying, Promises
from tests.faults.report import Report, sized
from tests.faults.storms import LONGEST, kill_storm, stopped, up

pytestmark = pytest.mark.faults

NUDGES = sized(120, 1000)
SECONDS = sized(10.0, 150.0)
KILLS = sized(12, 200)
PEOPLE = sized(40, 200)
RIVAL_NUDGES, RIVAL_SECONDS, RIVAL_KILLS = sized((240, 6.0, 12), (1000, 60.0, 60))
STORMS = 5  # a short one may by luck kill nothing between the job's removal and its sending
RIVAL_LEAD = sized(2.0, 15.0)  # seconds to keep the jobs in
LATE = sized(15.0, 5.0)  # a short storm shares its machine with others
LATENCY = 0.02  # seconds in which a message has arrived, and its sender does not know it yet


async def test_a_kill_storm_loses_no_nudge_and_repeats_only_what_was_in_flight(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    chance, path = random.Random(report.seed), tmp_path / "storm.db"
    told = promises.at_random(chance, NUDGES, SECONDS)
    promises.keep(path, told, PEOPLE)
    promises.introduce(api, PEOPLE)
    api.door.latency = LATENCY
    flying: list[Flying] = []
    told.begin()

    def start() -> ForkServerProcess:
        return started(api, path, told.clock)

    def dead(born: float, died: float) -> None:
        told.lived(born, died)
        flying.append(promises.in_flight(path))

    await kill_storm(api, chance, KILLS, SECONDS, start, dead)
    born = up(api)
    await _let_finish(api, told, start(), born)
    report.fault("kill -9", KILLS)
    amid = [now - before for before, now in pairwise([Flying(), *flying])]
    report.fault("kill -9 with messages in flight", sum(1 for claimed in amid if claimed))
    _judge(report, path, told, api, flying)
    assert "Traceback" not in log_of(path), log_of(path)


@pytest.mark.parametrize("grace", sized((1,), (1, None)))
async def test_the_same_storm_costs_apscheduler_s_own_store_some(
    api: BotApi, tmp_path: Path, report: Report, grace: int | None
) -> None:
    chance, lost, storms = random.Random(report.seed), 0, 0
    api.user(1, wrote=True)
    api.door.latency = LATENCY
    while not lost and storms < STORMS:
        storms += 1
        lost = await _lost_by_rival(api, chance, tmp_path / f"{storms}.db", grace)
        report.fault("kill -9", RIVAL_KILLS)
    seen = f"{lost} of {RIVAL_NUDGES} in storm {storms}"
    report.holds("APScheduler's SQLAlchemyJobStore loses some", lost, seen)


async def _lost_by_rival(api: BotApi, chance: random.Random, path: Path, grace: int | None) -> int:
    """How many of a storm's nudges never arrive from APScheduler's store."""
    due = {f"{path.stem}-{n}": chance.random() * RIVAL_SECONDS for n in range(RIVAL_NUDGES)}
    told = Promises(due)
    told.begin(-RIVAL_LEAD)
    await rival.promise(path, api, told.due, 1, RIVAL_LEAD, grace)
    await asyncio.sleep(max(0.0, -told.now()))

    def start() -> ForkServerProcess:
        return rival.started(path)

    await kill_storm(api, chance, RIVAL_KILLS, RIVAL_SECONDS, start, told.lived, LONGEST)
    process = start()
    await asyncio.sleep(max(0.0, RIVAL_SECONDS - told.now()) + LATE)
    await stopped(process)
    return len(told.due.keys() - {sent.text for sent in api.sent})


async def _let_finish(
    api: BotApi, told: Promises, process: ForkServerProcess, born: asyncio.Task[float]
) -> None:
    """Lets a last process send what is left; it then stops when told to."""
    left = max(0.0, max(told.due.values()) - told.now())
    await api.pulse.until(lambda: all(told.arrived(api).values()), left + 12 * LATE)
    await api.idle(quiet=1.5, timeout=60)
    told.lived(await born, asyncio.get_running_loop().time())
    assert await stopped(process) == 0


def _judge(report: Report, path: Path, told: Promises, api: BotApi, flying: list[Flying]) -> None:
    arrived = told.arrived(api)
    lost = [name for name, times in arrived.items() if not times]
    early = [name for name, times in arrived.items() if times and times[0] < told.due[name] - 0.01]
    again = {name for name, times in arrived.items() if len(times) > 1}
    copies = sum(len(times) - 1 for times in arrived.values() if times)
    report.holds("no nudge is lost", not lost, f"{len(lost)} of {len(told.due)} lost")
    report.holds("no nudge is early", not early, f"{len(early)} early")
    claimed = set().union(*flying)  # of each process's claims once, however long they stand
    named = {name for name, _owner in claimed}
    report.holds(
        "what is repeated was in flight at a kill",
        copies <= len(claimed) and again <= named,
        f"{copies} repeats, {len(claimed)} in flight at {len(flying)} kills",
    )
    unmarked = again - promises.repeated(path)
    report.holds("each repeat is marked so", not unmarked, f"{len(unmarked)} not marked")
    slowest = max((told.delay(n, times[0]) for n, times in arrived.items() if times), default=0.0)
    rule = f"none waits {LATE:.0f} s for a living bot"
    report.holds(rule, slowest < LATE, f"{slowest:.2f} s at most")
    report.holds("kills hit messages in flight", any(flying))
    report.holds("the file is in order", not any(promises.whole(path).values()))
