"""A deal deleted as a mistake counts nowhere, comes back by undo, and is erased a day later."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.outbox import DeliveryOutbox
from tests.office import Office, labels, said

OF_DEAL = ("event", "step", "nudge", "look_up", "stake", "occasion", "proof")
DAY_AND_MORE = timedelta(days=1, minutes=1)


async def deleted(office: Office) -> int:
    await office.says("Ann", "lead Acme, Jane Doe, +44 20 7946 0958, 12k")
    await office.says("Ann", "note acme met at the fair")
    await office.says("Ann", "next acme tomorrow 3pm call jane")
    await office.says("Ann", "obj too expensive")
    number = office.deal("Acme")
    assert labels(await office.says("Ann", "delete acme"))[0] == "Delete"
    assert office.one("select status from deal") == "live"  # the question wrote nothing
    await office.taps("Ann", f"delete:{number}")
    return number


async def test_it_is_seen_nowhere_and_its_steps_do_not_ring(office: Office) -> None:
    await deleted(office)
    for line in ("deals", "today", "deal acme", "forecast", "report", "nudges"):
        assert "12,000" not in said(await office.says("Ann", line)), line
    assert office.rows("select state, ring_at from step") == [("dropped", None)]


async def test_undo_brings_it_back_with_its_step(office: Office) -> None:
    await deleted(office)
    await office.says("Ann", "undo")
    assert office.one("select status from deal") == "live"
    assert office.rows("select text, state from step") == [("call jane", "open")]
    assert "Acme" in said(await office.says("Ann", "deals"))


async def test_a_day_later_nothing_of_it_is_left(office: Office) -> None:
    number = await deleted(office)
    await office.says("Ann", "lead Beta, 5k")
    outbox = DeliveryOutbox(office.app, "test")
    outbox.tidy()
    assert office.one("select count(*) from deal") == 2
    office.clock.move(DAY_AND_MORE)
    outbox.tidy()
    assert office.rows("select c.name from deal join customer c on c.id = customer_id") == [
        ("Beta",)
    ]
    for table in OF_DEAL:
        assert office.rows(f"select id from {table} where deal_id = {number}") == [], table  # noqa: S608 our own tables
    assert office.rows("select name from contact where name = 'Jane Doe'") == []
    assert office.rows("pragma foreign_key_check") == []
    assert "Beta" in said(await office.says("Ann", "deals"))


async def test_what_was_brought_back_is_not_erased(office: Office) -> None:
    await deleted(office)
    await office.says("Ann", "undo")
    office.clock.move(DAY_AND_MORE)
    DeliveryOutbox(office.app, "test").tidy()
    assert office.one("select status from deal") == "live"


async def test_nobody_deletes_a_colleagues_deal(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    number = office.deal("Acme")
    await office.taps("Bo", f"delete:{number}")
    assert office.one("select status from deal") == "live"
