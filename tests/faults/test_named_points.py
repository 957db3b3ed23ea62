"""Killed at each point that matters, the bot goes on afterwards with nothing lost or half done."""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event

from storage.engine import Database
from storage.migrate import configuration, get_newest_revision, schema_transaction
from tests.fakes.botapi import BotApi
from tests.faults import points, promises
from tests.faults.process import commanded, started
from tests.faults.promises import rows, whole
from tests.faults.report import Report, sized
from tests.faults.storms import stopped
from tests.office import founded

pytestmark = pytest.mark.faults

TIMES = sized(2, 20)
PATIENCE = 30.0  # seconds until a point is reached
NUDGES = 4  # that are due at each kill
APART = 120.0  # seconds, longer than any lease
PEOPLE = 10
OLD = "0003"
CARDS = sized(60, 300)


async def test_killed_at_any_point_of_sending_it_loses_nothing_and_repeats_what_was_in_doubt(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    chance, path = random.Random(report.seed), tmp_path / "points.db"
    order = list(points.SENDING) * TIMES
    chance.shuffle(order)
    told = promises.in_rounds(chance, len(order), NUDGES, APART)
    promises.keep(path, told, PEOPLE)
    promises.introduce(api, PEOPLE)
    doubtful: set[str] = set()
    for number, point in enumerate(order):
        told.begin(number * APART)
        reached = 1 if point.endswith("claim") else chance.randint(1, NUDGES)
        faults = told.clock | {points.DIE_AT: f"{point}#{reached}"}
        assert await _killed(started(api, path, faults)), f"{point} was not reached"
        report.fault(point)
        doubtful |= {name for name, _owner in promises.in_flight(path)}
    told.begin(len(order) * APART)
    process = started(api, path, told.clock)
    await api.wait_for(lambda: all(told.arrived(api).values()), PATIENCE)
    await api.idle(quiet=1.5, timeout=PATIENCE)
    assert await stopped(process) == 0
    _judge(report, path, told.arrived(api), told.due, doubtful)


def _judge(
    report: Report,
    path: Path,
    arrived: Mapping[str, Sequence[float]],
    due: Mapping[str, float],
    doubtful: set[str],
) -> None:
    again = {name for name, times in arrived.items() if len(times) > 1}
    early = [name for name, times in arrived.items() if times and times[0] < due[name]]
    report.holds("no nudge is lost", all(arrived.values()), f"{len(arrived)} arrived")
    report.holds("no nudge is early", not early)
    report.holds("what is repeated was in flight at a kill", again <= doubtful, len(again))
    report.holds("each repeat is marked so", again <= promises.repeated(path))
    report.holds("a kill between send and mark does repeat", again)
    report.holds("the file is in order", not any(whole(path).values()))


async def test_a_migration_killed_at_any_statement_leaves_the_old_schema_or_the_new_one(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    chance, old = random.Random(report.seed), tmp_path / "old.db"
    told = promises.at_random(chance, NUDGES, 1.0)
    promises.keep(old, told, PEOPLE)
    promises.introduce(api, PEOPLE)
    statements = _taken_back(old, tmp_path / "probe.db")
    told.begin(APART)
    stands: set[str] = set()
    for number in range(TIMES):
        path = shutil.copyfile(old, tmp_path / f"{number}.db")
        faults = told.clock | {points.DIE_AT: f"{points.MIGRATING}#{chance.randint(1, statements)}"}
        assert await _killed(started(api, path, faults)), "the migration was not killed"
        report.fault(points.MIGRATING)
        stands.add(_revision(path))
        report.holds("the file is in order", not any(whole(path).values()))
    process = started(api, path, told.clock)
    await api.wait_for(lambda: all(told.arrived(api).values()), PATIENCE)
    assert await stopped(process) == 0
    report.holds(
        "the schema is the old one or the new one", stands <= {OLD, get_newest_revision()}, stands
    )
    report.holds("the next start migrates", _revision(path) == get_newest_revision())
    report.holds("no nudge is lost", len(rows(path, "select 1 from outbox where state = 'sent'")))


async def test_an_import_killed_at_any_statement_is_whole_after_the_next(
    tmp_path: Path, report: Report
) -> None:
    chance = random.Random(report.seed)
    listed = "".join(f"k{n},Strange thing {n},No.\n" for n in range(CARDS))
    (tmp_path / "many.csv").write_text(f"key,objection,say\n{listed}", encoding="utf-8")
    arguments = ("cards", "import", "many.csv", "--yes", "--team", "Blue Harbour")
    for number in range(TIMES):
        path = tmp_path / f"import{number}.db"
        path.write_bytes(founded("en"))
        at = {points.DIE_AT: f"{points.IMPORTING}#{chance.randint(1, 3)}"}
        assert await _killed(commanded(path, arguments, at)), "the import was not killed"
        report.fault(points.IMPORTING)
        report.holds("no card is half there", not _half_cards(path))
        await _ended(commanded(path, arguments))
        report.holds("each card is in once", _imported(path) == (CARDS, CARDS), _imported(path))
        report.holds("the file is in order", not any(whole(path).values()))


async def test_an_export_killed_at_any_byte_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, report: Report
) -> None:
    chance, path = random.Random(report.seed), tmp_path / "export.db"
    path.write_bytes(founded("en"))
    arguments = ("cards", "export", "cards.csv", "--team", "Blue Harbour")
    await _ended(commanded(path, arguments))
    file = tmp_path / "cards.csv"
    content = file.read_bytes()
    for _ in range(TIMES):
        file.write_bytes(b"an older file")
        at = {points.DIE_AT: f"{points.EXPORTING}#{chance.randrange(1, len(content))}"}
        process = commanded(path, arguments, at)
        await asyncio.to_thread(process.join, PATIENCE)
        assert process.exitcode == -signal.SIGXFSZ, "the export was not killed"
        report.fault(points.EXPORTING)
        report.holds("the old file or the new", file.read_bytes() in (b"an older file", content))
        await _ended(commanded(path, arguments))
        report.holds("the next export is whole", file.read_bytes() == content)


async def _killed(process: ForkServerProcess) -> bool:
    """Waits for a process to die of its own kill -9; False when it does not."""
    await asyncio.to_thread(process.join, PATIENCE)
    died = process.exitcode == -signal.SIGKILL
    process.kill()
    return died


async def _ended(process: ForkServerProcess) -> None:
    await asyncio.to_thread(process.join, PATIENCE)
    assert process.exitcode == 0


def _taken_back(path: Path, probe: Path) -> int:
    """Makes an old file of a new one; how many statements it takes to make it new again."""
    database = Database(f"sqlite:///{path}")
    with schema_transaction(database) as connection:
        command.downgrade(configuration(connection), OLD)
    database.close()
    database, seen = Database(f"sqlite:///{shutil.copyfile(path, probe)}"), []
    event.listen(database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    with schema_transaction(database) as connection:
        seen.clear()
        command.upgrade(configuration(connection), "head")
        count = len(seen)
    database.close()
    return count


def _revision(path: Path) -> str:
    [(revision,)] = rows(path, "select version_num from alembic_version")
    return str(revision)


def _imported(path: Path) -> tuple[int, int]:
    """How many cards of the file are there, and under how many keys."""
    query = "select count(*), count(distinct key) from card where objection like 'Strange thing %'"
    [(cards, keys)] = rows(path, query)
    return int(cards), int(keys)


def _half_cards(path: Path) -> list[tuple[Any, ...]]:
    """Cards of the file without the change that tells of their import."""
    query = """select key from card where objection like 'Strange thing %' and id not in
               (select card_id from card_change where kind = 'imported')"""
    return rows(path, query)
