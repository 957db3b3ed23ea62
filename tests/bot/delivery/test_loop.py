"""Delivery: claimed, sent, marked; tried again as told, parked, or given up, and nothing lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.delivery.loop import Delivery
from bot.delivery.outbox import LEASE, TRIES
from handlers.contract.words import Words
from storage.engine import Database
from tests.bot.delivery.recorder import Recorder, put, states
from tests.databases import without_waiting_for_the_disk
from tests.office import PLATFORM, Office

MAY_REPEAT = Words("en").line("digest.due_messages.may_repeat")


@pytest.fixture
def beside(office: Office) -> Iterator[App]:
    """Another process on the same database."""
    database = Database(f"sqlite:///{office.path}")
    without_waiting_for_the_disk(database)
    app = App(database, office.clock)
    yield app
    app.close()


async def test_a_message_is_sent_once_and_marked_with_its_reference(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello")
    assert await delivery.tick() == 1
    assert await delivery.tick() == 0
    assert post.texts == ["hello"]
    [address] = {each.address for each in post.received}
    assert (address.account_id, address.chat) == ("member-Ann", "Ann")
    sent = office.rows("select state, platform, message_ref from outbox")
    assert sent == [("sent", PLATFORM, "terminal-1")]


async def test_two_processes_that_tick_at_once_send_each_message_once(
    office: Office, delivery: Delivery, post: Recorder, beside: App
) -> None:
    put(office, *(f"{number}" for number in range(25)))
    other = Delivery(beside, {post.platform: post})
    sent = 0
    for _round in range(50):  # on a slow machine one of them may find the database busy
        ticks = (delivery.tick(), other.tick(), delivery.tick(), other.tick())
        sent += sum(await asyncio.gather(*ticks))
        if sent >= 25:
            break
    assert sent == 25
    assert sorted(post.texts, key=int) == [f"{number}" for number in range(25)]


async def test_what_was_claimed_before_a_crash_is_sent_after_its_lease_and_marked_repeated(
    office: Office, delivery: Delivery, post: Recorder, beside: App
) -> None:
    put(office, "hello")
    with (
        patch("bot.delivery.outbox.DeliveryOutbox.mark_sent", side_effect=RuntimeError),
        capture_logs(),
    ):
        await delivery.tick()
    after = Delivery(beside, {post.platform: post})
    office.clock.move(LEASE - timedelta(seconds=1))
    assert await after.tick() == 0
    office.clock.move(timedelta(seconds=1))
    assert await after.tick() == 1
    assert post.texts == ["hello", f"hello\n{MAY_REPEAT}"]
    assert office.rows("select state, repeated, attempts from outbox") == [("sent", 1, 2)]


async def test_a_removed_member_is_sent_nothing_more(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "secret", to="Bo")
    await office.taps("Kim", f"remove:{office.member('Bo')}:{office.member('Ann')}")
    assert await delivery.tick() == 0
    assert states(office) == ["cancelled"]


async def test_one_message_that_cannot_be_composed_holds_up_no_other(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "broken", "good", "fine")
    with office.app.database.work() as memory:
        first = memory.claims.claim("x", office.clock.now(), office.clock.now(), 1)[0]
        first.body = "{not json"
        memory.outbox.retry_later(first.id, "x", office.clock.now())
    with capture_logs() as log:
        for _time in range(TRIES):
            await delivery.tick()
            office.wait(minutes=6)
    assert sorted(post.texts)[:2] == ["fine", "good"]
    assert states(office) == ["dead", "sent", "sent", "sent"]  # the last one tells the admin
    assert {each["event"] for each in log} == {"message not composed", "message given up"}
    assert office.one("select trouble from outbox where state = 'dead'").startswith("not composed")


async def test_a_batch_of_what_is_no_longer_true_does_not_hold_up_the_rest(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, *(f"old {number}" for number in range(12)), kind="nudge")  # of no deal
    put(office, "hello")
    assert await delivery.tick() == 1
    assert states(office) == ["cancelled"] * 12 + ["sent"]


async def test_a_locked_database_loses_no_message(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello")
    with closing(sqlite3.connect(office.path)) as other, capture_logs():
        other.execute("BEGIN IMMEDIATE")
        assert await delivery.tick() == 0
        other.rollback()
    assert await delivery.tick() == 1


async def test_tidying_forgets_what_was_answered_a_week_ago_and_nothing_younger(
    office: Office, delivery: Delivery
) -> None:
    old = office.request("Ann", text="note zebra hello")
    answer = await office.answer(old)
    with office.app.database.work() as memory:
        memory.inbox.mark_answered(answer.row_id, "ref")
    office.wait(days=7, minutes=1)
    await office.says("Ann", "note zebra again")
    await delivery.tidy()
    assert office.rows("select event_id from inbox") == [("event-2",)]
    assert office.one("select count(*) from draft") == 1
