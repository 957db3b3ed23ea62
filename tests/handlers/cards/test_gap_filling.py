"""A gap that is filled: its queries go to the card, its first asker is told."""

from __future__ import annotations

from tests.handlers.letters import sent
from tests.handlers.objections.look_ups import (
    asked,
)
from tests.office import Office, action, labels, said


async def test_a_line_that_did_not_land_goes_to_the_owner_of_its_card(office: Office) -> None:
    price = office.one(
        "select id from card where key = 'price-too-expensive' and language = 'en' and team_id = 1"
    )
    await office.taps("Mia", f"card-owner:{price}:{office.member('Bo')}")
    for who in ("Ann", "Ann"):
        reply = await office.says(who, "obj it's too expensive")
        await office.taps(who, action(reply, "It didn't"))
    [letter] = sent(office)
    assert letter.to == "Bo"
    assert "It's too expensive did not land 2 times" in letter.said
    assert labels(letter.reply) == ["Edit the card", "Write it", "Ignore"]
    form = (await office.taps("Bo", action(letter.reply, "Edit the card"))).text
    assert form
    values = {"objection": "It's too expensive", "say": "Compared with what?"}
    edited = await office.fills("Bo", f"card-edit:{price}", values)
    assert "Told: Ann, who asked first." in said(edited)
    assert office.one("select state from gap") == "filled"


async def test_dropped_the_draft_leaves_the_gap_open(office: Office) -> None:
    await asked(office, "Ann", "Bo")
    [letter] = sent(office)
    drafted = await office.says("Mia", "We can do that.", reply_to=letter.ref)
    assert "📝" in said(await office.says("Mia", "gaps"))
    await office.taps("Mia", action(drafted, "Drop"))
    assert "📝" not in said(await office.says("Mia", "gaps"))
    assert "2× “qwrtzpsdfg xkcd”" in said(await office.says("Mia", "gaps"))


async def test_added_to_a_card_its_wordings_go_there_but_no_customer_s_name(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await asked(office, "Ann", text="acme qwrtzpsdfg xkcd")
    await asked(office, "Bo", text="xkcd, qwrtzpsdfg?")
    price = office.one("select min(id) from card where team_id = 1 and language = 'en'")
    await office.taps("Mia", f"gap-add:1:{price}")
    added = {row[0] for row in office.rows("select text from phrasing where card_id = ?", price)}
    assert {text for text in added if "xkcd" in text} == {"qwrtzpsdfg xkcd", "xkcd, qwrtzpsdfg?"}
    assert office.one("select state from gap") == "filled"
