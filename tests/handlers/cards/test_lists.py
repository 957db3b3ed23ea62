"""Lists of cards: what an empty one says, and unused cards on a Monday."""

from __future__ import annotations

from tests.handlers.cards.own_card import added, finds, morning
from tests.office import Office, action, labels, said


async def test_what_nobody_used_is_proposed_for_retirement_on_a_monday(office: Office) -> None:
    await added(office)
    office.wait(days=103)  # a Monday, 1 March
    assert all("🗂" not in each for each in await morning(office, "Mia"))
    await finds(office)
    office.wait(days=21)
    [digest] = await morning(office, "Mia")
    assert "🗂 Nobody used" in digest
    reply = await office.says("Mia", "cards unused")
    assert "We only buy qwrtz" not in said(reply)
    first = labels(reply)[0]
    gone = await office.taps("Mia", action(reply, first))
    assert f"✓ Retired: {first.removeprefix('✕ ').removesuffix('…')}" in said(gone)
    assert first not in labels(gone)
    assert len(labels(gone)) == 5
    await office.taps("Mia", action(gone, "Bring back"))
    assert office.one("select count(*) from card where state = 'retired'") == 0


async def test_a_team_that_looks_nothing_up_is_not_told_to_retire_everything(
    office: Office,
) -> None:
    office.wait(days=124)  # a Monday
    assert all("🗂" not in each for each in await morning(office, "Mia"))


async def test_an_empty_list_says_what_there_is_none_of(office: Office) -> None:
    assert said(await office.says("Mia", "card due")) == "✓ No card needs a look."
    assert said(await office.says("Mia", "card drafts")) == "No draft waits."
    assert said(await office.says("Mia", "card restore")) == "No card is retired."
    nonsense = said(await office.says("Mia", "card list nonsense"))
    assert nonsense.startswith("There is no card like that. Categories: authority, budget")
