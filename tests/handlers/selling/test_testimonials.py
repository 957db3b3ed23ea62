"""Testimonials: saved with the customer's permission, found mid-call, withdrawn again."""

from __future__ import annotations

import pytest

from tests.office import Office, action, labels, said

STORED = "select quote, permission, category, industry from proof where withdrawn_at is null"
QUOTE = "It paid for itself in a month"


async def give(office: Office, quote: str = QUOTE, **values: str) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.taps("Ann", f"won-paid:{office.deal('Acme')}")
    answers = {"quote": quote, "permission": "named", **values}
    await office.fills("Ann", f"proof-add:{office.deal('Acme')}", answers)


async def test_a_testimonial_is_saved_with_its_permission_and_on_the_deals_history(
    office: Office,
) -> None:
    await give(office, permission="anonymous", category="price", industry="零售")
    assert office.rows(STORED) == [(QUOTE, "anonymous", "price", "retail")]
    last = "select kind, note from event order by id desc limit 1"
    assert office.rows(last) == [("proof", QUOTE)]


@pytest.mark.parametrize("forged", ["", "everybody"])
async def test_without_a_known_permission_it_is_internal(office: Office, forged: str) -> None:
    await give(office, permission=forged)
    assert office.rows(STORED) == [(QUOTE, "internal", "", "")]


@pytest.mark.parametrize("quote", ["", "ok", "x" * 650])
async def test_a_quote_too_short_or_too_long_is_asked_for_again(office: Office, quote: str) -> None:
    await give(office, quote)
    assert office.rows(STORED) == []


@pytest.mark.parametrize(
    "line", ["proof", "proof price", "proof prise", "proof month", "案例 价格"]
)
async def test_it_is_found_by_category_with_slips_and_by_its_words(
    office: Office, line: str
) -> None:
    await give(office, category="price")
    found = said(await office.says("Bo", line))
    assert QUOTE in found
    assert "Nothing" not in found


async def test_words_that_fit_none_show_the_newest_and_say_so(office: Office) -> None:
    await give(office, category="price")
    found = said(await office.says("Bo", "proof rollout"))
    assert QUOTE in found
    assert "rollout" in found


async def test_a_withdrawn_testimonial_is_shown_and_copied_to_nobody(office: Office) -> None:
    await give(office)
    copy = action(await office.says("Bo", "proof"), labels(await office.says("Bo", "proof"))[0])
    assert QUOTE in said(await office.taps("Bo", copy))
    proof = office.one("select id from proof")
    await office.taps("Bo", f"proof-off:{proof}")
    assert len(office.rows(STORED)) == 1  # whoever may not see the deal may not withdraw it
    await office.taps("Ann", f"proof-off:{proof}")
    assert office.rows(STORED) == []
    assert QUOTE not in said(await office.taps("Bo", copy))
    assert QUOTE not in said(await office.says("Bo", "proof"))
