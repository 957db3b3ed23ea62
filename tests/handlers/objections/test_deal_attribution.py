"""Deal attribution: which deal a look-up was about is asked once, the guess first."""

from __future__ import annotations

from tests.handlers.objections.look_ups import (
    looked_up,
)
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
