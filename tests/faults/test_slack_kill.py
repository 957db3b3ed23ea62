"""What Slack was told is taken has its one effect, whatever kills the process or the socket."""

from __future__ import annotations

import asyncio
import random
import string
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest

from handlers.team.create_team import add_member
from storage.tables.people_and_deals import Identity, Role, Team
from tests.bot.slack.serving import NOW, made, serving, setup_of
from tests.fakes.slackapi import Delivery, SlackApi, User
from tests.faults import points
from tests.faults.process import on_slack
from tests.faults.promises import rows
from tests.faults.report import Report, sized

pytestmark = pytest.mark.faults

KILLS = sized(5, 50)
PEOPLE = 10
AT_A_TIME = 10  # events and commands between two kills
AGAIN = (0.0, 0.5, 2.0)  # Slack's schedule of retries, made short
LONGEST_AWAY = 30.0  # seconds without a socket
PATIENCE = 60.0


@pytest.fixture
async def slack() -> AsyncIterator[SlackApi]:
    """A Slack in real time."""
    async with SlackApi(now=time.time) as slack:
        slack.deliveries.schedule = AGAIN
        yield slack


def team_of(path: Path, slack: SlackApi) -> list[User]:
    """A database file with a team, and its reps in the workspace."""
    database = made(path)
    blue = Team(name="Blue", language="en", time_zone="UTC", currency="EUR", created_at=NOW)
    reps = [slack.user(f"Rep {number}") for number in range(PEOPLE)]
    with database.work() as memory:
        team = memory.members.add_team(blue)
        for rep in reps:
            member = add_member(memory, team, rep.account.name, Role.REP, NOW)
            member.digest_due_at = None
            memory.members.save_identity(
                Identity(
                    team_id=team.id,
                    member_id=member.id,
                    platform="slack",
                    account_id=f"{slack.team.id}.{rep.id}",
                    address=rep.id,
                    last_active_at=NOW,
                )
            )
    database.close()
    return reps


def customers(chance: random.Random) -> list[str]:
    """Names like no others, so that no lead is taken for a double."""
    letters = string.ascii_lowercase
    return ["".join(chance.choices(letters, k=14)).capitalize() for _ in range(AT_A_TIME)]


def told(chance: random.Random, rep: User, name: str) -> Delivery:
    """A lead by a message or by a command; a command is never told again."""
    if chance.random() < 0.5:
        return rep.commands("/lead", name)
    said = rep.says(f"lead {name}")
    assert said is not None
    return said


def is_settled(deliveries: Mapping[str, Delivery]) -> bool:
    """Whether each has been acknowledged, or Slack has given it up."""
    return all(one.state in ("acked", "lost") for one in deliveries.values())


async def answered(slack: SlackApi, path: Path, deliveries: Mapping[str, Delivery]) -> None:
    """Waits until nothing is on its way, and what was kept is answered or put aside."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await slack.wait_for(lambda: is_settled(deliveries), PATIENCE)
            await slack.idle(quiet=0.2, timeout=PATIENCE)
            states = {state for (state,) in rows(path, "select distinct state from inbox")}
            if states <= {"answered", "dead"}:
                return


async def test_what_was_acknowledged_before_a_kill_has_its_one_effect_after_the_restart(
    slack: SlackApi, tmp_path: Path, report: Report
) -> None:
    chance, path = random.Random(report.seed), tmp_path / "slack.db"
    reps, deliveries = team_of(path, slack), dict[str, Delivery]()
    undone: set[str] = set()
    for kill in range(KILLS):
        held = kill % 2 == 0  # taken and not begun; else in the middle of the work
        process = on_slack(slack, path, {points.HOLD: "1"} if held else None)
        await slack.connected(timeout=PATIENCE)
        fresh = {name: told(chance, chance.choice(reps), name) for name in customers(chance)}
        deliveries |= fresh
        acks = len(slack.sockets.acks) + chance.randint(1, AT_A_TIME)
        await slack.wait_for(
            lambda: len(slack.sockets.acks) >= acks or is_settled(fresh),  # noqa: B023 - awaited here
            PATIENCE,
        )
        process.kill()
        await asyncio.to_thread(process.join)
        await slack.wait_for(lambda: not slack.sockets.open, PATIENCE)
        undone |= _undone(path, deliveries)
        report.fault("kill -9 after the ack, before the work" if held else "kill -9 amid the work")
    process = on_slack(slack, path)
    await answered(slack, path, deliveries)
    process.terminate()
    await asyncio.to_thread(process.join)
    report.holds("it ends in order", process.exitcode == 0, process.exitcode)
    report.holds("a kill does find acknowledged work undone", undone, len(undone))
    _judge(report, path, deliveries)


def _undone(path: Path, deliveries: Mapping[str, Delivery]) -> set[str]:
    """Which were acknowledged and have had no effect yet."""
    known = {name for (name,) in rows(path, "select name from customer")}
    return {name for name, one in deliveries.items() if one.state == "acked"} - known


def _judge(report: Report, path: Path, deliveries: Mapping[str, Delivery]) -> None:
    effects = Counter(name for (name,) in rows(path, "select name from customer"))
    taken = [name for name, one in deliveries.items() if one.state == "acked"]
    missing = [name for name in taken if effects[name] == 0]
    doubled = [name for name, times in effects.items() if times > 1]
    report.holds("each acknowledged one has its effect", not missing, f"{len(taken)} acknowledged")
    report.holds("none has two", not doubled, len(doubled))
    report.holds("none is put aside", rows(path, "select 1 from inbox where state = 'dead'") == [])
    report.note(f"{len(deliveries)} told, {len(deliveries) - len(taken)} never acknowledged")


def refused_once(slack: SlackApi) -> None:
    """The connection is cut, and the address of the next is refused."""
    slack.sockets.refuse_handshakes = 1
    slack.sockets.drop()


BREAKS: Mapping[str, Callable[[SlackApi], None]] = {
    "closed": lambda slack: slack.sockets.close(),
    "cut": lambda slack: slack.sockets.drop(),
    "half open": lambda slack: slack.sockets.half_open(),
    "silent": lambda slack: slack.sockets.silence(),
    "garbage": lambda slack: slack.sockets.garbage(),
    "refresh_requested": lambda slack: slack.sockets.disconnect("refresh_requested"),
    "warning": lambda slack: slack.sockets.disconnect("warning"),
    "too_many_websockets": lambda slack: slack.sockets.disconnect("too_many_websockets"),
    "refused once": refused_once,
}


async def test_after_every_break_of_the_socket_it_is_back_in_time_and_no_event_is_lost(
    tmp_path: Path, report: Report
) -> None:
    async def broken(kind: str) -> float:
        async with SlackApi(now=time.time) as slack:
            slack.deliveries.schedule = (0.0, 5.0, 10.0, 15.0)
            setup = setup_of(slack, ping_seconds=5.0)
            path = tmp_path / f"{kind}.db"
            async with serving(slack, path, setup):
                BREAKS[kind](slack)
                began = time.monotonic()
                said = slack.user("Ann").says("hello")
                assert said is not None
                await slack.wait_for(lambda: said.state in ("acked", "lost"), PATIENCE)
                report.holds(f"{kind}: no event is lost", said.state == "acked", said.attempts)
                return time.monotonic() - began

    away = await asyncio.gather(*(broken(kind) for kind in BREAKS))
    for kind, seconds in zip(BREAKS, away, strict=True):
        report.fault(kind)
        report.holds(f"{kind}: back in time", seconds < LONGEST_AWAY, f"{seconds:.1f} s")
