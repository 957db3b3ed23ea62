"""Notes and calls: what is saved on the deal, and what is asked next."""

from __future__ import annotations

import pytest

from tests.office import Office, labels, said

LAST = "select kind, note from event order by id desc limit 1"
STEP = "select next_step, next_step_at from deal"


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("note acme wants a demo", ("noted", "wants a demo")),
        ("备注 acme 想要演示", ("noted", "想要演示")),
        ("call acme left a voicemail", ("called", "left a voicemail")),
        ("call acme", ("called", "")),
    ],
)
async def test_a_note_or_call_is_saved_and_the_next_step_asked_for(
    office: Office, line: str, stored: tuple[str, str]
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", line)
    assert office.rows(LAST) == [stored]
    assert "Tomorrow 9:00" in labels(reply)


async def test_a_deal_with_a_step_is_not_asked_for_another(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "next acme tomorrow 3pm call")
    assert labels(await office.says("Ann", "note acme wants a demo")) == ["Undo"]


async def test_a_call_that_is_still_to_come_is_booked_and_not_recorded(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    await office.says("Ann", "call acme on Friday about the price")
    assert office.rows(STEP) == [("call Acme about the price", "2026-11-20 08:00:00.000000")]
    assert office.rows("select count(*) from event where kind = 'called'") == [(0,)]


async def test_a_moment_in_a_note_is_offered_as_the_next_step(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.says("Ann", "note acme they decide on Friday 10am")
    assert labels(reply)[0].startswith("▶ Fri 20 Nov")
    await office.taps("Ann", reply.buttons[0][0].action)
    assert office.one("select next_step_at from deal") == "2026-11-20 09:00:00.000000"


async def test_a_note_without_words_asks_for_them_in_a_form(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    request = office.request("Ann", text="note acme", draws_forms=True)
    form = (await office.answer(request)).reply.form
    assert form is not None
    await office.fills("Ann", form.action, {"note": "wants a demo"})
    assert office.rows(LAST) == [("noted", "wants a demo")]


async def test_a_long_note_is_saved_whole_and_echoed_in_short(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    long = "they want a demo " * 20
    reply = await office.says("Ann", f"note acme {long}")
    assert office.rows(LAST) == [("noted", long.strip())]
    assert "…" in said(reply)
    assert long.strip() not in said(reply)
