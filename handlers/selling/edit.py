"""`edit`: corrects a deal's customer, contact, amount, close date, source, industry and terms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Field, Form, Option, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals import deal_terms
from handlers.deals.close_date import read_close_date, render_close_date
from handlers.deals.contact_fields import find_contact_errors, read_phone
from handlers.deals.deal_view import format_phone, render_headline, render_person
from handlers.deals.find_deal import find_deal, get_deal
from handlers.deals.find_duplicate import make_name_key
from handlers.deals.industries import find_industry, get_industry_name, list_industry_options
from handlers.deals.record import offer_undo, record
from handlers.reading import clean_text, read_money
from handlers.reports.deal_odds import CLEAR_WORDS
from handlers.selling.lead import SOURCES
from kb.states import EventKind
from storage.tables.people_and_deals import Contact, Deal

FIELDS = (
    "customer", "person", "phone", "email", "amount", "close_date", "source", "industry",
    "competitor", *deal_terms.FIELDS,
)  # fmt: skip


@command(
    "edit", "change", "修改", "编辑", "更改", "更新", "改成", "改为", "金额改成", "金额改为", "改",
)  # fmt: skip
def edit(request: Request, desk: Desk) -> Reply:
    """Asks what to change; an amount after the name is saved at once."""
    deal, rest = find_deal(request, desk, "edit")
    asked = _find_field(rest, desk)
    if asked is not None:
        return _make_form(desk, deal, (asked,), {})
    money = read_money(rest, deal.currency) if rest.strip() else None
    if money is None or money.high is not None:
        return _ask_what(request, desk, deal)
    return _save_changes(desk, deal, {"amount": money.amount, "currency": money.currency})


@action("edit")
def edit_by_form(request: Request, desk: Desk) -> Reply:
    """`edit:<deal>` asks what to change, `edit:<deal>:<field>` asks for it; saves the answers."""
    deal = get_deal(desk, request.number(0))
    if request.kind != "form":
        one = request.word(1)
        return (
            _make_form(desk, deal, (one,), {}) if one in FIELDS else _ask_what(request, desk, deal)
        )
    given = {name: clean_text(said, 254) for name, said in request.values.items()}
    changes, errors = _read_answers(desk, deal, {**_get_person_values(desk, deal), **given})
    return (
        _make_form(desk, deal, tuple(given), errors, given)
        if errors
        else _save_changes(desk, deal, changes)
    )


def _find_field(said: str, desk: Desk) -> str | None:
    """The field that a text is the name of: `edit acme person` asks for the person."""
    folded = said.strip().casefold()
    names = (name for name in FIELDS if folded in (name, _get_label(desk, name).casefold()))
    return next(names, None)


def _ask_what(request: Request, desk: Desk, deal: Deal) -> Reply:
    """Shows the whole form where the platform draws forms; else a button for each field."""
    if request.draws_forms:
        return _make_form(desk, deal, FIELDS, {})
    buttons = [Button(_get_label(desk, name), f"edit:{deal.id}:{name}") for name in FIELDS]
    said = desk.words.say("selling.edit.which", deal=render_headline(desk, deal))
    return Reply(said, buttons=rows(buttons, 3), about=deal.id)


def _save_changes(desk: Desk, deal: Deal, changes: Mapping[str, Any]) -> Reply:
    event = record(desk, deal, EventKind.EDITED, changes)
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    text = lines(
        desk.words.say("selling.edit.kept", deal=render_headline(desk, deal)),
        render_close_date(desk, deal) if "close_date" in changes else "",
        *(render_person(contact) for contact in contacts[:1]),
    )
    return Reply(text, buttons=((offer_undo(desk, event),),), about=deal.id)


def _read_answers(
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
    key = f"contact:{_get_first_contact(desk, deal).id}"
    return {
        f"{key}.name": said["person"],
        f"{key}.phone": phone or "",
        f"{key}.email": said["email"],
    }, {}


def _get_first_contact(desk: Desk, deal: Deal) -> Contact:
    """The deal's first contact; a new one where there is none."""
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    return (
        contacts[0]
        if contacts
        else desk.memory.customers.add_contact(
            Contact(team_id=desk.team.id, customer_id=deal.customer_id, created_at=desk.now)
        )
    )


def _get_person_values(desk: Desk, deal: Deal) -> dict[str, str]:
    """The form's values for the deal's first contact."""
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    first = contacts[0] if contacts else None
    return {
        "person": first.name if first else "",
        "phone": format_phone(first.phone) if first and first.phone else "",
        "email": first.email if first else "",
    }


def _get_values(desk: Desk, deal: Deal) -> dict[str, str]:
    return _get_person_values(desk, deal) | {
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


def _get_label(desk: Desk, name: str) -> str:
    if name in deal_terms.FIELDS:
        return desk.words.line(f"selling.terms.field_{name}")
    return desk.words.line(f"selling.lead.field_{name}")


def _make_form(
    desk: Desk,
    deal: Deal,
    names: Collection[str],
    errors: dict[str, str],
    given: Mapping[str, str] | None = None,
) -> Reply:
    """The form of these fields, filled with what was `given`, else with the deal's values."""
    words, values = desk.words, {**_get_values(desk, deal), **(given or {})}
    options = {
        "source": tuple(
            Option(name, words.line(f"selling.lead.source_{name}")) for name in SOURCES
        ),
        "industry": list_industry_options(words),
    }
    fields = tuple(
        Field(
            name,
            _get_label(desk, name),
            value=values.get(name, ""),
            limit=254,
            required=name == "customer",
            options=options.get(name, ()),
            free=name == "industry",
        )
        for name in FIELDS
        if name in names
    )
    title = words.line("selling.edit.form", name=deal.customer.name)
    return Reply(form=Form(f"edit:{deal.id}", title, fields, errors), about=deal.id)
