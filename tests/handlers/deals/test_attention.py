"""When a deal deserves a nudge, and when the lead pool looks at it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from handlers.contract.desk import calendar_of, funnel_of
from handlers.deals.attention import compute_urgency, reschedule_all, schedule_pool_check
from storage.scope import Scope
from storage.tables.people_and_deals import Deal
from storage.unit_of_work import UnitOfWork
from tests.office import Office

STORED = "select attention_at, attention_kind from deal"


def only_deal(memory: UnitOfWork) -> Deal:
    [deal] = memory.deals.within(Scope(1))
    return deal


async def test_a_booked_step_is_due_at_its_moment_and_a_bare_deal_when_it_stalls(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    [(stalls_at, kind)] = office.rows(STORED)
    assert kind == "stall"
    assert stalls_at > str(office.clock.now().replace(tzinfo=None))
    await office.says("Ann", "next acme tomorrow 3pm send the offer")
    assert office.rows(STORED) == [("2026-11-19 14:00:00.000000", "step")]


async def test_who_acts_for_the_owner_counts_in_the_owners_working_time(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    [(in_anns_time, _)] = office.rows(STORED)
    with office.app.database.work() as memory:
        mia = memory.members.get(1, office.member("Mia"))
        assert mia is not None
        mia.time_zone = "America/Los_Angeles"
    await office.says("Mia", "note acme all is well")
    assert office.rows(STORED) == [(in_anns_time, "stall")]


async def test_a_changed_setting_counts_from_the_last_nudge_and_not_from_now(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    now = office.clock.now()
    found = []
    for later in (timedelta(), timedelta(days=2)):
        with office.app.database.work() as memory:
            deal = only_deal(memory)
            owner = memory.members.get(1, deal.owner_id)
            assert owner is not None
            funnel = funnel_of(memory.members.get_team(1))
            reschedule_all(memory, [deal], funnel, {owner.id: calendar_of(owner)}, now + later)
            found.append(deal.attention_at)
    assert found[0] == found[1]


async def test_a_pooled_lead_keeps_the_moment_it_came_into_the_pool(office: Office) -> None:
    await office.says("Kim", "pool 5")
    await office.says("Ann", "lead Acme, 10k")
    await office.taps("Ann", f"pool-give:{office.deal('Acme')}")
    since = office.clock.now()
    with office.app.database.work() as memory:
        deal = only_deal_in_pool(memory)
        owner = memory.members.get(1, deal.owner_id)
        assert owner is not None
        funnel = funnel_of(memory.members.get_team(1))
        schedule_pool_check(deal, funnel, calendar_of(owner), since + timedelta(days=3))
        assert deal.pool_at == since


def only_deal_in_pool(memory: UnitOfWork) -> Deal:
    [deal] = memory.deals.list_pooled(1)
    return deal


@pytest.mark.parametrize("days", [10, 40])
async def test_urgency_grows_with_value_and_with_silence(office: Office, days: int) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "move acme negotiation")
    with office.app.database.work() as memory:
        deal = only_deal(memory)
        owner = memory.members.get(1, deal.owner_id)
        assert owner is not None
        funnel, calendar = funnel_of(memory.members.get_team(1)), calendar_of(owner)
        now = office.clock.now() + timedelta(days=days)
        small = compute_urgency(deal, funnel, calendar, now)
        longer = compute_urgency(deal, funnel, calendar, now + timedelta(days=7))
        deal.amount = Decimal(30_000)
        assert compute_urgency(deal, funnel, calendar, now) == 3 * small
        assert longer > small > 0
