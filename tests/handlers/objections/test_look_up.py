"""Look-ups: what is offered without words, and texts that are no plain objection."""

from __future__ import annotations

from tests.handlers.objections.look_ups import (
    looked_up,
)
from tests.office import Office, labels, said


async def test_five_to_tap_are_those_heard_most_at_the_deals_stage(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await looked_up(office, "send me an email")
    reply = await office.says("Ann", "obj")
    top = office.one("select objection from card where id = (select top_card_id from look_up)")
    assert labels(reply)[0] == top
    assert len(labels(reply)) == 5
    await office.says("Ann", "move acme negotiation")
    assert labels(await office.says("Ann", "obj"))[0] != top


async def test_an_objection_with_a_date_and_a_name_books_nothing(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    reply = await office.says("Ann", "acme: no budget this year")
    assert "💬" in said(reply)
    assert office.one("select next_step_at from deal") is None
    assert "▶" in said(await office.says("Ann", "acme call the boss tomorrow 10am"))


async def test_a_very_long_text_is_cut_and_said_to_be(office: Office) -> None:
    long = "it is too expensive for us. " + "and so on " * 600
    assert "I read the first 4,096 characters" in said(await looked_up(office, long))
    assert "I read the first" not in said(await looked_up(office))
