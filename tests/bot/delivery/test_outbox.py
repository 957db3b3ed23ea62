"""Messages a platform did not take: tried again as told, sent elsewhere, parked or given up."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot.delivery.loop import Delivery
from bot.delivery.outbox import REFUSALS, TRIES
from bot.port import DeliveryError
from handlers.contract.words import Words
from storage.messages.outbox_claims import ANY_ACCOUNT_AFTER
from storage.tables.people_and_deals import Identity
from tests.bot.delivery.recorder import Recorder, due, put, states
from tests.office import Office

BAD_GATEWAY = DeliveryError("bad gateway", retryable=True)
MAY_REPEAT = Words("en").line("digest.due_messages.may_repeat")


def also_on(office: Office, platform: str, hours: int) -> None:
    """Gives Ann an account on another platform, last active so many hours from now."""
    with office.app.database.work() as memory:
        second = Identity(
            team_id=1,
            member_id=office.member("Ann"),
            platform=platform,
            account_id="U1",
            address="D1",
            last_active_at=office.clock.now() + timedelta(hours=hours),
        )
        memory.members.save_identity(second)


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


async def test_a_message_refused_while_others_pass_is_tried_ever_later_and_given_up_in_the_end(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello")
    waits = []
    for number in range(REFUSALS - 1):
        post.failures.append(BAD_GATEWAY)
        await delivery.tick()
        waits.append((due(office) - office.clock.now()).total_seconds())
        put(office, f"other {number}", to="Bo")
        assert await delivery.tick() == 1
        office.clock.move_to(due(office))
    post.failures.append(BAD_GATEWAY)
    await delivery.tick()
    assert states(office)[0] == "dead"
    assert all(2**n / 2 <= wait <= 2**n for n, wait in enumerate(waits[:8], start=1))
    assert max(waits) <= 300
    assert sum(waits) > 3600


async def test_while_a_platform_takes_nothing_no_message_uses_up_its_tries(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, *(f"{number}" for number in range(30)))
    put(office, "other", to="Bo")
    post.failures.extend([BAD_GATEWAY] * 1000)
    for _second in range(600):
        await delivery.tick()
        office.wait(seconds=1)
    assert 15 < post.tries < 40  # it is tried twice a minute, with one message
    assert set(states(office)) == {"pending"}
    assert office.one("select max(attempts) from outbox") < TRIES
    post.failures.clear()
    office.wait(seconds=30)
    sent = 0
    for _second in range(10):
        sent += await delivery.tick()
        office.wait(seconds=1)
    assert sent == 31


async def test_a_wait_for_the_whole_bot_holds_every_message_and_counts_for_none(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello", "again")
    put(office, "other", to="Bo")
    flood = DeliveryError("flood", retryable=True, retry_after=600, whole_bot=True)
    post.failures.extend([flood, flood])
    for _second in range(599):
        assert await delivery.tick() == 0
        office.wait(seconds=1)
    assert post.tries == 2
    office.wait(seconds=1)
    assert await delivery.tick() == 3


async def test_what_may_have_left_says_so_when_it_is_sent_again(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello", "sure")
    post.failures.append(DeliveryError("cut off", retryable=True, unsure=True))
    await delivery.tick()
    office.wait(seconds=5)
    with capture_logs() as log:
        await delivery.tick()
    assert post.texts == ["sure", f"hello\n{MAY_REPEAT}"]
    assert [each["event"] for each in log] == ["message may be a repeat"]


async def test_a_message_the_platform_will_never_take_is_dead_at_once(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "bad", "good")
    post.failures.append(DeliveryError("no such format"))
    assert await delivery.tick() == 2
    assert states(office) == ["dead", "sent", "sent"]
    [told] = [each for each in post.received if each.address.account_id == "member-Kim"]
    assert "could not be sent" in told.text  # and nothing of what it was
    assert "bad" not in told.text


async def test_whoever_blocked_the_bot_gets_it_all_when_they_write_again(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "first", "second")
    post.failures.append(DeliveryError("blocked", gone=True))
    await delivery.tick()
    assert (states(office), post.tries) == (["parked", "parked"], 1)
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
    also_on(office, "slack", hours=-9)
    put(office, "hello")
    post.failures.append(DeliveryError("blocked", gone=True))
    assert await delivery.tick() == 1
    assert slack.texts == ["hello"]


async def test_what_another_process_serves_is_left_to_it(office: Office, post: Recorder) -> None:
    put(office, "hello")
    other = Recorder(office.clock, platform="slack")
    assert await Delivery(office.app, {"slack": other}).tick() == 0
    assert due(office) == office.clock.now()
    assert office.rows("select state, attempts from outbox") == [("pending", 0)]
    assert await Delivery(office.app, {post.platform: post}).tick() == 1


async def test_a_member_is_written_to_where_they_were_last_active(
    office: Office, post: Recorder
) -> None:
    slack = Recorder(office.clock, platform="slack")
    also_on(office, "slack", hours=1)
    both = Delivery(office.app, {post.platform: post, "slack": slack})
    put(office, "hello")
    assert await Delivery(office.app, {post.platform: post}).tick() == 0  # not ours to send
    assert await both.tick() == 1
    assert slack.texts == ["hello"]
    office.wait(hours=2)
    await office.says("Ann", "help")
    put(office, "again")
    await both.tick()
    assert post.texts == ["again"]


async def test_a_message_that_waits_too_long_for_another_process_leaves_by_any_account(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    also_on(office, "slack", hours=1)
    put(office, "hello")
    office.clock.move(ANY_ACCOUNT_AFTER - timedelta(seconds=1))
    assert await delivery.tick() == 0
    office.wait(seconds=1)
    assert await delivery.tick() == 1


async def test_an_adapters_own_mistake_is_logged_and_tried_again(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello", "again")
    post.failures.append(RuntimeError("a bug"))
    with capture_logs():
        assert await delivery.tick() == 1
    office.wait(seconds=10)
    assert await delivery.tick() == 1
    assert post.texts == ["again", f"hello\n{MAY_REPEAT}"]  # who knows how far it came
