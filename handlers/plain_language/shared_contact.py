"""Shared contact cards and forwarded messages: one tap turns them into a lead or a note."""

from __future__ import annotations

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.drafts import LINE, find_draft, save_line
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Request
from handlers.deals.contact_fields import add_contact, read_phone
from handlers.deals.deal_view import format_phone
from handlers.deals.find_deal import find_deal_in_hand, find_named_deals, get_deal
from handlers.reading import clean_text
from handlers.selling.note import save_note
from kb.states import EventKind
from storage.tables.people_and_deals import Deal

FORWARDED_CHARACTERS = 3500


def offer_contact(request: Request, desk: Desk) -> Reply:
    """Offers to make a lead of a contact card, or to add it to the deal in hand."""
    if request.contact is None:
        raise NotFound
    name = clean_text(request.contact.name, 200)
    typed = clean_text(request.contact.phone, 40)
    phone = read_phone(desk, typed)
    written = format_phone(phone) if phone else typed
    line = f"{name}, {written}"
    draft = save_line(desk, "lead", line, line, name=name, phone=written).id
    buttons = [Button(desk.words.line("plain_language.step_or_lead.log"), f"pick-lead:{draft}")]
    held = find_deal_in_hand(desk)
    if held is not None:
        label = desk.words.line("plain_language.shared_contact.add_to", name=held.customer.name)
        buttons.append(Button(label, f"contact-to:{draft}:{held.id}"))
    said = desk.words.say("plain_language.shared_contact.shared", name=name, phone=written)
    return Reply(said, buttons=rows(buttons))


def offer_forwarded(request: Request, desk: Desk) -> Reply:
    """Offers to save a forwarded message as a note, to log it as a lead, or to look it up."""
    text = request.text.strip()[:FORWARDED_CHARACTERS]
    sender = clean_text(request.forwarded_from, 100)
    draft = save_line(desk, "lead", text, text, **{"from": sender}).id
    buttons = [
        Button(
            desk.words.line("plain_language.shared_contact.note_on", name=deal.customer.name),
            f"keep:{draft}:{deal.id}",
        )
        for deal in _find_likely_deals(desk, f"{sender} {text}")
    ]
    buttons.append(Button(desk.words.line("plain_language.step_or_lead.log"), f"pick-lead:{draft}"))
    buttons.append(Button(desk.words.line("contract.refusals.look_up"), f"pick-card:{draft}"))
    return Reply(
        desk.words.say("plain_language.shared_contact.forwarded", sender=sender),
        buttons=rows(buttons),
    )


@action("contact-to")
def add_contact_by_tap(request: Request, desk: Desk) -> Reply:
    """Adds a shared contact to a deal's customer: `contact-to:<draft>:<deal>`."""
    data = _take_draft(desk, request, "phone")
    deal = get_deal(desk, request.number(1))
    phone = data["phone"].replace(" ", "")[:20]
    add_contact(desk, deal.customer_id, data["name"], phone)
    return save_note(desk, deal, f"{data['name']} {data['phone']}", EventKind.NOTED)


@action("keep")
def save_forwarded(request: Request, desk: Desk) -> Reply:
    """Saves a forwarded message as a note: `keep:<draft>:<deal>`."""
    data = _take_draft(desk, request, "from")
    deal = get_deal(desk, request.number(1))
    return save_note(desk, deal, f"{data['from']}: {data['text']}", EventKind.NOTED)


def _find_likely_deals(desk: Desk, text: str) -> list[Deal]:
    """The deals a forwarded message may belong to: the one it names, and the one in hand."""
    match = find_named_deals(text[:500], desk).match
    named = [get_deal(desk, match.best[0].id)] if match.sure else []
    held = find_deal_in_hand(desk)
    return [*named, held] if held is not None and held not in named else named


def _take_draft(desk: Desk, request: Request, wanted: str) -> dict[str, str]:
    """Takes the draft a button names; NotFound where it lacks the field it needs (forged)."""
    draft = find_draft(desk, LINE, request.number(0))
    if draft is None or wanted not in draft.data:
        raise NotFound
    desk.memory.drafts.drop(draft)
    return dict(draft.data)
