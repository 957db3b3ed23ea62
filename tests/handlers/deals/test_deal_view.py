"""How a deal is rendered: its line, its row in a list and its card."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.deals.deal_view import format_phone, render_person, render_person_with_link
from storage.tables.people_and_deals import Contact
from tests.dialogs.world import now
from tests.office import Office, labels, said


def contact(**known: Any) -> Contact:
    return Contact(team_id=1, customer_id=1, created_at=now("en"), **known)


@pytest.mark.parametrize(
    ("stored", "rendered"),
    [("+442079460958", "+44 20 7946 0958"), ("", ""), ("extension 12", "extension 12")],
)
def test_a_phone_number_is_written_as_people_write_it(stored: str, rendered: str) -> None:
    assert format_phone(stored) == rendered


def test_a_person_is_rendered_without_what_is_not_known() -> None:
    jane = contact(name="Jane Doe", phone="+442079460958", role="CFO")
    assert render_person(jane, "decides") == "👤 Jane Doe · CFO · decides · +44 20 7946 0958"
    assert render_person(contact(email="jane@acme.com")) == "👤 jane@acme.com"


def test_a_phone_number_is_a_link_that_dials_it() -> None:
    spans = render_person_with_link(contact(name="Jane", phone="+442079460958"))
    assert [span.url for span in spans if span.style == "link"] == ["tel:+442079460958"]


async def test_the_card_shows_the_last_three_acts_without_those_taken_back(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane Doe, 10k")
    for number in (1, 2, 3):
        await office.says("Ann", f"note acme call number {number}")
    await office.says("Ann", "undo")
    card = said(await office.says("Ann", "deal acme"))
    assert "call number 3" not in card
    assert [line.rsplit(":", 1)[-1].strip() for line in card.splitlines() if line[0] == "•"] == [
        "call number 2",
        "call number 1",
        "logged",
    ]


async def test_a_managers_list_names_the_owner_and_the_owners_own_does_not(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    assert "· Ann" in said(await office.says("Mia", "deals"))
    assert "· Ann" not in said(await office.says("Ann", "deals"))


@pytest.mark.parametrize(
    ("act", "first"),
    [
        ("note acme hello", "Next step"),
        ("next acme today 17:00 call", "Next step"),
        ("lost acme price", "Reopen"),
        ("park acme until 1 March", "Reopen"),
    ],
)
async def test_the_card_offers_the_likeliest_act_first(
    office: Office, act: str, first: str
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", act)
    assert labels(await office.says("Ann", "deal acme"))[0] == first


async def test_a_step_that_is_due_is_offered_to_be_marked_as_done(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "next acme today 17:00 call")
    office.wait(hours=8)
    assert labels(await office.says("Ann", "deal acme"))[0] == "Done"
