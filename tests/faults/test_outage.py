"""Days of silence, thousands of nudges due: one digest for each member, and the bot stays quick."""

from __future__ import annotations

import asyncio
import gc
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import psutil
import pytest
from sqlalchemy import insert

from bot.app import App
from bot.clock import SetClock
from bot.delivery.loop import Delivery
from handlers.contract.words import Words
from handlers.team.create_team import TeamFacts, add_member, create_team
from storage.engine import Database
from storage.tables.messages import Nudge, Outbox
from storage.tables.people_and_deals import Customer, Deal, Identity, Role
from storage.tables.steps import Step
from tests.bot.delivery.recorder import Recorder
from tests.databases import without_waiting_for_the_disk
from tests.faults.report import Report, sized
from tests.office import PLATFORM, empty

Row = dict[str, object]
pytestmark = pytest.mark.faults

MEMBERS = sized(40, 1000)
EACH = sized(12, 50)  # nudges due to each
TEAMS = sized(4, 20)
DOWN = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)  # a Tuesday
BACK = DOWN + timedelta(days=3)
LATENCY = 0.1  # seconds, the 99th percentile of the event loop's
GROWTH = 50.0  # MB
AWAY = Words("en").line("digest.daily_digest.catch_up", name="Rep", counts="").split(",")[0]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    path = tmp_path / "outage.db"
    path.write_bytes(empty())
    database = Database(f"sqlite:///{path}")
    without_waiting_for_the_disk(database)
    app = App(database, SetClock(DOWN))
    yield app
    app.close()


