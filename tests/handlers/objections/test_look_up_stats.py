"""Look-up statistics: whose look-ups count, and how often a line lands."""

from __future__ import annotations

from tests.handlers.objections.look_ups import (
    looked_up,
)
from tests.office import Office, action, said


async def test_a_rep_reads_only_their_own_objections_and_a_manager_those_below(
    office: Office,
) -> None:
    await looked_up(office, who="Ann")
    await looked_up(office, who="Bo")
    assert "1 objection in" in said(await office.says("Ann", "objections"))
    assert "2 objections in" in said(await office.says("Mia", "objections"))
    assert "No objection looked up yet" in said(await office.says("Eve", "objections"))


async def test_how_often_a_card_lands_is_told_once_there_are_enough(office: Office) -> None:
    for outcome in ["It landed"] * 3 + ["It didn't"]:
        await office.taps("Ann", action(await looked_up(office), outcome))
    few = await more(office)
    assert "too few to tell (4)" in few
    await office.taps("Ann", action(await looked_up(office), "It landed"))
    assert "Landed 4 of 5 times: 80 % (likely 38–96 %)." in await more(office)


async def more(office: Office) -> str:
    return said(await office.taps("Ann", action(await looked_up(office), "More")))


async def test_a_deal_counts_once_in_a_cards_win_rate_and_only_when_it_has_ended(
    office: Office,
) -> None:
    for number in range(6):
        await office.says("Ann", f"lead Customer{number}, 12k")
        for _ in range(2):
            asked = await office.taps("Ann", action(await looked_up(office), "It landed"))
            await office.taps("Ann", action(asked, f"✓ Customer{number}"))
        if number < 5:
            won = await office.says("Ann", f"won customer{number} 12k")
            await office.taps("Ann", action(won, "Signed and paid"))
    ended = office.one("select count(*) from deal where status = 'won'")
    assert ended == 5
    assert "5 of 5 won, 100 %" in await more(office)
