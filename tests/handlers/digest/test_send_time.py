"""What Repmate starts leaves in working time, and is ours until the very send."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.loop import Delivery
from bot.delivery.outbox import LEASE, SHORTEST_LEASE, DeliveryOutbox
from storage.messages.outbox_claims import ClaimRequest
from tests.bot.delivery.recorder import Recorder, put, states
from tests.office import PLATFORM, Office

BERLIN = ZoneInfo("Europe/Berlin")
WISH = ClaimRequest("", 10, (), (PLATFORM,))


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A local moment of that November; the 18th is a Wednesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


async def test_a_message_that_was_held_up_into_the_night_leaves_in_the_morning_untried(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    put(office, "hello")
    office.clock.move_to(on(20, 23))  # a Friday night
    assert await delivery.tick() == 0
    assert office.rows("select state, attempts from outbox") == [("pending", 0)]
    await delivery.pass_time(office.clock, on(23, 23))
    assert [each.at for each in post.received] == [on(23, 9)]


async def test_whoever_is_away_gets_it_when_they_are_back(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    await office.says("Ann", "away until friday")
    put(office, "hello")
    await delivery.pass_time(office.clock, on(20, 23))
    assert [each.at for each in post.received] == [on(20, 9)]


async def test_a_booked_steps_nudge_that_is_long_past_its_time_waits_for_the_morning(
    office: Office, delivery: Delivery, post: Recorder
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 21:30 call Jane")
    office.clock.move_to(on(18, 23))
    assert await delivery.tick() == 0
    await delivery.pass_time(office.clock, on(19, 12))
    assert [each.at for each in post.received] == [on(19, 9)]


def test_a_row_taken_over_from_a_slow_owner_is_not_sent_by_it(office: Office) -> None:
    put(office, "hello")
    slow, quick = DeliveryOutbox(office.app, "slow"), DeliveryOutbox(office.app, "quick")
    _, [mine] = slow.claim(WISH)
    assert slow.confirm_lease(mine)
    office.clock.move(LEASE)
    _, [theirs] = quick.claim(WISH)
    assert not slow.confirm_lease(mine)
    assert quick.confirm_lease(theirs)
    slow.mark_sent(mine, "late")  # what it sent before it knew changes nothing any more
    assert states(office) == ["claimed"]


def test_a_lease_that_runs_out_is_prolonged_before_the_send(office: Office) -> None:
    put(office, "hello")
    slow, quick = DeliveryOutbox(office.app, "slow"), DeliveryOutbox(office.app, "quick")
    _, [mine] = slow.claim(WISH)
    office.clock.move(LEASE - SHORTEST_LEASE + timedelta(seconds=1))
    assert slow.confirm_lease(mine)
    office.clock.move(LEASE - timedelta(seconds=1))
    assert quick.claim(WISH) == (False, [])


def test_what_was_cancelled_after_it_was_claimed_is_not_sent(office: Office) -> None:
    put(office, "hello")
    box = DeliveryOutbox(office.app, "slow")
    _, [mine] = box.claim(WISH)
    with office.app.database.work() as memory:
        memory.outbox.cancel_for(1, office.member("Ann"))
    assert not box.confirm_lease(mine)
