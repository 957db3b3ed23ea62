"""The follow-ups of a deal and their days: after a loss, before a discount ends, after a win."""

from __future__ import annotations

import pytest

from tests.office import Office

DUE = "select kind, substr(due_at, 1, 10) from occasion where due_at is not null order by 1"


async def won(office: Office) -> int:
    await office.says("Ann", "lead Acme, 10k")
    deal = office.deal("Acme")
    await office.taps("Ann", f"won-paid:{deal}")
    return deal


async def test_a_win_schedules_the_delivery_and_the_satisfaction(office: Office) -> None:
    await won(office)
    assert office.rows(DUE) == [("delivery", "2026-11-25"), ("satisfaction", "2026-12-09")]


async def test_reopening_a_win_drops_what_a_win_scheduled(office: Office) -> None:
    await won(office)
    await office.says("Ann", "reopen acme")
    assert office.rows(DUE) == []


async def test_a_loss_schedules_the_way_back_and_reopening_drops_it(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "move acme negotiation")
    await office.says("Ann", "lost acme price")
    assert [kind for kind, _ in office.rows(DUE)] == ["winback"]
    await office.says("Ann", "reopen acme")
    assert office.rows(DUE) == []


@pytest.mark.parametrize(
    ("last_day", "reminded"),
    [("Friday", "2026-11-19"), ("Monday", "2026-11-20"), ("today", "2026-11-18")],
)
async def test_a_discount_is_recalled_on_the_working_day_before_its_last(
    office: Office, last_day: str, reminded: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", f"discount acme 10% until {last_day}")
    assert office.rows(DUE) == [("discount", reminded)]


async def test_a_discount_of_a_lost_deal_is_not_recalled(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "discount acme 10% until Friday")
    await office.says("Ann", "lost acme price")
    assert "discount" not in dict(office.rows(DUE))


async def test_an_act_that_touches_neither_status_nor_discount_leaves_follow_ups_alone(
    office: Office,
) -> None:
    deal = await won(office)
    before = office.rows(DUE)
    office.wait(days=2)
    await office.taps("Ann", f"edit:{deal}")
    await office.says("Ann", "note acme they are busy")
    assert office.rows(DUE) == before
