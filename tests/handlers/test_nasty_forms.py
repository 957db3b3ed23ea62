"""Inputs that break programs, in every field of every form, in contacts, files and buttons."""

from __future__ import annotations

import pytest

from handlers.contract.request import Attachment, Request, SharedContact
from tests.handlers.nasty import NASTY, WORST, answered, filled, forms, with_a_deal
from tests.office import Office


@pytest.mark.parametrize(
    "name", [WORST[0], *(pytest.param(n, marks=pytest.mark.slow) for n in WORST[1:])]
)
async def test_a_form_filled_with_nasty_values_is_answered(lasting: Office, name: str) -> None:
    for asked in await forms(lasting, "Kim"):
        values = dict.fromkeys(asked.fields, NASTY[name])
        await answered(lasting, filled(lasting, "Kim", asked.action, values))


@pytest.mark.slow
@pytest.mark.parametrize("name", NASTY)
async def test_every_field_takes_every_nasty_input(lasting: Office, name: str) -> None:
    for asked in await forms(lasting, "Kim"):
        for field in asked.fields:
            values = {**asked.kept, field: NASTY[name]}
            await answered(lasting, filled(lasting, "Kim", asked.action, values))


@pytest.mark.parametrize("name", WORST)
async def test_a_strangers_nasty_forms_are_answered(office: Office, name: str) -> None:
    for asked in await forms(office, "Zoe"):
        values = dict.fromkeys(asked.fields, NASTY[name])
        await answered(office, filled(office, "Zoe", asked.action, values))


async def test_every_form_is_tried(office: Office) -> None:
    tried = {asked.action.partition(":")[0] for asked in await forms(office, "Kim")}
    assert tried >= {"lead", "edit", "note", "pick-time", "card-add", "settings", "team-settings"}


@pytest.mark.parametrize("kind", ["name", "phone", "file", "media"])
@pytest.mark.parametrize("name", WORST)
async def test_nasty_contacts_and_files_are_answered(office: Office, name: str, kind: str) -> None:
    nasty = NASTY[name]
    card = f"BEGIN:VCARD\nFN:{nasty}\nTEL:{nasty}\nEND:VCARD".encode(errors="replace")
    request = {
        "name": {"kind": "contact", "contact": _contact(nasty, "+49 30 901820")},
        "phone": {"kind": "contact", "contact": _contact("Jane", nasty)},
        "file": {"kind": "file", "attachment": _file(nasty, "text/vcard", card)},
        "media": {"kind": "file", "attachment": _file("x.vcf", nasty, b"\xff" + card)},
    }[kind]
    reply = await answered(office, office.request("Ann", **request))
    for button in [b for row in reply.buttons for b in row]:
        await answered(office, office.request("Ann", kind="button", action=button.action))


@pytest.mark.slow
async def test_any_draft_may_be_named_by_any_button(office: Office) -> None:
    """A button's draft is of one shape; a forged one may name another of the same person."""
    await with_a_deal(office)
    contact = _contact("Jane Roe", "+49 30 901829")
    drafts = [
        office.request("Kim", text="move zebra negotiation"),
        office.request("Kim", kind="contact", contact=contact),
        office.request("Kim", text="call me", forwarded_from="Jane"),
        office.request("Kim", text="next acme send the offer"),
        office.request("Kim", text="mvoe acme"),
        office.request("Kim", kind="button", action="settings"),
    ]
    verbs = ("pick", "pick-lead", "lead-anyway", "pick-card", "keep", "contact-to", "retype", "at")
    for verb in verbs:
        for request in drafts:
            await office.answer(office.request("Kim", **_again(request)))
        newest = office.one("select max(id) from draft")
        for draft in range(1, newest + 1):
            for rest in (f"{draft}", f"{draft}:1", f"1:tomorrow:{draft}"):
                await answered(
                    office, office.request("Kim", kind="button", action=f"{verb}:{rest}")
                )


async def test_a_form_without_a_name_is_asked_anew_and_makes_no_deal(office: Office) -> None:
    for blank in ("", "   ", "\u200b\u202e", "\x00"):
        reply = await office.fills("Ann", "lead", {"customer": blank, "amount": "12k"})
        assert reply.form is not None
    assert office.one("select count(*) from deal") == 0


def _again(request: Request) -> dict[str, object]:
    """What was asked, to be asked anew."""
    return {
        "kind": request.kind,
        "text": request.text,
        "action": request.action,
        "contact": request.contact,
        "forwarded_from": request.forwarded_from,
    }


def _contact(name: str, phone: str) -> SharedContact:
    return SharedContact(name, phone)


def _file(name: str, media_type: str, content: bytes) -> Attachment:
    return Attachment(name, media_type, len(content), content)
