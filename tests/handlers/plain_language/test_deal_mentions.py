"""Lines that name a won or lost customer: known, and nothing written before a tap."""

from __future__ import annotations

import pytest

from tests.office import Office, action, labels, said

OFFERED = ["Keep as note", "New deal", "Reopen", "Find the answer"]


async def lose(office: Office) -> None:
    await office.says("Ann", "lead Northwind, Bob Lee, 5k")
    await office.says("Ann", "lost northwind price")


@pytest.mark.parametrize(
    "line", ["had lunch with northwind", "northwind called, they want to talk again tuesday"]
)
async def test_news_of_a_lost_customer_is_offered_and_not_written(
    office: Office, line: str
) -> None:
    await lose(office)
    before = office.one("select count(*) from event")
    reply = await office.says("Ann", line)
    assert "Northwind was lost" in said(reply)
    assert labels(reply) == OFFERED
    assert office.one("select count(*) from event") == before
    await office.taps("Ann", action(reply, "Keep as note"))
    assert office.rows("select note from event where kind = 'noted'") == [(line,)]
    assert office.one("select status from deal") == "lost"


async def test_a_new_deal_is_the_same_customers(office: Office) -> None:
    await lose(office)
    reply = await office.says("Ann", "had lunch with northwind")
    await office.taps("Ann", action(reply, "New deal"))
    assert office.rows("select status from deal order by id") == [("lost",), ("live",)]
    assert office.rows("select distinct customer_id from deal") == [(1,)]


async def test_a_lost_deal_is_reopened_by_a_tap(office: Office) -> None:
    await lose(office)
    reply = await office.says("Ann", "had lunch with northwind")
    await office.taps("Ann", action(reply, "Reopen"))
    assert office.one("select status from deal") == "live"


async def test_a_mistyped_command_is_still_offered(office: Office) -> None:
    await lose(office)
    assert labels(await office.says("Ann", "reopn northwind"))[0] == "reopen northwind"


async def test_a_colleagues_lost_customer_stays_unknown(office: Office) -> None:
    await lose(office)
    assert "Northwind was lost" not in said(await office.says("Bo", "had lunch with northwind"))
