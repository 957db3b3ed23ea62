"""What became of a look-up: which deal it was about, and what all of them add up to."""

from __future__ import annotations

from tests.handlers.objections.test_look_up import looked_up
from tests.office import Office, action, labels, said


async def test_the_deal_is_asked_once_with_the_guess_in_front(office: Office) -> None:
    await office.says("Ann", "lead Beta, 5k")
    await office.says("Ann", "lead Acme, 12k")
    first = await looked_up(office)
    asked = await office.taps("Ann", action(first, "It landed"))
    assert labels(asked) == ["✓ Acme", "Beta", "No deal"]
    await office.taps("Ann", action(asked, "Beta"))
    again = await office.taps("Ann", action(first, "It landed"))
    assert "Which deal" not in said(again)
    assert office.one("select deal_id from look_up") == office.deal("Beta")


async def test_a_look_up_that_names_a_deal_is_guessed_to_be_about_it(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await office.says("Ann", "lead Beta, 5k")
    asked = await office.taps(
        "Ann", action(await looked_up(office, "acme it's too expensive"), "It landed")
    )
    assert labels(asked)[0] == "✓ Acme"


async def test_a_note_takes_only_a_look_up_of_its_own_deal_along(office: Office) -> None:
    await office.says("Ann", "lead Beta, 5k")
    await office.says("Ann", "lead Acme, 12k")
    await looked_up(office)
    assert "with the objection" not in said(await office.says("Ann", "note beta all well"))
    await office.says("Ann", "deal acme")
    assert "with the objection" in said(await office.says("Ann", "note acme they ask"))
    assert "with the objection" not in said(await office.says("Ann", "note acme they ask again"))
    assert office.one("select count(*) from event where kind = 'objection'") == 1


async def test_a_note_much_later_takes_nothing_along(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await looked_up(office)
    office.wait(hours=5)
    assert "with the objection" not in said(await office.says("Ann", "note acme they ask"))


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
