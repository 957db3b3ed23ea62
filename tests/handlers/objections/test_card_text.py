"""The text of a card: internal lines stay inside, placeholders are filled, proof is dated."""

from __future__ import annotations

from tests.handlers.objections.look_ups import (
    looked_up,
    rewrite,
)
from tests.office import Office, action, said


async def test_a_line_marked_internal_is_shown_with_a_lock_and_never_copied(
    office: Office,
) -> None:
    rewrite(office, say="Our floor is 8 %.", angles=["Say this."], internal=["say"])
    reply = await looked_up(office)
    assert "🔒 Our floor is 8 %." in said(reply)
    refused = await office.taps("Ann", action(reply, "Copy"))
    assert "Our floor" not in said(refused)
    assert "internal" in said(refused)
    following = await office.taps("Ann", action(reply, "Next angle"))
    copied = await office.taps("Ann", action(following, "Copy"))
    assert said(copied) == "Say this."


async def test_as_typed_results_never_send_an_internal_line(office: Office) -> None:
    asked = office.request("Ann", kind="query", text="too expensive")
    assert "It's too expensive" in [
        each.title for each in (await office.answer(asked)).reply.choices
    ]
    rewrite(office, internal=["say"])
    asked = office.request("Ann", kind="query", text="too expensive")
    titles = [each.title for each in (await office.answer(asked)).reply.choices]
    assert "It's too expensive" not in titles


async def test_blanks_are_filled_from_the_deal_in_hand(office: Office) -> None:
    rewrite(office, say="{customer} gets it for {amount}, not {competitor}'s price.")
    assert "your company gets it for this price" in said(await looked_up(office))
    await office.says("Ann", "lead Acme, 12k")
    reply = await looked_up(office)
    assert "Acme gets it for €12,000, not the other offer's price." in said(reply)
    await office.fills("Ann", f"edit:{office.deal('Acme')}", {"competitor": "Globex"})
    copied = await office.taps("Ann", action(await looked_up(office), "Copy"))
    assert said(copied) == "Acme gets it for €12,000, not Globex's price."


async def test_a_customers_name_is_never_read_as_a_blank(office: Office) -> None:
    rewrite(office, say="Dear {customer}.")
    await office.says("Ann", "lead {amount} <b>*_, 12k")
    assert "Dear {amount} <b>*_." in said(await looked_up(office))


async def test_a_card_dates_its_proof(office: Office) -> None:
    rewrite(office, proof="Case of a bakery", proof_on="2026-10-01")
    assert "📎 Case of a bakery (2026-10-01)" in said(await looked_up(office))
