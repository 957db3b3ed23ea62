"""Budget, procurement, discount and competitor are saved in the rep's own words."""

from __future__ import annotations

import pytest

from tests.office import Office, said

STORED = "select budget, procurement, discount, competitor from deal"


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("budget acme 20k signed off", ("20k signed off", "", "", "")),
        ("procurement acme legal review", ("", "legal review", "", "")),
        ("discount acme 10%", ("", "", "10%", "")),
        ("competitor acme Contoso", ("", "", "", "Contoso")),
        ("预算 acme 20万", ("20万", "", "", "")),
        ("采购 acme 法务审核", ("", "法务审核", "", "")),
        ("折扣 acme 9折", ("", "", "9折", "")),
        ("竞品 acme 华为", ("", "", "", "华为")),
    ],
)
async def test_each_term_is_saved_in_its_column_and_can_be_undone(
    office: Office, line: str, stored: tuple[str, ...]
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", line)
    assert office.rows(STORED) == [stored]
    await office.says("Ann", "undo")
    assert office.rows(STORED) == [("", "", "", "")]


@pytest.mark.parametrize("word", ["budget", "discount", "competitor", "预算"])
async def test_the_bare_word_is_looked_up_as_an_objection(office: Office, word: str) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", word)
    assert office.one("select count(*) from look_up") == 1
    assert office.rows(STORED) == [("", "", "", "")]


async def test_a_deal_without_a_term_shows_what_is_known_and_changes_nothing(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "budget acme 20k signed off")
    events = "select count(*) from event"
    before = office.one(events)
    assert "Budget: 20k signed off" in said(await office.says("Ann", "discount acme"))
    assert office.one(events) == before


async def test_a_long_term_is_cut_to_its_column(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", f"budget acme {'x' * 500}")
    assert office.one("select length(budget) from deal") == 120
