"""The terms of a deal: what is read, what is stored, and how it is shown."""

from __future__ import annotations

import pytest

from tests.office import Office, said

STORED = "select discount, discount_until from deal"


@pytest.mark.parametrize(
    ("line", "discount"),
    [
        ("discount acme 10% until Friday", "10%"),
        ("discount acme 10% valid until 20 November", "10%"),
        ("折扣 acme 9折 截止周五", "9折"),
    ],
)
async def test_a_discount_is_split_from_its_last_day(
    office: Office, line: str, discount: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", line)
    assert office.rows(STORED) == [(discount, "2026-11-20")]
    assert f"{discount}, until Fri 20 Nov" in said(reply)


async def test_a_discount_whose_last_day_is_past_is_refused_and_changes_nothing(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", "discount acme 5% until 1 January 2020")
    assert "That day is past" in said(reply)
    assert office.rows(STORED) == [("", None)]


async def test_a_discount_is_shown_as_over_after_its_last_day(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "discount acme 10% until Friday")
    assert "10%, until Fri 20 Nov" in said(await office.says("Ann", "deal acme"))
    office.wait(days=4)
    assert "10%, over since Fri 20 Nov" in said(await office.says("Ann", "deal acme"))


async def test_a_form_that_leaves_the_discount_as_it_stands_keeps_its_day(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "discount acme 10% until Friday")
    office.wait(days=10)
    deal = office.deal("Acme")
    await office.fills("Ann", f"edit:{deal}", {"discount": "10% until 2026-11-20", "budget": "9k"})
    assert office.rows(STORED) == [("10%", "2026-11-20")]
    assert office.one("select budget from deal") == "9k"
