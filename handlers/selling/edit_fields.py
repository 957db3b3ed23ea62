"""The fields that `edit` changes: their names, the values they have, and typed answers read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.desk import Desk
from handlers.deals import deal_terms
from handlers.deals.close_date import read_close_date
from handlers.deals.contact_fields import add_contact, find_contact_errors, read_phone
from handlers.deals.deal_view import format_phone
from handlers.deals.find_duplicate import make_name_key
from handlers.deals.industries import find_industry, get_industry_name
from handlers.reading import read_money
from handlers.reports.deal_odds import CLEAR_WORDS
from handlers.selling.lead import SOURCES
from storage.tables.people_and_deals import Contact, Deal

FIELDS = (
    "customer", "person", "phone", "email", "amount", "close_date", "source", "industry",
    "competitor", *deal_terms.FIELDS,
)  # fmt: skip


def find_field(said: str, desk: Desk) -> str | None:
    """The field that a text is the name of: `edit acme person` asks for the person."""
    folded = said.strip().casefold()
    names = (name for name in FIELDS if folded in (name, get_label(desk, name).casefold()))
    return next(names, None)


def find_choice(desk: Desk, name: str, said: str) -> str:
    """The source's key for its name in either language's label; other answers as they are."""
    if name != "source":
        return said
    labels = {desk.words.line(f"selling.lead.source_{key}").casefold(): key for key in SOURCES}
    return labels.get(said.casefold(), said.casefold())


def read_answers(
    desk: Desk, deal: Deal, values: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns that the answers change, and the errors by field."""
    changes: dict[str, Any] = {}
    errors: dict[str, str] = {}
    if values.get("customer"):
        changes["customer.name"] = values["customer"][:200]
        changes["customer.name_key"] = make_name_key(values["customer"])
    if values.get("amount"):
        money = read_money(values["amount"], deal.currency)
        if money is None or money.high is not None:
            errors["amount"] = desk.words.line(
                "selling.edit.amount_unread", said=values["amount"][:40]
            )
        else:
            changes |= {"amount": money.amount, "currency": money.currency}
    if values.get("source") in SOURCES:
        changes["source"] = values["source"]
    if "industry" in values:
        changes["customer.industry"] = find_industry(values["industry"])
    if "competitor" in values:
        changes["competitor"] = values["competitor"][:80]
    for read in (_read_close_date, _read_conditions, _read_person):
        found, wrong = read(desk, deal, values)
        changes, errors = changes | found, errors | wrong
    return changes, errors


def _read_close_date(
    desk: Desk, deal: Deal, values: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The close date; an empty answer clears it, and one that has passed may stay as it was."""
    said = values.get("close_date")
    if said is None or said == _format_close_date(deal):
        return {}, {}
    if not said or said.casefold() in CLEAR_WORDS:
        return {"close_date": None}, {}
    found = read_close_date(said, desk)
    if found is None:
        unread = desk.words.line("selling.close_date.field_unread", said=said[:40])
        return {}, {"close_date": unread}
    if found.day < desk.calendar.local(desk.now).date():
        return {}, {"close_date": desk.words.line("selling.close_date.field_past")}
    return {"close_date": found.day}, {}


def _format_close_date(deal: Deal) -> str:
    """The close date as it can be typed again: 2026-12-20."""
    return deal.close_date.isoformat() if deal.close_date else ""


def _read_conditions(
    desk: Desk, deal: Deal, values: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    said = {name: values[name] for name in deal_terms.FIELDS if name in values}
    changes: dict[str, Any] = {name: text[:120] for name, text in said.items()}
    if "discount" in said:
        discount = deal_terms.read_discount(said["discount"], deal, desk)
        if discount is None:
            return {}, {"discount": desk.words.line("selling.terms.discount_past")}
        changes |= discount
    return changes, {}


def _read_person(
    desk: Desk, deal: Deal, values: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    said = {name: values.get(name, "") for name in ("person", "phone", "email")}
    if not any(said.values()):
        return {}, {}
    errors = find_contact_errors(desk, said)
    if errors:
        return {}, errors
    phone = read_phone(desk, said["phone"])
    key = f"contact:{get_first_contact(desk, deal).id}"
    return {
        f"{key}.name": said["person"],
        f"{key}.phone": phone or "",
        f"{key}.email": said["email"],
    }, {}


def get_first_contact(desk: Desk, deal: Deal) -> Contact:
    """The deal's first contact; a new one where there is none."""
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    return contacts[0] if contacts else add_contact(desk, deal.customer_id)


def get_person_values(desk: Desk, deal: Deal) -> dict[str, str]:
    """The form's values for the deal's first contact."""
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    first = contacts[0] if contacts else None
    return {
        "person": first.name if first else "",
        "phone": format_phone(first.phone) if first and first.phone else "",
        "email": first.email if first else "",
    }


def get_values(desk: Desk, deal: Deal) -> dict[str, str]:
    """Every field's value as it can be typed again, "" for none."""
    return get_person_values(desk, deal) | {
        "customer": deal.customer.name,
        "amount": f"{deal.amount:,} {deal.currency}" if deal.amount is not None else "",
        "close_date": _format_close_date(deal),
        "source": deal.source,
        "industry": get_industry_name(desk.words, deal.customer.industry),
        "competitor": deal.competitor,
        "budget": deal.budget,
        "procurement": deal.procurement,
        "discount": deal_terms.format_discount(deal),
    }


def get_label(desk: Desk, name: str) -> str:
    """A field's name in the member's language."""
    if name in deal_terms.FIELDS:
        return desk.words.line(f"selling.terms.field_{name}")
    return desk.words.line(f"selling.lead.field_{name}")
