"""An amount given as a range is asked back and not guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.deals import amount_range
from handlers.reading import read_money
from tests.office import Office, labels, said

STORED = "select amount from deal"


def test_only_a_single_amount_becomes_a_column() -> None:
    single, span = read_money("12k", "EUR"), read_money("10-12k", "EUR")
    assert amount_range.to_columns(single) == {"amount": Decimal(12000), "currency": "EUR"}
    assert amount_range.is_range(span)
    assert amount_range.to_columns(span) == amount_range.to_columns(None) == {}


@pytest.mark.parametrize("line", ["lead Acme, Jane Doe, 10-12k", "线索 Acme，Jane Doe，1万-1.2万"])
async def test_a_range_is_asked_back_and_one_tap_stores_either_amount(
    office: Office, line: str
) -> None:
    reply = await office.says("Ann", line)
    assert "Which amount shall I keep?" in said(reply)
    assert labels(reply)[:2] == ["€10,000", "€12,000"]
    assert office.one(STORED) is None
    await office.taps("Ann", reply.buttons[0][1].action)
    assert office.one(STORED) == "12000"


async def test_an_offer_over_a_range_stores_no_amount_until_it_is_chosen(office: Office) -> None:
    await office.says("Ann", "lead Acme, 9k")
    reply = await office.says("Ann", "offer acme 10-12k")
    assert labels(reply)[:2] == ["€10,000", "€12,000"]
    assert office.one(STORED) == "9000"
