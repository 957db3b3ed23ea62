"""A card's history: each version can be brought back."""

from __future__ import annotations

from tests.handlers.cards.own_card import added
from tests.office import Office, action, said


async def test_every_version_of_a_card_can_be_brought_back_its_phrasings_too(
    office: Office,
) -> None:
    made = await added(office, phrasings="qwrtz only; no qwrtz no deal")
    await office.fills("Mia", f"card-say:{made}", {"phrasings": "azerty"})
    await office.taps("Mia", f"card-retire:{made}")
    history = await office.says("Mia", "card history qwrtz keyboards")
    assert "3. today" in said(history)
    assert "edited (ways to say it)" in said(history)
    back = await office.taps("Mia", action(history, "↺ Bring back 1"))
    assert "in use" in said(back)
    texts = [row[0] for row in office.rows("select text from phrasing where card_id = ?", made)]
    assert texts == ["qwrtz only", "no qwrtz no deal"]
    kinds = office.rows("select kind from card_change where card_id = ? order by id", made)
    assert [kind for (kind,) in kinds] == ["made", "edited", "retired", "reverted"]
