"""Nobody is nudged more often a day than they want: the rest waits, best first, for the digest."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.loop import Delivery
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, said

BERLIN = ZoneInfo("Europe/Berlin")


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A local moment of that November; the 18th is the Wednesday on which every test begins."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


async def leads(office: Office, count: int) -> None:
    for number in range(count):
        await office.says("Ann", f"lead Customer{number}, {number + 1}k")
        await office.says("Ann", f"move customer{number} qualified")


async def test_the_day_holds_five_and_those_worth_most_are_sent(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await leads(office, 8)
    await delivery.pass_time(office.clock, on(23, 23))
    assert len(post.received) == 5
    sent = " ".join(post.texts)
    assert all(f"Customer{number} " in sent for number in (7, 6, 5, 4, 3))
    assert office.one("select count(*) from nudge where folded") == 3


async def test_whoever_wants_none_is_sent_none_and_reads_them_in_the_digest(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    assert "At most 0 nudges a day" in said(await office.says("Ann", "nudges 0"))
    await leads(office, 3)
    await delivery.pass_time(office.clock, on(23, 23))
    assert post.received == []
    assert "3 deals" in said(await office.says("Ann", "deals"))
    day = said(await office.says("Ann", "today"))
    assert all(f"Customer{number}" in day for number in range(3))


async def test_what_was_booked_is_sent_before_what_stalled(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "nudges 1")
    await office.says("Ann", "lead Acme, 900k")
    await office.says("Ann", "move acme qualified")
    await office.says("Ann", "lead Beta, 1k")
    await office.says("Ann", "next beta monday 10am call")
    await delivery.pass_time(office.clock, on(23, 23))
    assert ["Beta: call" in text for text in post.texts] == [True]


async def test_after_an_outage_each_gets_one_message_for_all_that_came_due(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await leads(office, 9)
    office.clock.move_to(on(26, 10))  # nothing ran for days
    await delivery.tick()
    assert len(post.received) == 1
    assert "I was away for a while, Ann" in post.texts[0]
    assert "9 stalled" in post.texts[0]
    await delivery.tick()
    assert len(post.received) == 1


async def test_a_few_late_ones_after_an_outage_are_sent_as_they_are(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await leads(office, 2)
    office.clock.move_to(on(26, 10))
    await delivery.tick()
    assert len(post.received) == 2


@pytest.mark.parametrize("word", ["nudges 3", "我的提醒 3"])
async def test_the_budget_is_said_in_words(office: Office, word: str) -> None:
    await office.says("Ann", word)
    assert office.one("select nudges_a_day from member where name = 'Ann'") == 3
