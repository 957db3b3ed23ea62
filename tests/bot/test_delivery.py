"""Delivery: claimed, sent, marked; tried again as told, parked, or given up, and nothing lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.delivery import ELSEWHERE, LEASE, TRIES, Delivery
from bot.port import DeliveryError
from handlers.reply import Reply, lines, to_json
from storage.engine import Database
from storage.tables import Identity
from storage.tables_messages import Outbox
from tests.bot.recorder import Recorder
from tests.office import PLATFORM, Office, without_waiting_for_the_disk


@pytest.fixture
def post(office: Office) -> Recorder:
    return Recorder(office.clock)


@pytest.fixture
def delivery(office: Office, post: Recorder) -> Delivery:
    return Delivery(office.app, {post.platform: post})


@pytest.fixture
def beside(office: Office) -> Iterator[App]:
    """Another process on the same database."""
    database = Database(f"sqlite:///{office.path}")
    without_waiting_for_the_disk(database)
    app = App(database, office.clock)
    yield app
    app.close()


def put(office: Office, *words: str, to: str = "Ann", kind: str = "notice") -> None:
    """Messages that are due now."""
    member = office.member(to)
    with office.app.database.work() as memory:
        for number, word in enumerate(words):
            memory.outbox.put(
                Outbox(
                    team_id=1,
                    member_id=member,
                    key=f"{word}:{number}",
                    kind=kind,
                    due_at=office.clock.now(),
                    body=to_json(Reply(lines(word))),
                )
            )


def states(office: Office) -> list[str]:
    return [state for (state,) in office.rows("select state from outbox order by id")]


def due(office: Office) -> datetime:
    with office.app.database.work() as memory:
        at = memory.outbox.next_due_at()
    assert at is not None
    return at


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
    sent = await asyncio.gather(delivery.tick(), other.tick(), delivery.tick(), other.tick())
    assert sum(sent) == 25
    assert sorted(post.texts, key=int) == [f"{number}" for number in range(25)]


async def test_what_was_claimed_before_a_crash_is_sent_after_its_lease_and_marked_repeated(
    office: Office, delivery: Delivery, post: Recorder, beside: App
) -> None:
    put(office, "hello")
    with (
        patch.object(delivery, "_sent", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        await delivery.tick()
    after = Delivery(beside, {post.platform: post})
    office.clock.move(LEASE - timedelta(seconds=1))
    assert await after.tick() == 0
    office.clock.move(timedelta(seconds=1))
    assert await after.tick() == 1
    assert post.texts == ["hello", "hello"]
    assert office.rows("select state, repeated, attempts from outbox") == [("sent", 1, 2)]


async def test_a_platform_that_says_when_to_come_back_is_taken_at_its_word(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello")
    post.failures.append(DeliveryError("flood", retryable=True, retry_after=37))
    assert await delivery.tick() == 0
    assert due(office) == office.clock.now() + timedelta(seconds=37)
    office.wait(seconds=36)
    assert await delivery.tick() == 0
    assert post.tries == 1
    office.wait(seconds=1)
    assert await delivery.tick() == 1


async def test_being_told_to_wait_never_uses_up_the_tries(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello")
    told = DeliveryError("flood", retryable=True, retry_after=5)
    post.failures.extend([told] * (TRIES + 3))
    for _time in range(TRIES + 3):
        await delivery.tick()
        office.wait(seconds=5)
    assert await delivery.tick() == 1


async def test_other_failures_are_tried_ever_later_and_given_up_in_the_end(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello")
    post.failures.extend([DeliveryError("bad gateway", retryable=True)] * TRIES)
    waits = []
    for _time in range(TRIES - 1):
        await delivery.tick()
        waits.append((due(office) - office.clock.now()).total_seconds())
        office.clock.move_to(due(office))
    await delivery.tick()
    assert states(office) == ["dead"]
    assert post.tries == TRIES
    assert all(2**n / 2 <= wait <= 2**n for n, wait in enumerate(waits, start=1))


async def test_a_message_the_platform_will_never_take_is_dead_at_once(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "bad", "good")
    post.failures.append(DeliveryError("no such format"))
    assert await delivery.tick() == 1
    assert states(office) == ["dead", "sent"]


async def test_whoever_blocked_the_bot_gets_it_all_when_they_write_again(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "first", "second")
    post.failures.extend([DeliveryError("blocked", gone=True)] * 2)
    await delivery.tick()
    assert states(office) == ["parked", "parked"]
    office.wait(days=2)
    assert await delivery.tick() == 0
    await office.says("Ann", "deals")
    assert await delivery.tick() == 2
    assert post.texts == ["first", "second"]


async def test_whoever_blocked_one_account_is_reached_on_their_other(
    office: Office, post: Recorder
) -> None:
    slack = Recorder(office.clock, platform="slack")
    delivery = Delivery(office.app, {post.platform: post, "slack": slack})
    with office.app.database.work() as memory:
        early = office.clock.now() - timedelta(days=9)
        second = Identity(
            team_id=1,
            member_id=office.member("Ann"),
            platform="slack",
            account_id="U1",
            address="D1",
            last_active_at=early,
        )
        memory.members.known_as(second)
    put(office, "hello")
    post.failures.append(DeliveryError("blocked", gone=True))
    assert await delivery.tick() == 1
    assert slack.texts == ["hello"]


async def test_what_another_process_serves_is_left_to_it(office: Office, post: Recorder) -> None:
    put(office, "hello")
    assert await Delivery(office.app, {}).tick() == 0
    assert due(office) == office.clock.now() + ELSEWHERE
    office.clock.move(ELSEWHERE)
    assert await Delivery(office.app, {post.platform: post}).tick() == 1


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
        first = memory.outbox.claim("x", office.clock.now(), office.clock.now(), 1)[0]
        first.body = "{not json"
        memory.outbox.again(first.id, "x", office.clock.now())
    with capture_logs() as log:
        for _time in range(TRIES):
            await delivery.tick()
            office.wait(minutes=6)
    assert sorted(post.texts) == ["fine", "good"]
    assert states(office) == ["dead", "sent", "sent"]
    assert {each["event"] for each in log} == {"not composed"}


async def test_an_adapters_own_mistake_is_logged_and_tried_again(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello", "again")
    post.failures.append(RuntimeError("a bug"))
    with capture_logs():
        assert await delivery.tick() == 1
    office.wait(seconds=10)
    assert await delivery.tick() == 1
    assert post.texts == ["again", "hello"]


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
        memory.inbox.answered(answer.row_id, "ref")
    office.wait(days=7, minutes=1)
    await office.says("Ann", "note zebra again")
    await delivery.tidy()
    assert office.rows("select event_id from inbox") == [("event-2",)]
    assert office.one("select count(*) from draft") == 1
