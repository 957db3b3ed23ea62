"""What is said of a deal later: once, in the day's budget, and without touching the stall rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from handlers.selling import follow_up_messages
from tests.office import Office

SAID = "select count(*) from outbox where kind = 'occasion'"


def raised(office: Office, **span: float) -> int:
    """How many messages there are after a look at what is due in so much time."""
    with office.app.database.work() as memory:
        follow_up_messages.raise_due(memory, office.clock.now() + timedelta(**span))
    return int(office.one(SAID))


async def lost(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "move acme proposal")
    await office.says("Ann", "lost acme went silent")


async def test_the_way_back_is_said_once_whoever_looks(office: Office) -> None:
    await lost(office)
    assert raised(office, days=6) == 0
    assert raised(office, days=8) == 1
    assert raised(office, days=8) == 1
    assert raised(office, days=40) == 1


async def test_it_leaves_the_nudges_of_the_stall_rule_alone(office: Office) -> None:
    await lost(office)
    await office.says("Ann", "reopen acme")
    await office.says("Ann", "discount acme 10% until 2 December")
    stands = "select attention_at, attention_kind, nudges_sent, last_activity_at from deal"
    before = office.rows(stands)
    assert raised(office, days=20) == 1
    assert office.rows(stands) == before
    assert office.one("select count(*) from nudge") == 0


async def test_what_the_day_has_no_room_for_waits_for_the_next(office: Office) -> None:
    await lost(office)
    with office.app.database.work() as memory:
        ann = memory.members.get(1, office.member("Ann"))
        assert ann is not None
        ann.nudges_a_day = 0
    assert raised(office, days=8) == 0
    with office.app.database.work() as memory:
        ann = memory.members.get(1, office.member("Ann"))
        assert ann is not None
        ann.nudges_a_day = 5
    assert raised(office, days=8) == 0
    assert raised(office, days=9) == 1


async def test_a_deal_that_is_live_again_is_not_won_back(office: Office) -> None:
    await lost(office)
    await office.says("Ann", "reopen acme")
    assert raised(office, days=40) == 0


async def test_undoing_a_loss_takes_its_way_back_along_and_undoing_a_win_what_follows(
    office: Office,
) -> None:
    await lost(office)
    await office.says("Ann", "undo")
    assert raised(office, days=40) == 0
    await office.taps("Ann", f"won-paid:{office.deal('Acme')}")
    await office.says("Ann", "undo")
    assert raised(office, days=60) == 0


async def test_after_a_win_the_delivery_and_the_satisfaction_are_asked_for(office: Office) -> None:
    await lost(office)
    await office.says("Ann", "reopen acme")
    await office.taps("Ann", f"won-paid:{office.deal('Acme')}")
    assert raised(office, days=8) == 1
    assert raised(office, days=30) == 2


async def test_a_close_date_that_passed_is_asked_about_once_whatever_follows(
    office: Office,
) -> None:
    """A move, a parking and a reopening set the follow-up anew; the date was asked about."""
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "close acme 20 november")  # a Friday
    assert raised(office, days=2, hours=12) == 0
    assert raised(office, days=3) == 1
    monday = datetime.fromisoformat(office.one("select due_at from outbox where kind = 'occasion'"))
    assert monday.date() == date(2026, 11, 23)
    office.wait(days=6)
    for line in ("move acme proposal", "park acme until 1 december", "reopen acme"):
        await office.says("Ann", line)
        assert raised(office, days=1) == 1
    await office.says("Ann", "close acme 27 november")
    assert raised(office, days=10) == 2


@pytest.mark.parametrize("line", ["close acme none", "lost acme price", "undo", "close acme 2027"])
async def test_a_close_date_that_no_longer_holds_is_not_asked_about(
    office: Office, line: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "close acme 20 november")
    await office.says("Ann", line)
    assert raised(office, days=5) == 0


async def test_a_parked_deal_is_asked_about_its_close_date_once_it_is_live(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "close acme 20 november")
    await office.says("Ann", "park acme until 30 november")
    assert raised(office, days=5) == 0
    office.wait(days=12)
    await office.says("Ann", "reopen acme")
    assert raised(office, days=1) == 1
