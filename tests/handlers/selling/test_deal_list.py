"""The list of deals: what needs attention first, narrowed by stage, status and owner, in pages."""

from __future__ import annotations

import pytest

from tests.office import Office, action, labels, said


def names(text: str) -> list[str]:
    """The customers in the order in which the list names them."""
    return [line.split(" · ")[0] for line in text.splitlines() if " · " in line]


async def test_what_needs_attention_comes_first(office: Office) -> None:
    for name in ("Acme", "Beta", "Gamma", "Delta", "Contoso"):
        await office.says("Ann", f"lead {name} Ltd, 1k")
    await office.says("Ann", "park acme until 1 March")
    await office.says("Ann", "next beta 1 December 10:00 call")
    await office.says("Ann", "next delta tomorrow 10:00 call")
    await office.says("Ann", "next contoso today 17:00 call")
    office.wait(hours=8)
    listed = names(said(await office.says("Ann", "deals")))
    assert listed == ["Contoso Ltd", "Delta Ltd", "Gamma Ltd", "Beta Ltd", "Acme Ltd"]


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("deals", ["Acme"]),
        ("deals negotiation", ["Acme"]),
        ("deals lost", ["Beta"]),
        ("商机列表 输单", ["Beta"]),
        ("deals qualified", []),
    ],
)
async def test_a_stage_or_an_ending_narrows_the_list(
    office: Office, line: str, listed: list[str]
) -> None:
    await office.says("Ann", "lead Acme, 1k")
    await office.says("Ann", "move acme negotiation")
    await office.says("Ann", "lead Beta, 2k")
    await office.says("Ann", "lost beta price")
    assert names(said(await office.says("Ann", line))) == listed


async def test_a_list_is_read_in_pages_of_five(office: Office) -> None:
    for number in range(7):
        await office.says("Ann", f"lead Customer{number} Ltd, 1k")
    first = await office.says("Ann", "deals")
    assert len(names(said(first))) == 5
    second = await office.taps("Ann", action(first, "More"))
    assert len(names(said(second))) == 2
    assert second.edit
    assert "Back" in labels(second)


async def test_a_manager_without_deals_sees_those_of_the_team_and_a_rep_only_their_own(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 1k")
    await office.says("Bo", "lead Beta, 1k")
    assert sorted(names(said(await office.says("Mia", "deals")))) == ["Acme", "Beta"]
    assert names(said(await office.says("Ann", "deals all"))) == ["Acme"]


async def test_the_card_of_a_deal_takes_it_in_hand(office: Office) -> None:
    await office.says("Ann", "lead Acme, 1k")
    await office.says("Ann", "lead Beta, 1k")
    await office.taps("Ann", f"open:{office.deal('Acme')}")
    held = "select deal_in_hand_id from member where name = 'Ann'"
    assert office.one(held) == office.deal("Acme")


async def test_a_colleagues_deal_cannot_be_opened(office: Office) -> None:
    await office.says("Ann", "lead Acme, 1k")
    assert "Acme" not in said(await office.taps("Bo", f"open:{office.deal('Acme')}"))
