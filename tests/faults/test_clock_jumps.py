"""The wall clock is set forward and back, in service and out of it: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from bot.clock import ShiftedClock
from bot.delivery.loop import Delivery
from bot.delivery.scheduler import run_ticks
from tests.bot.delivery.recorder import Recorder
from tests.faults.report import Report, sized
from tests.office import Office, opened

pytestmark = pytest.mark.faults

STEPS = sized(12, 60)
HOURS = sized(48, 24 * 14)
EVERY = timedelta(minutes=10)  # between two ticks
JUMPS = {
    "two hours back": timedelta(hours=-2),
    "two hours ahead": timedelta(hours=2),
    "a day ahead": timedelta(days=1),
    "slewed back": timedelta(seconds=-40),
    "slewed ahead": timedelta(seconds=40),
}
A_DAY = 5  # nudges to one member, of which the rest is folded into a digest


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


@pytest.mark.parametrize("serving", [True, False], ids=["running", "down"])
async def test_however_the_clock_is_set_each_step_is_spoken_of_once_and_none_is_forgotten(
    office: Office, report: Report, *, serving: bool
) -> None:
    chance = random.Random(report.seed)
    post = Recorder(office.clock)
    await steps(office, chance)
    most = 0
    delivery = Delivery(office.app, {post.platform: post})
    end = office.clock.now() + timedelta(hours=HOURS)
    for _round in range(int(timedelta(hours=HOURS) / EVERY)):
        before = len(post.received)
        if office.clock.now() < end:
            await delivery.tick()
        most = max(most, len(post.received) - before)
        office.clock.move(EVERY)
        if chance.random() < 0.08:
            kind = chance.choice([*JUMPS])
            report.fault(kind)
            office.clock.move(JUMPS[kind])
            if not serving:  # it is started anew after the jump, and what it knew is gone
                report.fault("restart")
                delivery = Delivery(office.app, {post.platform: post})
    office.clock.move_to(max(office.clock.now(), end) + timedelta(days=3))
    for _hour in range(30):
        await delivery.tick()
        office.clock.move(timedelta(hours=1))
    judge(office, report, post, most)


async def steps(office: Office, chance: random.Random) -> None:
    """Booked steps of two people, all over the time that is played."""
    for number in range(STEPS):
        who = chance.choice(("Ann", "Bo"))
        at = office.clock.now() + timedelta(minutes=chance.randrange(30, HOURS * 60))
        await office.says(who, f"lead Customer{number}")
        await office.says(who, f"next customer{number} {at.astimezone():%Y-%m-%d %H:%M} call")


def judge(office: Office, report: Report, post: Recorder, most: int) -> None:
    sent = office.one("select count(*) from outbox where state = 'sent'")
    report.holds("each message leaves once", len(post.received) == sent, (len(post.received), sent))
    own = "select count(*), count(distinct step_id) from nudge where key like 'ring:%'"
    [(made, rang)] = office.rows(own)
    booked = office.one("select count(*) from step where state = 'open'")
    report.holds("each step's time comes once", made == rang == booked, (made, rang, booked))
    left = office.one("select count(*) from outbox where state in ('pending', 'claimed')")
    report.holds("nothing is left behind", left == 0, left)
    unsaid = "select count(*) from nudge where folded and key like 'ring:%'"
    digests = sum(kind in ("digest", "catch_up") for (kind,) in office.rows(
        "select kind from outbox where state = 'sent'"
    ))  # fmt: skip
    folded = office.one(unsaid)
    report.holds(
        "what is not said by itself is in a digest", not folded or digests, (folded, digests)
    )
    report.holds("no storm", most <= 2 * (A_DAY + 2), f"{most} at once, of two people")
    repeated = Counter(each.text for each in post.received if "twice" in each.text)
    report.holds("nothing is called a repeat", not repeated, len(repeated))


class Ticks:
    """Counts ticks, in Delivery's place."""

    def __init__(self) -> None:
        self.pulses = 0

    async def start_tick(self) -> None:
        self.pulses += 1

    async def tidy(self) -> None:
        """Nothing to tidy."""

    async def finish(self) -> None:
        """Nothing under way."""


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "APScheduler alone"])
async def test_ticks_go_on_after_the_clock_is_set_back_which_they_would_not_by_themselves(
    report: Report, monkeypatch: pytest.MonkeyPatch, *, watched: bool
) -> None:
    clock, ticks = ShiftedClock(), Ticks()

    class Wall(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.now().astimezone(tz)

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Wall)
    delivery = cast("Delivery", ticks)
    with capture_logs():
        async with run_ticks(delivery, clock if watched else None):
            await asyncio.sleep(1.5)
            clock.move(timedelta(hours=-2))
            report.fault("two hours back")
            await asyncio.sleep(1.2)  # a tick may be under way
            before = ticks.pulses
            await asyncio.sleep(4)
            after = ticks.pulses
    rule = "they go on" if watched else "they stop"
    report.holds(rule, (after - before >= 2) is watched, f"{after - before} in four seconds")
