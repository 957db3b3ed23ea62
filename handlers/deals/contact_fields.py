"""People of customers: added, and their typed telephone numbers and e-mail addresses read.

What is wrong with such a field of a form, or with its amount, is said here too.
"""

from __future__ import annotations

from collections.abc import Mapping

import phonenumbers

from handlers.contract.desk import Desk
from handlers.reading import read_money
from handlers.reading.contact_points import find_phones
from storage.tables.people_and_deals import Contact

DEFAULT_REGION = "GB"  # where the team has no country


def read_phone(desk: Desk, said: str) -> str | None:
    """A phone number as E.164; "" for an empty text, None for one that is no number.

    A local number is the team's country's or a Chinese mobile; some platforms hand over an
    international one without its plus.
    """
    if not said:
        return ""
    region = desk.team.country or DEFAULT_REGION
    for candidate in (said, f"+{said}"):
        try:
            parsed = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    found = find_phones(said, region)
    return found[0].value if found else None


def add_contact(
    desk: Desk, customer_id: int, name: str = "", phone: str = "", email: str = ""
) -> Contact:
    """Adds a person to a customer; what is not known of them yet is empty."""
    return desk.memory.customers.add_contact(
        Contact(
            team_id=desk.team.id,
            customer_id=customer_id,
            name=name,
            phone=phone,
            email=email,
            created_at=desk.now,
        )
    )


def is_email(said: str) -> bool:
    """Whether a text looks like one e-mail address."""
    name, _, host = said.partition("@")
    return bool(name) and "." in host.strip(".") and " " not in said


def find_contact_errors(desk: Desk, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the phone and the e-mail address among a form's answers, by field."""
    phone, email = values.get("phone", ""), values.get("email", "")
    errors = {}
    if read_phone(desk, phone) is None:
        errors["phone"] = desk.words.line("selling.edit.phone_unread", said=phone[:40])
    if email and not is_email(email):
        errors["email"] = desk.words.line("selling.edit.email_unread", said=email[:80])
    return errors


def find_amount_error(desk: Desk, values: Mapping[str, str], currency: str) -> dict[str, str]:
    """What is wrong with the amount among a form's answers; a range is none."""
    amount = values.get("amount", "")
    if not amount or read_money(amount, currency) is not None:
        return {}
    return {"amount": desk.words.line("selling.edit.amount_unread", said=amount[:40])}
