"""Received files: contact cards, tables of objection cards and exchange rates are read."""

from __future__ import annotations

from dataclasses import replace

from handlers.cards.import_file import is_card_file, preview_import
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Reply
from handlers.contract.request import Attachment, Request, SharedContact
from handlers.plain_language.shared_contact import offer_contact
from handlers.reading import clean_text
from handlers.reports import exchange_rates

VCARD_TYPES = frozenset({"text/vcard", "text/x-vcard", "text/directory"})


def handle_file(request: Request, desk: Desk) -> Reply:
    """Offers the contact a .vcf file holds, or the cards of a table; says what can't be read."""
    file = request.attachment
    if file is not None and exchange_rates.is_rate_file(file):
        return exchange_rates.import_rates(file, desk)
    if file is not None and is_card_file(file):
        return preview_import(file, desk)
    contact = _read_vcard(file) if file is not None else None
    if contact is None:
        name = clean_text(file.name, 80) if file is not None else "?"
        raise TextRefusal("plain_language.received_file.unread", file=name)
    return offer_contact(replace(request, contact=contact), desk)


def _read_vcard(file: Attachment) -> SharedContact | None:
    """The first name and number of a vCard."""
    is_card = file.media_type in VCARD_TYPES or file.name.casefold().endswith(".vcf")
    if not is_card or file.content is None:
        return None
    lines = file.content.decode("utf-8", errors="replace").splitlines()[:200]
    name = _find_value(lines, "FN")
    phone = _find_value(lines, "TEL").removeprefix("tel:")
    return SharedContact(name or phone, phone) if phone else None


def _find_value(lines: list[str], wanted: str) -> str:
    for line in lines:
        key, _, value = line.partition(":")
        if key.split(";")[0].upper() == wanted:
            return value.strip()
    return ""
