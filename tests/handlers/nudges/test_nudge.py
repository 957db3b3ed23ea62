"""What Repmate says by itself: one nudge a reason, at its time, and only while it is true."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app import App
from bot.delivery.loop import Delivery
from bot.port import DeliveryError
from handlers.contract.desk import next_digest
from handlers.contract.words import Words
from storage.engine import Database
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, action, labels, said

BERLIN = ZoneInfo("Europe/Berlin")
FLOOD = DeliveryError("flood", retryable=True, retry_after=900)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A local moment of that November; the 18th is the Wednesday on which every test begins."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def nudges(office: Office) -> list[tuple[str, str]]:
    return [(k, s) for k, s in office.rows("select kind, state from outbox order by id")]


def wants_digests(office: Office, *names: str) -> None:
    with office.app.database.work() as memory:
        for name in names:
            member = memory.members.get(1, office.member(name))
            assert member is not None
            member.digest_due_at = next_digest(member, office.clock.now())


async def test_whoever_sweeps_a_nudge_is_made_once(office: Office, post: Recorder) -> None:
    await office.says("Ann", "lead Acme")
    office.wait(days=2)
    other = App(Database(f"sqlite:///{office.path}"), office.clock)
    both = [Delivery(app, {post.platform: post}) for app in (office.app, other)]
    await asyncio.gather(*(delivery.tick() for delivery in both * 3))
    other.close()
    assert office.one("select count(*) from nudge") == 1
    assert len(post.received) == 1


async def test_a_steps_nudge_leaves_at_its_own_time_even_in_the_evening(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 21:30 call Jane")
    await delivery.pass_time(office.clock, on(18, 23))
    [nudge] = post.received
    assert nudge.at == on(18, 21, 30)
    assert "Acme: call Jane" in nudge.text


async def test_a_stalled_deal_is_asked_about_in_working_hours_by_its_stages_question(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    office.clock.move_to(on(18, 17, 50))
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "offer acme 12k")
    office.clock.move_to(on(18, 23))  # after hours, and then the night
    await delivery.pass_time(office.clock, on(20, 23))
    [nudge] = post.received
    assert nudge.at == on(20, 17, 50)
    assert "Did you call Acme back after the offer?" in nudge.text
    assert "2 working days" in nudge.text
    assert labels(nudge.reply) == ["Done", "Tomorrow", "Next week", "Pick a time", "Not relevant"]


async def test_nobody_is_asked_about_a_stalled_deal_at_the_weekend(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "offer acme 12k")
    office.clock.move_to(on(20, 19))
    await delivery.pass_time(office.clock, on(24, 23))
    assert [each.at.astimezone(BERLIN).weekday() for each in post.received] == [0]


async def test_an_unanswered_nudge_is_repeated_twice_and_then_left_to_the_digest(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await delivery.pass_time(office.clock, office.clock.now() + timedelta(days=60))
    assert len(post.received) == 3
    stalls = "select n from nudge where kind = 'stall' order by id"
    assert office.rows(stalls) == [(1,), (2,), (3,)]
    assert office.rows("select n, folded from nudge where kind = 'escalate'") == [(4, 1)]


@pytest.mark.parametrize(
    "act",
    [
        "note acme they called",
        "next acme friday 10am send it",
        "lost acme price",
        "park acme until 1 December",
        "move acme signed",
    ],
)
async def test_a_nudge_whose_reason_has_gone_by_the_time_it_can_be_sent_is_not_sent(
    office: Office, post: Recorder, delivery: Delivery, act: str
) -> None:
    await office.says("Ann", "lead Acme")
    office.wait(days=2)
    post.failures.append(FLOOD)
    await delivery.tick()
    assert nudges(office) == [("nudge", "pending")]
    await office.says("Ann", act)
    office.wait(minutes=15)
    assert await delivery.tick() == 0
    assert nudges(office) == [("nudge", "cancelled")]


async def test_a_nudge_about_a_step_that_was_moved_is_not_sent(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 15:00 call Jane")
    office.clock.move_to(on(18, 15))
    post.failures.append(FLOOD)
    await delivery.tick()
    await office.says("Ann", "next acme today 16:00 call Jane")
    await delivery.pass_time(office.clock, on(18, 18))
    assert [each.at for each in post.received] == [on(18, 16)]


async def test_a_nudge_about_a_deal_that_changed_hands_goes_to_its_new_owner_only(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Bo", "lead Acme")
    await office.says("Bo", "next acme tomorrow 10am call")
    await office.taps("Kim", f"remove:{office.member('Bo')}:{office.member('Ann')}")
    await delivery.pass_time(office.clock, on(19, 12))
    assert {each.address.account_id for each in post.received} == {"member-Ann"}
    assert "Acme: call" in post.texts[-1]


async def test_done_asks_what_is_next(office: Office, post: Recorder, delivery: Delivery) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 15:00 call Jane")
    await delivery.pass_time(office.clock, on(18, 15))
    answer = await office.taps("Ann", post.received[0].button("Done").action)
    assert "What is the next step?" in said(answer)
    tomorrow = action(answer, Words("en").line("selling.next_step.at_tomorrow"))
    assert "Thu 19 Nov 09:00" in said(await office.taps("Ann", tomorrow))
    again = await office.taps("Ann", post.received[0].button("Done").action)
    assert "Already answered" in said(again)


async def test_time_that_passes_delivers_in_order_each_at_its_moment(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    for name, hour in (("Delta", 16), ("Beta", 12), ("Acme", 11), ("Gamma", 14)):
        await office.says("Ann", f"lead {name}")
        await office.says("Ann", f"next {name} today {hour}:00 call")
    await delivery.pass_time(office.clock, on(18, 20))
    assert [each.at for each in post.received] == [on(18, hour) for hour in (11, 12, 14, 16)]
    assert [text.split(":")[0][2:] for text in post.texts] == ["Acme", "Beta", "Gamma", "Delta"]
    assert office.clock.now() == on(18, 20)


async def test_a_process_that_slept_for_days_says_once_what_still_matters(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    wants_digests(office, "Ann")
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "lead Beta")
    await office.says("Ann", "next beta tomorrow 10am call")
    office.clock.move_to(on(25, 11))
    await delivery.tick()
    await delivery.tick()
    assert len([text for text in post.texts if "Acme" in text]) == 1
    assert len([text for text in post.texts if "Beta" in text]) == 1
    assert not [text for text in post.texts if "Good morning" in text]


async def test_whoever_could_not_be_reached_for_days_is_told_once_not_once_for_each_day(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    wants_digests(office, "Ann")
    await office.says("Ann", "lead Acme")
    post.failures.append(DeliveryError("blocked", gone=True))
    await delivery.pass_time(office.clock, on(27, 11))
    assert post.received == []
    assert len([state for _kind, state in nudges(office) if state == "parked"]) > 6
    await office.says("Ann", "help")
    await delivery.tick()
    assert [text.split(",")[0] for text in post.texts if "Good" in text] == ["Good morning"]
    assert len([text for text in post.texts if "Have you reached Acme yet?" in text]) == 1


async def test_the_digest_comes_once_a_day_at_the_members_own_hour_and_never_on_quiet_days(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    wants_digests(office, "Ann", "Bo")
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 18:00 call")  # overdue from then on
    await delivery.pass_time(office.clock, on(24, 23))
    digests = [each for each in post.received if "Good morning, Ann" in each.text]
    assert [each.at for each in digests] == [on(day, 8) for day in (19, 20, 23, 24)]
    assert not [each for each in post.received if each.address.chat == "Bo"]  # nothing to say


async def test_a_digest_that_was_missed_on_a_working_day_is_not_made_up_for_on_a_quiet_one(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 18:00 call")
    office.clock.move_to(on(19, 12))
    wants_digests(office, "Ann")
    await delivery.tick()
    post.received.clear()
    office.clock.move_to(on(21, 12))  # a Saturday; the process slept through Friday
    await delivery.tick()
    assert not [text for text in post.texts if "Good morning" in text]


async def test_a_member_far_away_gets_the_digest_in_their_own_morning(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    await office.says("Ann", "next acme today 18:00 call")
    await office.fills(
        "Ann",
        "settings",
        {"zone": "America/New_York", "hours": "9-18", "days": "01234", "digest": "7"},
    )
    await delivery.pass_time(office.clock, on(19, 23))
    digests = [each.at for each in post.received if "Good morning" in each.text]
    new_york = ZoneInfo("America/New_York")
    assert digests == [datetime(2026, 11, day, 7, tzinfo=new_york) for day in (18, 19)]
