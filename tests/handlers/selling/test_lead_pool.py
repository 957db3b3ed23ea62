"""The pool: an untouched lead goes back on its day and no sooner, told before; one taker has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.loop import Delivery
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, action, labels, said

BERLIN = ZoneInfo("Europe/Berlin")


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A local moment of that November; the 18th is the Wednesday on which every test begins."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


async def pooled(office: Office, delivery: Delivery) -> None:
    """Acme, Ann's, is back in the pool."""
    await office.says("Kim", "pool 3")
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(23, 11))
    assert office.one("select status from deal") == "pooled"


async def test_of_two_who_take_a_lead_one_gets_it(office: Office, delivery: Delivery) -> None:
    await pooled(office, delivery)
    take = f"take:{office.deal('Acme')}"
    assert "Yours now" in said(await office.taps("Bo", take))
    late = await office.taps("Ann", take)
    assert "Somebody was quicker" in said(late)
    assert office.one("select owner_id from deal") == office.member("Bo")


async def test_nobody_of_another_team_sees_or_takes_it(office: Office, delivery: Delivery) -> None:
    await pooled(office, delivery)
    assert "Acme" not in said(await office.says("Eve", "pool"))
    assert "Acme" not in said(await office.taps("Eve", f"take:{office.deal('Acme')}"))
    assert office.one("select status from deal") == "pooled"


async def test_nobody_takes_what_is_not_in_the_pool(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await office.taps("Bo", f"take:{office.deal('Acme')}")
    assert office.one("select owner_id from deal") == office.member("Ann")


async def test_only_an_admin_says_when_leads_go_back(office: Office) -> None:
    for who in ("Ann", "Mia"):
        await office.says(who, "pool 3")
        await office.taps(who, "pool-days:3")
    assert office.one("select pool_days from team where id = 1") == 0


async def test_old_leads_are_not_taken_away_on_the_day_the_pool_opens(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(27, 11))
    post.received.clear()
    await office.says("Kim", "pool 2")
    await delivery.tick()
    assert [text.startswith("⏳") for text in post.texts] == [True]
    assert office.one("select status from deal") == "live"
    await delivery.pass_time(office.clock, on(30, 10, 59))  # Friday 11:00 and a working day
    assert office.one("select status from deal") == "live"
    await delivery.pass_time(office.clock, on(30, 11))
    assert office.one("select status from deal") == "pooled"


async def test_a_bot_asleep_for_days_warns_before_it_gives_back(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Kim", "pool 3")
    await office.says("Ann", "lead Acme, 12k")
    office.clock.move_to(on(30, 15))
    await delivery.tick()
    assert office.one("select status from deal") == "live"
    assert any(
        "goes back to the team's pool unless you touch it before tomorrow" in text
        for text in post.texts
    )


async def test_a_nudge_due_at_the_same_time_carries_the_warning(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Kim", "pool 4")
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(20, 18))
    post.received.clear()
    await delivery.pass_time(office.clock, on(23, 18))
    [only] = post.texts
    assert "Have you reached Acme yet?" in only
    assert "goes back to the team's pool" in only


async def test_the_warning_comes_by_itself_where_the_budget_holds_the_nudge_back(
    office: Office, post: Recorder, delivery: Delivery
) -> None:
    await office.says("Kim", "pool 4")
    await office.says("Ann", "nudges 0")
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(23, 18))
    assert ["goes back to the team's pool" in text for text in post.texts] == [True]


@pytest.mark.parametrize("act", ["note acme they are thinking", "next acme in 9 days call"])
async def test_one_touch_keeps_the_lead(
    office: Office, post: Recorder, delivery: Delivery, act: str
) -> None:
    await office.says("Kim", "pool 3")
    await office.says("Ann", "lead Acme, 12k")
    await delivery.pass_time(office.clock, on(23, 9, 30))
    await office.says("Ann", act)
    await delivery.pass_time(office.clock, office.clock.now() + timedelta(days=2))
    assert office.one("select status from deal") == "live"


async def test_a_lead_logged_anew_is_found_in_the_pool(office: Office, delivery: Delivery) -> None:
    await pooled(office, delivery)
    found = await office.says("Bo", "lead Acme, 9k")
    assert "in the pool" in said(found)
    assert "Yours now: Acme" in said(await office.taps("Bo", action(found, labels(found)[0])))
