"""The process is killed, the database locked: each update has exactly one effect all the same."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import string
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from handlers.team.create_team import add_member
from storage.tables.people_and_deals import Identity, Role, Team
from tests.bot.telegram.serving import NOW, made
from tests.fakes.botapi import BotApi, User
from tests.faults.process import started

pytestmark = pytest.mark.faults

UPDATES = 500
KILLS = 20
PEOPLE = 25


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database file with a team of as many reps as there are people."""
    path = tmp_path / "repmate.db"
    database = made(path)
    blue = Team(name="Blue", language="en", time_zone="UTC", currency="EUR", created_at=NOW)
    with database.work() as memory:
        team = memory.members.add_team(blue)
        for number in range(1, PEOPLE + 1):
            rep = add_member(memory, team, f"Rep {number}", Role.REP, NOW)
            rep.digest_due_at = None
            memory.members.save_identity(
                Identity(
                    team_id=team.id,
                    member_id=rep.id,
                    platform="telegram",
                    account_id=str(number),
                    address=str(number),
                    last_active_at=NOW,
                )
            )
    database.close()
    return path


def people(api: BotApi) -> list[User]:
    return [api.user(number, f"Rep {number}", wrote=True) for number in range(1, PEOPLE + 1)]


def customer(chance: random.Random) -> str:
    """A name like no other, so that no lead is taken for a double."""
    return "".join(chance.choices(string.ascii_lowercase, k=14)).capitalize()


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


async def all_answered(api: BotApi, path: Path, updates: int) -> None:
    """Waits until so many updates are kept and each is answered or put aside."""
    while True:
        await api.idle(timeout=30)
        states = Counter(state for (state,) in rows(path, "select state from inbox"))
        if states["answered"] + states["dead"] == updates:
            return


async def test_twenty_kills_amid_500_updates_leave_each_exactly_one_effect(
    api: BotApi, path: Path
) -> None:
    chance = random.Random(20)
    reps, told = people(api), [customer(chance) for _ in range(UPDATES)]
    untold = iter(told)
    for kill in range(KILLS):
        for _ in range(UPDATES // KILLS):
            chance.choice(reps).says(f"/lead {next(untold)}")
        process = started(api, path)
        # Sometimes while it starts or receives, mostly somewhere in the middle of the answers.
        before, soon = len(api.sent), chance.randrange(UPDATES // KILLS)
        if kill % 4:
            await api.wait_for(lambda: len(api.sent) >= before + soon, timeout=20)  # noqa: B023 - awaited here
        else:
            await asyncio.sleep(chance.random() * 0.6)
        process.kill()
        await asyncio.to_thread(process.join)
    process = started(api, path)
    await all_answered(api, path, UPDATES)
    process.terminate()
    await asyncio.to_thread(process.join)
    assert process.exitcode == 0
    assert rows(path, "select count(*) from inbox where state = 'dead'") == [(0,)]
    logged = Counter(name for (name,) in rows(path, "select name from customer"))
    assert logged == Counter(told)
    assert rows(path, "select count(*) from deal") == [(UPDATES,)]
    assert rows(path, "select count(*) from event") == [(UPDATES,)]
    everything = "\n".join(text for rep in reps for text in api.chat(rep.id).texts)
    assert [name for name in told if name not in everything] == []


async def test_a_database_locked_for_ten_seconds_loses_nothing_and_is_said_once(
    api: BotApi, path: Path
) -> None:
    [ann, *_others] = people(api)
    process = started(api, path)
    ann.says("/lead Firstcustomer")
    await all_answered(api, path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ann.says("/lead Secondcompany")
        ann.says("/lead Thirdthing")
        await asyncio.sleep(10)
        assert len(api.updates.waiting) == 2
        other.execute("ROLLBACK")
    await all_answered(api, path, 3)
    process.terminate()
    await asyncio.to_thread(process.join)
    names = [name for (name,) in rows(path, "select name from customer order by id")]
    assert names == ["Firstcustomer", "Secondcompany", "Thirdthing"]
    texts = api.chat(ann.id).texts
    assert len([text for text in texts if "Your message is safe" in text]) == 1
    assert len(texts) == 4
