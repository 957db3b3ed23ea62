"""When the power fails, every lead that was acknowledged is there: the file is cut at any byte.

The model: what SQLite has synced by the moment of the answer stays; of what is written afterwards
any part may be on the disk. That a commit is synced is asked of the bot's own connection, at each.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from storage.engine import Database
from storage.migrate import upgrade
from tests.fakes.botapi import BotApi
from tests.fakes.botapi.calls import Call
from tests.fakes.botapi.errors import Json
from tests.fakes.botapi.world import World
from tests.faults import points, promises
from tests.faults.process import started
from tests.faults.promises import rows, whole
from tests.faults.report import Report, sized
from tests.faults.storms import stopped

pytestmark = pytest.mark.faults

LEADS = sized(25, 300)
FULL = 2  # what PRAGMA synchronous answers


@dataclass
class Disk:
    """The bot's file and its log at the moment of each answer, and as they were a moment later."""

    path: Path
    synced: list[tuple[bytes, bytes]] = field(default_factory=list)

    def now(self) -> tuple[bytes, bytes]:
        """The bytes of the file and of its write-ahead log."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return self.path.read_bytes(), log.read_bytes() if log.exists() else b""

    def answered(self) -> None:
        """The bot says that it has kept what it was told."""
        self.synced.append(self.now())


async def _led(
    api: BotApi, tmp_path: Path, report: Report, faults: dict[str, str]
) -> tuple[list[str], list[tuple[bytes, bytes]], list[tuple[bytes, bytes]]]:
    """Tells the bot leads, one after the other; their names, the disk at each answer and later."""
    chance, path = random.Random(report.seed), tmp_path / "leads.db"
    told = promises.at_random(chance, LEADS, 1.0)
    promises.keep(path, promises.Promises({}), 1)
    promises.introduce(api, 1)
    told.begin()
    disk, later, rep = Disk(path), [], api.user(promises.FIRST_ACCOUNT, "Ann", wrote=True)
    send = api.door.methods["sendMessage"]

    def answering(world: World, call: Call) -> Json:
        disk.answered()
        message: Json = send(world, call)
        return message

    api.door.methods["sendMessage"] = answering
    process = started(api, path, told.clock | faults)
    for number, name in enumerate(told.due, start=1):
        rep.says(f"/lead {name}")
        await api.wait_for(number, 30)
        later.append(disk.now())
    assert await stopped(process) == 0
    return list(told.due), disk.synced[: len(told.due)], later


async def test_after_a_power_cut_every_acknowledged_lead_is_there(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    chance, sync = random.Random(report.seed), tmp_path / "sync"
    names, synced, later = await _led(api, tmp_path, report, {points.SYNCED: str(sync)})
    lost = 0
    for number, (before, after) in enumerate(zip(synced, later, strict=True), start=1):
        cut = tmp_path / "cut.db"
        _write(cut, *_torn(before, after, chance))
        report.fault("power cut at a random byte of the log")
        found = _found_after(cut)
        lost += len(set(names[:number]) - found)
        report.holds("the file is in order", not any(whole(cut).values()))
    report.holds("every acknowledged lead is there", not lost, f"{lost} lost of {len(names)}")
    report.holds("each commit was synced", set(sync.read_text().split()) == {str(FULL)})


async def test_a_log_that_is_not_synced_loses_leads_in_the_same_cut(
    api: BotApi, tmp_path: Path, report: Report
) -> None:
    chance = random.Random(report.seed)
    names, synced, _later = await _led(api, tmp_path, report, {})
    lost = 0
    for number, (file, log) in enumerate(synced, start=1):
        cut = tmp_path / "cut.db"
        _write(cut, file, log[: chance.randrange(len(log))])
        report.fault("power cut at a random byte, with nothing synced")
        lost += len(set(names[:number]) - _found_after(cut))
    report.holds("leads are lost", lost, lost)


def _torn(
    before: tuple[bytes, bytes], after: tuple[bytes, bytes], chance: random.Random
) -> tuple[bytes, bytes]:
    """The disk when the power fails between two moments: the later log's beginning, any byte of it.

    Once the log has been written back into the file it was synced, so that all of it is there.
    """
    (file, log), (later_file, later_log) = before, after
    if file != later_file:
        return later_file, later_log
    at = chance.randrange(len(later_log) + 1)
    return file, later_log[:at] + log[at:]


def _write(path: Path, file: bytes, log: bytes) -> None:
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    path.write_bytes(file)
    path.with_name(f"{path.name}-wal").write_bytes(log)


def _found_after(path: Path) -> set[str]:
    """The customers that are there when the bot starts on the file again."""
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return {str(name) for (name,) in rows(path, "select name from customer")}