def staffed(app: App) -> list[tuple[int, int]]:
    """Members of some teams, as (team, member)."""
    found = []
    with app.database.work() as memory:
        for number in range(TEAMS):
            boss = create_team(memory, TeamFacts(f"T{number}", "en", "UTC", "EUR"), "Kim", DOWN)
            boss.digest_due_at = None
            team = memory.members.get_team(boss.team_id)
            for _ in range(MEMBERS // TEAMS):
                rep = add_member(memory, team, "Rep", Role.REP, DOWN)
                rep.digest_due_at = None
                found.append((team.id, rep.id))
        for team_id, member_id in found:
            identity = Identity(
                team_id=team_id, member_id=member_id, platform=PLATFORM, account_id=f"m{member_id}",
                address=f"m{member_id}", last_active_at=DOWN,
            )  # fmt: skip
            memory.members.save_identity(identity)
    return found


def due_meanwhile(app: App, chance: random.Random, *, written: bool) -> int:
    """Steps of every member that come due while nothing is sent; with `written` in the outbox."""
    deals: list[Row] = []
    customers: list[Row] = []
    steps: list[Row] = []
    nudges: list[Row] = []
    messages: list[Row] = []
    for team_id, member_id in staffed(app):
        for _ in range(EACH):
            number = len(deals) + 1
            at = DOWN + timedelta(seconds=chance.uniform(60, 40 * 3600))
            customers.append(
                {"id": number, "team_id": team_id, "name": f"C{number}", "name_key": f"c{number}",
                 "industry": "", "created_at": DOWN}
            )  # fmt: skip
            deals.append(deal(number, team_id, member_id, at, due=not written))
            key = f"ring:{number}:{int(at.timestamp())}"
            steps.append(step(number, team_id, member_id, at, rings=not written))
            nudges.append(
                {"id": number, "team_id": team_id, "deal_id": number, "member_id": member_id,
                 "step_id": number, "key": key, "kind": "step", "n": 1,
                 "made_at": at, "answer": "", "folded": False}
            )  # fmt: skip
            messages.append(message(number, team_id, member_id, at))
    with app.database.engine.begin() as connection:
        connection.execute(insert(Customer), customers)
        connection.execute(insert(Deal), deals)
        connection.execute(insert(Step), steps)
        if written:
            connection.execute(insert(Nudge), nudges)
            connection.execute(insert(Outbox), messages)
    return len(deals)


def deal(number: int, team_id: int, member_id: int, at: datetime, *, due: bool) -> Row:
    return {
        "id": number, "team_id": team_id, "customer_id": number, "owner_id": member_id,
        "stage": "qualified", "status": "live", "currency": "EUR", "next_step": "call",
        "next_step_at": at, "stage_since": DOWN, "last_activity_at": DOWN, "created_at": DOWN,
        "attention_at": at if due else None, "attention_kind": "step" if due else "",
        "nudges_sent": 0 if due else 1, "rhythm": 0,
    }  # fmt: skip


def step(number: int, team_id: int, member_id: int, at: datetime, *, rings: bool) -> Row:
    return {
        "id": number, "team_id": team_id, "deal_id": number, "member_id": member_id,
        "text": "call", "at": at, "state": "open", "anyway": False, "made_at": DOWN,
        "ring_at": at if rings else None, "rang_for": None if rings else at,
    }  # fmt: skip


def message(number: int, team_id: int, member_id: int, at: datetime) -> Row:
    return {
        "team_id": team_id, "member_id": member_id, "key": f"nudge:{number}", "kind": "nudge",
        "subject_id": number, "due_at": at, "wanted_at": at, "state": "pending", "owner": "",
        "attempts": 0, "repeated": False, "platform": "", "message_ref": "", "trouble": "",
    }  # fmt: skip


@dataclass
class Felt:
    """How late the event loop was, in seconds, each time it was asked; and the memory's growth."""

    late: list[float] = field(default_factory=list)
    growth: float = 0.0


@asynccontextmanager
async def felt() -> AsyncIterator[Felt]:
    """Asks the event loop a hundred times a second while the block runs."""
    gc.collect()  # else a collection of all that the tests have loaded may fall into the block
    found, process = Felt(), psutil.Process()
    before, most = process.memory_info().rss, 0

    async def ask() -> None:
        nonlocal most
        while True:
            began = perf_counter()
            await asyncio.sleep(0.01)
            found.late.append(perf_counter() - began - 0.01)
            most = max(most, process.memory_info().rss)

    asking = asyncio.create_task(ask())
    try:
        yield found
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        found.growth = max(0, most - before) / 2**20


@pytest.mark.parametrize("written", [False, True], ids=["all was down", "the platform was down"])
async def test_after_three_days_each_member_gets_one_digest_and_the_bot_stays_quick(
    app: App, report: Report, *, written: bool
) -> None:
    chance = random.Random(report.seed)
    nudges = due_meanwhile(app, chance, written=written)
    report.fault("nudges due in three days of silence", nudges)
    assert isinstance(app.clock, SetClock)
    app.clock.move_to(BACK)
    post = Recorder(app.clock)
    delivery = Delivery(app, {PLATFORM: post})
    await delivery.tidy()  # what is loaded once is no growth
    async with felt() as found:
        began = perf_counter()
        for _second in range(3):
            await delivery.tick()
            app.clock.move(timedelta(seconds=1))
        seconds = perf_counter() - began
    got = Counter(each.address.account_id for each in post.received)
    report.holds(
        "each member gets one message", {*got.values()} == {1}, dict(Counter(got.values()))
    )
    report.holds("all of them do", len(got) == MEMBERS // TEAMS * TEAMS, len(got))
    away = all(AWAY in each.text for each in post.received)
    report.holds("it is the digest of what was missed", away)
    late = sorted(found.late)
    p99 = late[int(len(late) * 0.99)]
    report.holds(
        f"loop latency p99 below {LATENCY * 1000:.0f} ms", p99 < LATENCY, f"{p99 * 1000:.0f} ms"
    )
    report.holds(
        f"memory grows by less than {GROWTH:.0f} MB",
        found.growth < GROWTH,
        f"{found.growth:.0f} MB",
    )
    report.note(f"{nudges} nudges of {len(got)} members in {seconds:.1f} s")


async def test_without_coalescing_members_would_get_one_message_after_the_other(
    app: App, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudges = due_meanwhile(app, random.Random(report.seed), written=True)
    report.fault("nudges due in three days of silence", nudges)
    assert isinstance(app.clock, SetClock)
    app.clock.move_to(BACK)
    post = Recorder(app.clock)
    monkeypatch.setattr("handlers.digest.send_time.CATCH_UP", nudges)
    await Delivery(app, {PLATFORM: post}).tick()
    most = max(Counter(each.address.account_id for each in post.received).values())
    report.holds("somebody gets a day's budget of them instead of one digest", most > 1, most)
