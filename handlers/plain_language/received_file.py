"""A file somebody sent: a contact card, a table of objection cards or rates is read, no other."""

from __future__ import annotations

from dataclasses import replace

from handlers import rates
from handlers.card_import import is_sheet, sheet_sent
from handlers.contacts import shared
from handlers.desk import Desk
from handlers.reading import clean_text
from handlers.refusals import Said
from handlers.reply import Reply
from handlers.request import Attachment, Request, SharedContact

VCARD_TYPES = frozenset({"text/vcard", "text/x-vcard", "text/directory"})


def sent(request: Request, desk: Desk) -> Reply:
    """Offers the contact a .vcf file holds, or the cards of a table; says what can't be read."""
    file = request.attachment
    if file is not None and rates.is_rates(file):
        return rates.sheet_sent(file, desk)
    if file is not None and is_sheet(file):
        return sheet_sent(file, desk)
    contact = _contact(file) if file is not None else None
    if contact is None:
        name = clean_text(file.name, 80) if file is not None else "?"
        raise Said("files.unread", file=name)
    return shared(replace(request, contact=contact), desk)


def _contact(file: Attachment) -> SharedContact | None:
    """The first name and number of a vCard."""
    is_card = file.media_type in VCARD_TYPES or file.name.casefold().endswith(".vcf")
    if not is_card or file.content is None:
        return None
    lines = file.content.decode("utf-8", errors="replace").splitlines()[:200]
    name = _value(lines, "FN")
    phone = _value(lines, "TEL").removeprefix("tel:")
    return SharedContact(name or phone, phone) if phone else None


def _value(lines: list[str], wanted: str) -> str:
    for line in lines:
        key, _, value = line.partition(":")
        if key.split(";")[0].upper() == wanted:
            return value.strip()
    return ""
