"""What a deal must have to enter a stage: a warning, a refusal with its way out, an exception."""

from __future__ import annotations

import pytest

from tests.office import Office, labels, said

STAGE = "select stage from deal"
ASKED = "select count(*) from outbox where key like 'let-in:%'"


@pytest.fixture
async def blocked(office: Office) -> Office:
    """An office whose stage Negotiation is entered with an amount and a budget only."""
    await office.taps("Kim", "fcheck:negotiation:budget")
    await office.taps("Kim", "fcheck:negotiation:budget")
    await office.taps("Kim", "fcheck:negotiation:amount")
    await office.says("Ann", "lead Acme, Jane Doe")
    return office


async def test_a_check_that_warns_lets_the_deal_in_and_names_what_is_missing(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 12k")
    reply = await office.says("Ann", "move acme negotiation")
    assert "Not named yet: the decision maker" in said(reply)
    assert office.one(STAGE) == "negotiation"


async def test_a_check_that_blocks_refuses_the_move_and_offers_to_fill_the_gap(
    blocked: Office,
) -> None:
    reply = await blocked.says("Ann", "move acme negotiation")
    assert "Missing: the amount, the budget" in said(reply)
    assert labels(reply) == ["Add the amount", "Add the budget", "Ask my manager"]
    assert blocked.one(STAGE) == "opportunity"


async def test_what_is_filled_in_lets_the_deal_enter(blocked: Office) -> None:
    await blocked.says("Ann", "edit acme 12k")
    await blocked.says("Ann", "budget acme signed off")
    await blocked.says("Ann", "move acme negotiation")
    assert blocked.one(STAGE) == "negotiation"


async def test_an_amount_given_with_the_offer_counts(blocked: Office) -> None:
    await blocked.says("Ann", "budget acme signed off")
    await blocked.says("Ann", "offer acme 12k")
    assert blocked.one(STAGE) == "negotiation"


async def test_the_manager_is_asked_once_a_day_and_may_let_the_deal_in(blocked: Office) -> None:
    ask = f"to-ask:{blocked.deal('Acme')}:negotiation"
    assert "Mia has been asked" in said(await blocked.taps("Ann", ask))
    await blocked.taps("Ann", ask)
    assert blocked.one(ASKED) == 1
    anyway = f"to-anyway:{blocked.deal('Acme')}:negotiation"
    await blocked.taps("Ann", anyway)
    assert blocked.one(STAGE) == "opportunity"
    assert "Not named yet: the amount" in said(await blocked.taps("Mia", anyway))
    assert blocked.one(STAGE) == "negotiation"


async def test_a_move_back_is_not_checked(blocked: Office) -> None:
    await blocked.taps("Mia", f"to-anyway:{blocked.deal('Acme')}:negotiation")
    await blocked.says("Ann", "move acme signed")
    await blocked.says("Ann", "back acme")
    assert blocked.one(STAGE) == "negotiation"
