"""The words after `card`: a customer's or a command's."""

from __future__ import annotations

from tests.office import Office, labels, said


async def test_a_rep_s_line_that_begins_with_card_is_a_customer_s_words(office: Office) -> None:
    reply = await office.says("Ann", "card payments: it's too expensive")
    assert "It landed" in labels(reply)


async def test_of_a_message_of_ours_the_customer_s_words_are_taken(office: Office) -> None:
    shown = said(await office.says("Ann", "obj qwrtzpsdfg xkcd"))
    asked = office.request("Ann", text="card", reply_to="any", replied_text=shown, draws_forms=True)
    reply = (await office.answer(asked)).reply
    assert said(reply) == "A card for “qwrtzpsdfg xkcd”."
