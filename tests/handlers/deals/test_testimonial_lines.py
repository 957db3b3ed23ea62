"""Which testimonials a member sees, under whose name, and which stands under an objection card."""

from __future__ import annotations

import pytest

from tests.office import Office, labels, said

PRICE = "too expensive"


async def give(office: Office, permission: str, category: str = "", industry: str = "") -> None:
    """A testimonial of Ann's customer Acme."""
    await office.says("Ann", "lead Acme, 10k")
    await office.taps("Ann", f"won-paid:{office.deal('Acme')}")
    values = {"quote": "It paid for itself in a month", "permission": permission}
    values |= {"category": category, "industry": industry}
    await office.fills("Ann", f"proof-add:{office.deal('Acme')}", values)


@pytest.mark.parametrize(
    ("permission", "seen"), [("named", True), ("anonymous", True), ("internal", False)]
)
async def test_an_internal_testimonial_is_shown_only_to_who_may_see_the_deal(
    office: Office, permission: str, seen: bool
) -> None:
    await give(office, permission)
    assert "paid for itself" in said(await office.says("Ann", "proof"))
    assert ("paid for itself" in said(await office.says("Bo", "proof"))) is seen
    assert "paid for itself" not in said(await office.says("Eve", "proof"))


async def test_an_anonymous_speaker_is_named_by_the_industry_alone(office: Office) -> None:
    await give(office, "anonymous", industry="retail")
    shown = said(await office.says("Bo", "proof"))
    assert "Acme" not in shown
    assert "retail" in shown.casefold()


async def test_an_internal_quote_cannot_be_copied(office: Office) -> None:
    await give(office, "internal")
    assert not any("Copy" in label for label in labels(await office.says("Ann", "proof")))


async def test_a_testimonial_against_the_objection_stands_under_its_card(office: Office) -> None:
    await give(office, "named", category="price")
    assert "paid for itself" in said(await office.says("Bo", PRICE))
    assert "paid for itself" not in said(await office.says("Bo", "we have no time for this now"))
