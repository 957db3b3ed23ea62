"""The cards are looked over in short steps; the worst are told first, a few at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.loop import Delivery
from handlers.contract.request import Attachment
from tests.bot.delivery.recorder import Received, Recorder
from tests.office import Office, action, labels, opened, said

FORM = {
    "objection": "Elephants",
    "say": "In the zoo. They like it. Do come.",
    "phrasings": "",
    "ask": "",
}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr("handlers.cards.lint.CARDS_A_STEP", 4)
    with opened(tmp_path) as found:
        found.forgets_cards(but="price-%")
        yield found


async def told(office: Office, words: str = "card lint own") -> Received:
    """What comes back when Mia has the cards looked over."""
    sent = Recorder(office.clock)
    await office.says("Mia", words)
    await Delivery(office.app, {"terminal": sent}).tick()
    assert len(sent.received) == 1
    return sent.received[0]


async def adds(office: Office, *numbers: int) -> None:
    for number in numbers:
        values = FORM | {"objection": f"Elephants {'x' * number}", "proof": f"{number} %"}
        await office.fills("Mia", "card-add", values)


async def test_a_faulty_card_is_told_with_a_tap_to_edit_it(office: Office) -> None:
    await adds(office, 1)
    found = await told(office)
    assert found.text.splitlines()[:2] == [
        "1 card of 1 is worth a look.",
        "1 figure without a date, 1 line over two sentences, 1 without phrasings, "
        "1 without a question, 1 in one language only",
    ]
    assert "• a figure without a date: “1 %”" in found.text
    assert labels(found.reply) == ["Edit: Elephants x"]
    form = await office.taps("Mia", action(found.reply, "Edit: Elephants x"))
    assert "Elephants x" in said(form)


async def test_what_is_found_by_many_steps_is_leafed_through(office: Office) -> None:
    await adds(office, *range(1, 8))
    found = await told(office)
    assert found.text.startswith("7 cards of 7 are worth a look.")
    assert len(labels(found.reply)) == 6
    rest = await office.taps("Mia", action(found.reply, "More"))
    assert labels(rest) == ["Edit: Elephants xxxxxx", "Edit: Elephants xxxxxxx"]
    assert "no longer here" in said(await office.taps("Kim", action(found.reply, "More")))


async def test_good_cards_are_praised(office: Office) -> None:
    good = {"key": "zoo", "category": "fine", "say": "Come and see.", "ask": "?"}
    cards = [
        good | {"objection": "Where are the elephants", "phrasings": ["Big grey animals"]},
        good | {"objection": "大象在哪里", "phrasings": ["看大象"]},
    ]
    content = "\n".join(json.dumps(card) for card in cards).encode()
    file = Attachment("good.jsonl", "", len(content), content)
    dry = (await office.answer(office.request("Mia", kind="file", attachment=file))).reply
    await office.taps("Mia", action(dry, "Import 2"))
    assert (await told(office, "card lint Fine")).text == "✓ All 2 cards are fine."


async def test_only_managers_look_cards_over(office: Office) -> None:
    assert "Only a manager" in said(await office.says("Ann", "card lint"))
    assert "No card in use" in said(await office.says("Mia", "card lint elephants"))
