"""Shortcuts on a chat message: a lead form, a note on a deal, an answer, and what is suggested."""

from __future__ import annotations

from handlers.contract.reply import Form, Reply
from tests.office import Office, said

NOTES = "select deal_id, note from event where kind = 'noted'"


def form_of(reply: Reply) -> Form:
    assert reply.form is not None
    return reply.form


def values(reply: Reply) -> dict[str, str]:
    return {field.name: field.value for field in form_of(reply).fields}


async def shortcut(office: Office, action: str, text: str) -> Reply:
    request = office.request("Ann", kind="button", action=action, text=text, draws_forms=True)
    return (await office.answer(request)).reply


async def test_a_message_fills_the_lead_form_and_logs_nothing_yet(office: Office) -> None:
    reply = await shortcut(office, "log-lead", "Acme, Jane Doe, jane@acme.com, 12k")
    filled = values(reply)
    assert (filled["customer"], filled["person"]) == ("Acme", "Jane Doe")
    assert filled["email"] == "jane@acme.com"
    assert office.one("select count(*) from deal") == 0


async def test_a_message_becomes_a_note_on_the_deal_that_is_chosen(office: Office) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await shortcut(office, "add-note", "They want a demo")
    assert values(reply) == {"deal": str(office.deal("Acme")), "note": "They want a demo"}
    await office.fills("Ann", "add-note", values(reply))
    assert office.rows(NOTES) == [(office.deal("Acme"), "They want a demo")]


async def test_a_name_that_fits_no_deal_brings_the_form_back_with_the_note(
    office: Office,
) -> None:
    await office.says("Ann", "lead Acme, 10k")
    reply = await office.fills("Ann", "add-note", {"deal": "Zzyzx", "note": "They want a demo"})
    assert set(form_of(reply).errors) == {"deal"}
    assert values(reply)["note"] == "They want a demo"
    assert office.rows(NOTES) == []


async def test_a_colleagues_deal_takes_no_note(office: Office) -> None:
    await office.says("Bo", "lead Beta, 10k")
    chosen = {"deal": str(office.deal("Beta")), "note": "mine now"}
    await office.fills("Ann", "add-note", chosen)
    assert office.rows(NOTES) == []


async def test_a_message_is_looked_up_as_an_objection(office: Office) -> None:
    reply = await shortcut(office, "find-answer", "this is too expensive for us")
    assert "💬" in said(reply)
    assert office.one("select count(*) from look_up") == 1


async def test_deals_are_suggested_while_their_name_is_typed(office: Office) -> None:
    for name in ("Acme", "Beta Acme Labs", "Gamma"):
        await office.says("Ann", f"lead {name}, 10k")
    await office.says("Bo", "lead Acme Secret, 10k")
    request = office.request("Ann", kind="query", action="deal", text="ac")
    choices = [choice.title for choice in (await office.answer(request)).reply.choices]
    assert choices == ["Acme", "Beta Acme Labs"]
