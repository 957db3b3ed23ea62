"""Card states: who may change a card, and that nobody finds a draft."""

from __future__ import annotations

import pytest

from tests.handlers.cards.own_card import LINES, added, card, finds
from tests.office import Office, labels, said


async def test_a_draft_is_found_by_no_look_up_of_any_kind(office: Office) -> None:
    await added(office, "Ann")
    assert "Ours ships" not in said(await finds(office))
    typed = office.request("Bo", kind="query", text="qwrtz keyboards")
    assert all("qwrtz" not in each.title for each in (await office.answer(typed)).reply.choices)
    assert all("qwrtz" not in label for label in labels(await office.says("Bo", "obj")))
    assert "no such card" in said(await office.says("Bo", "card show qwrtz keyboards"))
    assert "Ours ships" in said(await office.says("Ann", "card show qwrtz keyboards"))


@pytest.mark.parametrize(
    "verb",
    ["approve", "drop", "retire", "restore", "history", "details", "owner", "phrasings", "say"],
)
async def test_what_a_manager_decides_a_rep_cannot(office: Office, verb: str) -> None:
    made = await added(office, "Ann")
    before = office.rows("select * from card")
    assert "Only a manager" in said(await office.taps("Ann", f"card-{verb}:{made}"))
    assert office.rows("select * from card") == before


async def test_its_owner_may_change_a_card_and_find_it_right_and_no_other_rep(
    office: Office,
) -> None:
    made = await added(office)
    await office.taps("Mia", f"card-owner:{made}:{office.member('Bo')}")
    refused = await office.fills("Ann", f"card-edit:{made}", LINES | {"say": "No."})
    assert "Only a manager" in said(refused)
    assert "Only a manager" in said(await office.taps("Ann", f"card-verify:{made}"))
    await office.fills("Bo", f"card-edit:{made}", LINES | {"say": "In forty layouts."})
    assert card(office, made, "say") == "In forty layouts."
    office.wait(days=5)
    assert "Still right" in said(await office.taps("Bo", f"card-verify:{made}"))
    assert card(office, made, "verified_at").startswith("2026-11-23")


async def test_a_draft_is_decided_on_once(office: Office) -> None:
    made = await added(office, "Ann")
    await office.taps("Mia", f"card-approve:{made}")
    assert "no draft any more" in said(await office.taps("Kim", f"card-drop:{made}"))
    assert card(office, made, "state") == "approved"
