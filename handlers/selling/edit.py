"""`edit`: corrects a deal's customer, contact, amount, close date, source, industry and terms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.reply import Button, Field, Form, Option, Reply, lines, rows
from handlers.contract.request import Request
from handlers.deals.close_date import render_close_date
from handlers.deals.deal_view import render_headline, render_person
from handlers.deals.find_deal import find_deal, get_deal
from handlers.deals.industries import list_industry_options
from handlers.deals.record import offer_undo, record
from handlers.reading import clean_text, read_money
from handlers.selling import field_changes
from handlers.selling.edit_fields import (
    FIELDS,
    find_field,
    get_label,
    get_person_values,
    get_values,
    read_answers,
)
from handlers.selling.field_changes import FieldChange
from handlers.selling.lead import SOURCES
from kb.states import EventKind
from storage.tables.people_and_deals import Deal


@command(
    "edit", "change", "修改", "编辑", "更改", "更新", "改成", "改为", "金额改成", "金额改为", "改",
)  # fmt: skip
def edit(request: Request, desk: Desk) -> Reply:
    """Asks what to change; an amount after the name is saved at once."""
    changed = field_changes.change_by_command(request, desk)
    if changed is not None:
        return changed
    deal, rest = find_deal(request, desk, "edit", says=lambda said: _is_change(said, desk))
    asked = find_field(rest, desk)
    if asked is not None:
        return _make_form(desk, deal, (asked,), {})
    money = read_money(rest, deal.currency) if rest.strip() else None
    if money is None or money.high is not None:
        return _ask_what(request, desk, deal)
    amount = FieldChange("", "amount", rest, said=True)
    return field_changes.change_deal(amount, desk, deal) or _ask_what(request, desk, deal)


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
    changes, errors = read_answers(desk, deal, {**get_person_values(desk, deal), **given})
    return (
        _make_form(desk, deal, tuple(given), errors, given)
        if errors
        else _save_changes(desk, deal, changes)
    )


def _is_change(said: str, desk: Desk) -> bool:
    """Whether a text needs no deal's name: an amount, or the name of a field."""
    return read_money(said, desk.team.currency) is not None or find_field(said, desk) is not None


def _ask_what(request: Request, desk: Desk, deal: Deal) -> Reply:
    """Shows the whole form where the platform draws forms; else a button for each field."""
    if request.draws_forms:
        return _make_form(desk, deal, FIELDS, {})
    buttons = [Button(get_label(desk, name), f"edit:{deal.id}:{name}") for name in FIELDS]
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


def _make_form(
    desk: Desk,
    deal: Deal,
    names: Collection[str],
    errors: dict[str, str],
    given: Mapping[str, str] | None = None,
) -> Reply:
    """The form of these fields, filled with what was `given`, else with the deal's values."""
    words, values = desk.words, {**get_values(desk, deal), **(given or {})}
    options = {
        "source": tuple(
            Option(name, words.line(f"selling.lead.source_{name}")) for name in SOURCES
        ),
        "industry": list_industry_options(words),
    }
    fields = tuple(
        Field(
            name,
            get_label(desk, name),
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
