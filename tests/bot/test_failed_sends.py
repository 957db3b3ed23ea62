"""Messages a platform did not take: tried again as told, sent elsewhere, parked or given up."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot.delivery import ELSEWHERE, TRIES, Delivery
from bot.port import DeliveryError
from storage.tables import Identity
from tests.bot.recorder import Recorder, due, put, states
from tests.office import Office


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
