"""A card as its keepers see it: who sees it, what each may tap, and which one words find."""

from __future__ import annotations

import pytest

from tests.handlers.cards.own_card import LINES, added
from tests.office import Office, labels, said


@pytest.mark.parametrize(
    ("who", "taps"),
    [
        ("Mia", ["Edit", "Details", "Phrasings", "History", "Retire"]),
        ("Bo", ["Edit"]),
        ("Ann", []),
    ],
)
async def test_a_manager_may_do_all_its_owner_edit_and_others_read(
    office: Office, who: str, taps: list[str]
) -> None:
    made = await added(office)
    await office.taps("Mia", f"card-owner:{made}:{office.member('Bo')}")
    shown = await office.taps(who, f"card-show:{made}")
    assert LINES["say"] in said(shown)
    assert labels(shown) == taps


async def test_a_draft_is_seen_by_who_proposed_it_and_by_managers_alone(office: Office) -> None:
    made = await added(office, "Ann")
    for who in ("Ann", "Mia", "Kim"):
        assert "draft" in said(await office.taps(who, f"card-show:{made}"))
    for who in ("Bo", "Eve"):
        assert "no longer here" in said(await office.taps(who, f"card-show:{made}"))


async def test_a_card_in_use_is_no_business_of_another_team(office: Office) -> None:
    made = await added(office)
    assert "no longer here" in said(await office.taps("Eve", f"card-show:{made}"))
    assert "no such card" in said(await office.says("Eve", "card show qwrtz keyboards"))


async def test_words_find_the_card_in_use_before_the_draft(office: Office) -> None:
    draft = await added(office, "Ann", say="A draft's line.")
    assert "A draft's line." in said(await office.says("Mia", "card show qwrtz keyboards"))
    await added(office, "Mia")
    assert LINES["say"] in said(await office.says("Mia", "card show qwrtz keyboards"))
    assert office.one("select state from card where id = ?", draft) == "draft"


async def test_a_merged_card_says_where_it_went(office: Office) -> None:
    one = await added(office)
    other = await added(office, objection="Wrong keyboard layout")
    await office.taps("Mia", f"card-merge:{one}:{other}")
    assert "Wrong keyboard layout" in said(await office.taps("Mia", f"card-show:{one}"))
