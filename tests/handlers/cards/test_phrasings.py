"""A card's phrasings: written and learned ones, added and dropped."""

from __future__ import annotations

from tests.handlers.cards.own_card import added, finds
from tests.office import Office, action, said


async def test_learned_wordings_are_listed_and_can_be_dropped_for_good(office: Office) -> None:
    made = await added(office)
    reply = await finds(office, "qwrtz keyboards for all")
    await office.taps("Bo", action(reply, "It landed"))
    listed = await office.says("Mia", "card phrasings qwrtz keyboards")
    assert "• qwrtz keyboards for all (learned, 1 use)" in said(listed)
    dropped = await office.taps("Mia", action(listed, "✕ qwrtz keyboards for all"))
    assert "learned" not in said(dropped)
    await office.taps("Bo", action(await finds(office, "qwrtz keyboards for all"), "It landed"))
    assert "learned" not in said(await office.taps("Mia", f"card-phrasings:{made}"))
