"""What is said of a deal later: once, in the day's budget, and without touching the stall rule."""

from __future__ import annotations

from datetime import timedelta

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
