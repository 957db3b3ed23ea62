"""Rows that can never be sent: given up after so many tries, seen by the admin, felt by nobody."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from bot.delivery.loop import Delivery
from bot.delivery.outbox import TRIES
from handlers.contract.reply import Reply, lines, to_json
from storage.tables.messages import Outbox
from storage.unit_of_work import UnitOfWork
from tests.bot.delivery.recorder import Recorder
from tests.faults.report import Report, sized
from tests.office import Office, opened, said

pytestmark = pytest.mark.faults

POISON = sized(12, 120)
NEIGHBOURS = sized(40, 400)
MINUTES = sized(10, 30)
STEP = 5.0  # seconds between two ticks
BODIES = {
    "raises": "{not json",
    "a megabyte": to_json(Reply(lines("x" * 1_000_000))),
    "no reply": '["neither", "this"]',
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


def in_file(office: Office, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(office.path)) as connection:
        connection.execute(statement, values)
        connection.commit()


def notice(office: Office, key: str, to: str, after: float, body: str) -> None:
    with office.app.database.work() as memory:
        memory.outbox.put(
            Outbox(
                team_id=1,
                member_id=office.member(to),
                key=key,
                kind="notice",
                due_at=office.clock.now() + timedelta(seconds=after),
                body=body,
            )
        )


async def pass_minutes(office: Office, delivery: Delivery, minutes: float) -> None:
    for _step in range(int(minutes * 60 / STEP)):
        await delivery.tick()
        office.wait(seconds=STEP)


async def test_poison_is_given_up_and_its_neighbours_get_theirs_in_time(
    office: Office, report: Report
) -> None:
    post = Recorder(office.clock)
    delivery = Delivery(office.app, {post.platform: post})
    began = office.clock.now()
    due = poisoned(office, random.Random(report.seed), report)
    with capture_logs():
        await pass_minutes(office, delivery, MINUTES)
        in_file(office, "update member set removed_at = '2026-11-18' where name = 'Bo'")
        notice(office, "after removal", "Bo", 1, to_json(Reply(lines("secret"))))
        report.fault("deleted user")
        await pass_minutes(office, delivery, 1)
    state = dict(office.rows("select key, state from outbox"))
    alive = [key for key in state if key.startswith("poison") and state[key] != "dead"]
    report.holds("all poison is given up", not alive, f"{len(alive)} of {POISON} left")
    tries = "select max(attempts), min(attempts) from outbox where trouble like 'not composed%'"
    [most] = office.rows(tries)
    report.holds(f"after {TRIES} tries, no more and no fewer", most == (TRIES, TRIES), most)
    in_time(report, post, due, began)
    report.holds("a deleted user gets nothing", state["after removal"] == "cancelled")
    await seen_by_the_admin(office, report, post)


def poisoned(office: Office, chance: random.Random, report: Report) -> dict[str, float]:
    """Puts poison between the messages of two people; seconds to each good one's time."""
    due = {}
    for number in range(POISON):
        kind = chance.choice([*BODIES])
        notice(office, f"poison:{number}", chance.choice(("Ann", "Mia")), number, BODIES[kind])
        report.fault(kind)
    for number in range(NEIGHBOURS):
        due[f"hello {number}"] = after = chance.random() * 120
        body = to_json(Reply(lines(f"hello {number}")))
        notice(office, f"n:{number}", chance.choice(("Ann", "Mia")), after, body)
    return due


def in_time(report: Report, post: Recorder, due: dict[str, float], began: datetime) -> None:
    got: dict[str, list[float]] = {text: [] for text in due}
    for each in post.received:
        got.setdefault(each.text, []).append((each.at - began).total_seconds())
    report.holds("each neighbour comes once", all(len(got[text]) == 1 for text in due))
    late_by = max(got[text][0] - due[text] for text in due)
    report.holds(f"and within {2 * STEP:.0f} s", late_by <= 2 * STEP, f"{late_by:.1f} s at most")


async def seen_by_the_admin(office: Office, report: Report, post: Recorder) -> None:
    told = [each.address.account_id for each in post.received if "not be sent" in each.text]
    report.holds("the admin is told, once, and nobody else", told == ["member-Kim"], told)
    shown = said(await office.says("Kim", "health"))
    report.holds("and sees it", f"{POISON} messages could not be sent" in shown, shown[:40])


async def test_a_member_with_a_broken_zone_silences_nobody_else_and_hears_it_all_once_mended(
    office: Office, report: Report
) -> None:
    post = Recorder(office.clock)
    delivery = Delivery(office.app, {post.platform: post})
    await two_steps_at_noon(office)
    notice(office, "to bo", "Bo", 60, to_json(Reply(lines("hello Bo"))))
    in_file(office, "update member set time_zone = 'Mars/Olympus' where name = 'Bo'")
    in_file(office, "update member set digest_due_at = '2026-11-18 10:59:00' where name = 'Bo'")
    report.fault("bad zone name")
    office.clock.move_to(datetime(2026, 11, 18, 11, 0, tzinfo=UTC))
    with capture_logs():
        await pass_minutes(office, delivery, 10)
    ann = [each.at for each in post.received if "Acme" in each.text]
    on_time = ann == [datetime(2026, 11, 18, 11, 0, tzinfo=UTC)]
    report.holds("others hear of theirs in time", on_time, ann)
    shown = said(await office.says("Kim", "health"))
    report.holds("the admin sees whose is broken", "Bo: everything due" in shown, shown[:200])
    report.holds("and why", "BrokenCalendar" in shown)
    in_file(office, "update member set time_zone = 'Europe/Berlin' where name = 'Bo'")
    retried = said(await office.taps("Kim", "health:retry"))
    report.holds("and tries again", "I try 1 message again" in retried, retried)
    await pass_minutes(office, delivery, 70)
    texts = "\n".join(each.text for each in post.received if each.address.chat == "Bo")
    report.holds("mended, all is said", "hello Bo" in texts and "Beta" in texts, texts[:80])


async def test_without_the_guard_one_broken_member_would_silence_everybody(
    office: Office, report: Report
) -> None:
    post = Recorder(office.clock)
    delivery = Delivery(office.app, {post.platform: post})
    await two_steps_at_noon(office)
    in_file(office, "update member set time_zone = 'Mars/Olympus' where name = 'Bo'")
    report.fault("bad zone name")
    office.clock.move_to(datetime(2026, 11, 18, 11, 0, tzinfo=UTC))
    with capture_logs(), patch("handlers.outbox.dead_letters.try_for_member", unguarded):
        await pass_minutes(office, delivery, 2)
    report.holds("nobody hears anything", not post.received, len(post.received))


def unguarded(
    _memory: UnitOfWork, _team: int, _member: int, _now: datetime, work: Callable[[], None]
) -> bool:
    work()
    return True


async def two_steps_at_noon(office: Office) -> None:
    for who, customer in (("Bo", "Beta"), ("Ann", "Acme")):
        await office.says(who, f"lead {customer}")
        await office.says(who, f"next {customer} today 12:00 call")
