"""A long import carries on after whatever stops it, and puts no card in twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.delivery.loop import Delivery
from bot.delivery.outbox import LEASE
from handlers.cards import records
from handlers.contract.request import Attachment
from tests.bot.delivery.recorder import Recorder
from tests.office import Office, action, opened, said

COUNT = 45


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr("handlers.cards.import_file.AT_ONCE", 5)
    monkeypatch.setattr("handlers.cards.import_file.CARDS_A_STEP", 10)
    with opened(tmp_path) as found:
        found.forgets_cards(but="price-%")
        yield found


async def begun(office: Office) -> None:
    """Mia has tapped Import under a file of many cards."""
    rows = "".join(f"k{n},Strange thing number {n},No.\n" for n in range(COUNT))
    content = f"key,objection,say\n{rows}".encode()
    file = Attachment("many.csv", "text/csv", len(content), content)
    dry = (await office.answer(office.request("Mia", kind="file", attachment=file))).reply
    assert "not compared" not in said(dry)
    reply = await office.taps("Mia", action(dry, f"Import {COUNT}"))
    assert said(reply) == f"Importing {COUNT} cards. I'll tell you when they are all in."
    assert keys(office) == []


def keys(office: Office, state: str = "approved") -> list[str]:
    query = "select key from card where key like 'k%' and state = ? and team_id = 1"
    return [key for [key] in office.rows(query, state) if key[1:].isdigit()]


def all_in(office: Office) -> None:
    assert sorted(keys(office)) == sorted(f"k{n}" for n in range(COUNT))
    imported = "select count(*) from card_change where kind = 'imported'"
    assert office.one(imported) == COUNT


async def test_a_long_import_says_how_far_it_is_and_can_be_taken_back(office: Office) -> None:
    sent = Recorder(office.clock)
    delivery = Delivery(office.app, {"terminal": sent})
    await begun(office)
    await delivery.tick()
    assert sent.texts == [
        "… 20 of 45 cards",
        "… 30 of 45 cards",
        "… 40 of 45 cards",
        "✓ Imported: 45 new.",
    ]
    all_in(office)
    undo = sent.received[-1].button("Undo").action
    assert said(await office.taps("Mia", undo)).startswith("Taking 45 cards back")
    assert "under way" in said(await office.taps("Mia", undo))
    await delivery.tick()
    assert sent.texts[-1] == "✓ Undone: 45 cards are as before."
    assert (len(keys(office)), len(keys(office, "retired"))) == (0, COUNT)


@pytest.mark.parametrize("message", [1, 2, 4])
async def test_a_process_killed_before_a_message_left_only_says_it_later(
    office: Office, message: int
) -> None:
    sent = Recorder(office.clock)

    def dies(*_sent: Any) -> None:
        if len(sent.received) == message - 1:
            raise Killed

    sent.on_send = dies
    await begun(office)
    with pytest.raises(Killed):
        await Delivery(office.app, {"terminal": sent}).tick()
    sent.on_send = lambda *_sent: None
    office.clock.move(LEASE)
    await Delivery(office.app, {"terminal": sent}).tick()
    all_in(office)
    assert sorted(sent.texts) == sorted({*sent.texts})
    assert [text for text in sent.texts if text.startswith("✓ Imported: 45 new.")]


async def test_a_step_that_fails_is_done_later_and_only_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0
    real = records.import_rows

    def fails(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        done = real(*given)
        if calls in (2, 4):
            raise RuntimeError("half of it is done")
        return done

    monkeypatch.setattr("handlers.cards.import_file.import_rows", fails)
    sent = Recorder(office.clock)
    delivery = Delivery(office.app, {"terminal": sent})
    await begun(office)
    with capture_logs():
        await delivery.tick()
    assert len(keys(office)) == 10
    await delivery.pass_time(office.clock, office.wait(minutes=0) + LEASE)
    all_in(office)
    assert sent.texts[-1] == "✓ Imported: 45 new."


async def test_an_import_that_cannot_go_on_says_so_and_can_be_taken_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = records.import_rows

    def fails(memory: Any, author: Any, rows: Any) -> Any:
        if rows[0].record.key != "k0":
            raise RuntimeError("always")
        return real(memory, author, rows)

    sent = Recorder(office.clock)
    delivery = Delivery(office.app, {"terminal": sent})
    await begun(office)
    monkeypatch.setattr("handlers.cards.import_file.import_rows", fails)
    for _try in range(8):
        with capture_logs():  # a traceback takes long to draw
            await delivery.tick()
        office.clock.move(15 * LEASE)
    assert sent.texts == [
        "The import stopped after 10 cards. Send the file again: what is in already stays as it is."
    ]
    assert len(keys(office)) == 10
    await office.taps("Mia", sent.received[-1].button("Undo").action)
    await delivery.tick()
    assert sent.texts[-1] == "✓ Undone: 10 cards are as before."
    assert keys(office) == []


async def test_a_manager_who_is_none_any_more_imports_nothing_further(office: Office) -> None:
    sent = Recorder(office.clock)
    await begun(office)
    await office.taps("Kim", f"role:{office.member('Mia')}:rep")
    await Delivery(office.app, {"terminal": sent}).tick()
    assert keys(office) == []
