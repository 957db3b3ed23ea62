"""When a nudge leaves: an evening's step in time, what is late in the morning, the day's budget."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.loop import Delivery
from bot.port import DeliveryError
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, said

BERLIN = ZoneInfo("Europe/Berlin")
SETTINGS = {"zone": "Europe/Berlin", "hours": "9-18", "days": "01234", "digest": "8"}


def on(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A local moment; 18 November is the Wednesday on which every test begins."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


async def step(office: Office, name: str, when: str) -> None:
    await office.says("Ann", f"lead {name}")
    await office.says("Ann", f"next {name} {when} call")


@pytest.mark.parametrize(
    ("awake", "sent"),
    [
        (on(18, 21, 55), on(18, 21, 55)),  # late, but the evening is still that evening
        (on(19, 3), on(19, 9)),  # nobody is woken at three
        (on(19, 11), on(19, 11)),
    ],
)
async def test_an_evenings_step_that_was_slept_through_waits_for_the_morning(
    office: Office, post: Recorder, delivery: Delivery, awake: datetime, sent: datetime
) -> None:
    await step(office, "Acme", "today 21:00")
    office.clock.move_to(awake)
    await delivery.tick()
    await delivery.pass_time(office.clock, on(19, 12))
    assert [each.at for each in post.received] == [sent]


async def test_a_far_step_comes_at_its_own_evening_though_the_deal_stalled_before(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await step(office, "Acme", "2027-03-10 20:30")  # beyond the cap: it holds no nudge back
    await delivery.pass_time(office.clock, datetime(2027, 3, 12, tzinfo=BERLIN))
    moments = [each.at.astimezone(BERLIN) for each in post.received]
    assert len(moments) == 4
    assert moments[-1] == datetime(2027, 3, 10, 20, 30, tzinfo=BERLIN)


async def test_a_far_step_that_came_is_not_repeated_because_somebody_spoke_of_the_deal(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await step(office, "Acme", "2027-03-10 10:00")
    await delivery.pass_time(office.clock, datetime(2027, 3, 10, 11, tzinfo=BERLIN))
    came = len(post.received)
    await office.says("Ann", "note acme they called back")
    await delivery.pass_time(office.clock, datetime(2027, 3, 11, 23, tzinfo=BERLIN))
    assert len(post.received) == came
    await delivery.pass_time(office.clock, datetime(2027, 3, 12, 23, tzinfo=BERLIN))
    assert len(post.received) == came + 1  # two working days after the note


async def test_a_passed_step_is_asked_about_again_after_a_note_whatever_was_asked_before_it(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await step(office, "Acme", "today 15:00")
    await delivery.pass_time(office.clock, on(1, 10, month=12))
    assert len(post.received) == 3
    await office.says("Ann", "note acme they called back")
    await delivery.pass_time(office.clock, on(24, 10, month=12))
    days = [each.at.astimezone(BERLIN).date() for each in post.received[3:]]
    assert days == [date(2026, 12, 3), date(2026, 12, 9)]


async def test_a_stalled_deal_leaves_room_for_what_is_booked_for_later_in_the_day(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "nudges 2")
    await office.says("Ann", "lead Acme, 900k")
    await office.says("Ann", "lead Beta, 800k")
    await step(office, "Gamma", "tomorrow 16:00")
    await delivery.pass_time(office.clock, on(19, 23))
    assert ["Acme" in text or "Gamma" in text for text in post.texts] == [True, True]
    assert post.received[-1].at == on(19, 16)
    assert "Beta" in said(await office.says("Ann", "today"))


@pytest.mark.parametrize("limit", ["0", "1", "5"])
async def test_seven_calls_booked_for_an_afternoon_all_ring_at_their_minute(
    office: Office, post: Recorder, delivery: Delivery, limit: str
) -> None:
    await office.says("Ann", f"nudges {limit}")
    minutes = [(14, 0), (14, 40), (15, 20), (16, 0), (16, 30), (17, 0), (17, 20)]
    for name, (hour, minute) in zip("ABCDEFG", minutes, strict=True):
        await step(office, f"{name}lpha", f"today {hour}:{minute:02}")
    await delivery.pass_time(office.clock, on(18, 23))
    assert [each.at for each in post.received] == [on(18, *when) for when in minutes]


async def test_a_booked_step_rings_where_its_rule_is_muted_and_its_repeats_do_not(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.taps("Ann", "rule-off:step")
    await step(office, "Acme", "today 15:00")
    await delivery.pass_time(office.clock, on(27, 23))
    assert [each.at for each in post.received if each.reply.about] == [on(18, 15)]
    repeats = "select folded from nudge where kind = 'step' order by id"
    assert office.rows(repeats) == [(0,), (1,), (1,)]


async def test_an_evenings_step_counts_on_the_day_on_which_it_comes(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "nudges 2")
    await office.says("Ann", "lead Delta")  # has stalled by Thursday at ten
    await step(office, "Acme", "today 17:00")
    await step(office, "Beta", "today 21:00")
    await step(office, "Gamma", "tomorrow 15:00")
    await delivery.pass_time(office.clock, on(19, 23))
    booked = [on(18, 17), on(18, 21), on(19, 15)]
    assert [each.at for each in post.received] == [*booked[:2], on(19, 10), booked[2]]


async def test_changing_a_setting_each_day_puts_no_reminder_off(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme")
    for day in range(19, 29):
        await delivery.pass_time(office.clock, on(day, 12))
        await office.fills("Ann", "settings", SETTINGS)
    await delivery.pass_time(office.clock, on(30, 23))
    nudges = [each.at for each in post.received if each.reply.about]
    assert nudges == [on(19, 10), on(23, 10), on(27, 10)]


async def test_a_deal_that_changed_hands_is_not_asked_about_at_whoever_had_it(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Mia", "lead Acme")
    await office.says("Mia", "next acme today 15:00 call")
    post.failures.append(DeliveryError("flood", retryable=True, retry_after=600))
    await delivery.pass_time(office.clock, on(18, 15))
    with closing(sqlite3.connect(office.path)) as connection:
        connection.execute("update deal set owner_id = ?", (office.member("Ann"),))
        connection.commit()
    await delivery.pass_time(office.clock, on(18, 17))
    assert post.tries == 1


async def test_whoever_wants_fewer_from_now_on_gets_fewer_of_what_was_written_for_the_morning(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    office.clock.move_to(on(18, 18, 30))
    for name in ("Acme", "Beta", "Gamma"):
        await office.says("Ann", f"lead {name}")  # an evening's lead has stalled at ten next day
    post.failures += [DeliveryError("flood", retryable=True, retry_after=7200)] * 3
    await delivery.pass_time(office.clock, on(20, 10))
    await office.says("Ann", "nudges 1")
    await delivery.pass_time(office.clock, on(20, 16))
    assert len(post.received) == 1
    assert office.one("select count(*) from nudge where folded") == 2
    day = said(await office.says("Ann", "today"))
    assert all(name in day for name in ("Acme", "Beta", "Gamma"))


async def test_whoever_wants_fewer_still_gets_all_the_steps_they_booked(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    for name in ("Acme", "Beta", "Gamma"):
        await step(office, name, "today 20:00")
    office.clock.move_to(on(19, 3))
    await delivery.tick()  # written for nine o'clock: nobody is woken at three
    await office.says("Ann", "nudges 1")
    await delivery.pass_time(office.clock, on(19, 12))
    [message] = post.received  # three lines of one message
    assert message.at == on(19, 9)
    assert [message.text.count(name) for name in ("Acme", "Beta", "Gamma")] == [1, 1, 1]
    assert office.one("select count(*) from nudge where folded") == 0
