"""`lead`: logs a lead from one line in any order, and shows what was read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from babel.core import get_global

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import LINE, find_draft, save_line
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Field, Form, Option, Reply, Text, lines, rows, shorten
from handlers.contract.request import Request
from handlers.deals import amount_range
from handlers.deals.contact_fields import (
    DEFAULT_REGION,
    add_contact,
    find_amount_error,
    find_contact_errors,
)
from handlers.deals.deal_view import render_headline, render_person
from handlers.deals.find_deal import get_deal
from handlers.deals.find_duplicate import Duplicate, find_duplicate, make_name_key
from handlers.deals.find_pipeline import get_pipeline_name, split_pipeline
from handlers.deals.record import offer_undo, record
from handlers.reading import LeadLine, clean_text, read_lead
from handlers.selling.next_step import add_next_step_question
from kb.funnel.stages.pipelines import MAIN
from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Customer, Deal

LINE_CHARACTERS = 2000
ECHO_CHARACTERS = 200
SOURCES = ("inbound", "outbound", "referral", "partner", "event")


@command("lead", "线索", "新线索", "新增线索", "添加线索", "新增客户", "录线索", "新建线索", "录入")
def lead(request: Request, desk: Desk) -> Reply:
    """Logs a lead from a line; without one, asks for its parts."""
    line = request.text.strip()[:LINE_CHARACTERS]
    return log_line(desk, line) if line else _make_form(desk)


@action("lead")
def lead_by_form(request: Request, desk: Desk) -> Reply:
    """Logs a lead from a form's answers, or shows the form."""
    if request.kind != "form":
        return _make_form(desk)
    line = ", ".join(value for value in request.values.values() if value)
    given = {name: clean_text(said, 200) for name, said in request.values.items()}
    errors = find_contact_errors(desk, given) | find_amount_error(desk, given, desk.team.currency)
    if errors:
        return _make_form(desk, given=given, errors=errors)
    customer, person = given.pop("customer", ""), given.pop("person", "")
    rest = read_line(desk, ", ".join(value for value in given.values() if value))
    # What was asked for as a name is one, whatever it looks like.
    read = replace(rest, customer=customer, person=person)
    if not (read.customer or read.person or read.phone or read.email):
        return _make_form(desk)
    double = find_duplicate(desk, read)
    return _render_duplicate(desk, double, line) if double else log_lead(desk, read, None)


@action("pick-lead")
def log_picked_line(request: Request, desk: Desk) -> Reply:
    """Logs a lead from a line typed or a contact shared before: `pick-lead:<draft>`."""
    return log_line(desk, _take_line(request, desk))


@action("lead-anyway")
def log_anyway(request: Request, desk: Desk) -> Reply:
    """Logs a lead although there is one like it: `lead-anyway:<draft>`."""
    kept = _take_draft(request, desk)
    line, pipeline = split_pipeline(str(kept["rest"]), desk)
    read = read_line(desk, line)
    source = desk.memory.deals.get(desk.scope, int(kept.get("referred_by", 0)))
    return log_lead(desk, read, find_duplicate(desk, read), get_origin(pipeline, source))


@action("amount")
def choose_amount(request: Request, desk: Desk) -> Reply:
    """Settles an amount that was said as a range: `amount:<deal>:<whole units>:<currency>`."""
    deal = get_deal(desk, request.number(0))
    currency = request.word(2)
    changes = {
        "amount": Decimal(request.number(1)),
        "currency": currency if currency in get_global("all_currencies") else deal.currency,
    }
    event = record(desk, deal, EventKind.EDITED, changes)
    undo = offer_undo(desk, event)
    return add_next_step_question(
        desk, deal, Reply(render_headline(desk, deal), ((undo,),), about=deal.id)
    )


def log_line(desk: Desk, whole: str, referred_by: Deal | None = None) -> Reply:
    """Logs the lead of a line; where it may duplicate a customer, asks first."""
    line, pipeline = split_pipeline(whole, desk)
    read = read_line(desk, line)
    if not (read.customer or read.person or read.phone or read.email):
        return _make_form(desk, line, read)
    double = find_duplicate(desk, read)
    if double:
        return _render_duplicate(desk, double, whole, referred_by)
    return log_lead(desk, read, None, get_origin(pipeline, referred_by))


def get_origin(pipeline: str | None, referred_by: Deal | None) -> dict[str, Any]:
    """The new deal's columns for its pipeline and for the deal that recommended it."""
    if referred_by is None:
        return {"pipeline": pipeline or MAIN}
    return {
        "pipeline": pipeline or MAIN,
        "source": "referral",
        "referred_by_id": referred_by.id,
    }


def read_line(desk: Desk, line: str) -> LeadLine:
    """Reads a lead's parts from a line, by the team's country and currency."""
    return read_lead(line, desk.team.country or DEFAULT_REGION, desk.team.currency)


def log_lead(
    desk: Desk,
    read: LeadLine,
    double: Duplicate | None,
    origin: Mapping[str, Any] = MappingProxyType({}),
) -> Reply:
    """Creates the deal with its customer and contact, and shows what was read."""
    deal = _create_deal(desk, read, double, origin)
    event = record(desk, deal, EventKind.CREATED, {"status": DealStatus.LIVE}, note=read.note)
    buttons = [
        Button(desk.words.line("selling.deal_list.do_step"), f"step:{deal.id}"),
        Button(desk.words.line("selling.deal_list.do_edit"), f"edit:{deal.id}"),
        offer_undo(desk, event),
    ]
    contacts = desk.memory.customers.list_contacts(desk.team.id, deal.customer_id)
    text = lines(
        desk.words.say("selling.lead.logged", deal=render_headline(desk, deal)),
        *(render_person(contact) for contact in contacts[-1:]),
        desk.words.line(f"selling.lead.source_{deal.source}") if deal.source else "",
        get_pipeline_name(desk, deal.pipeline) if desk.pipelines.several else "",
        desk.words.say("selling.lead.note", note=shorten_note(read.note)) if read.note else "",
        amount_range.ask_which(desk, read.money),
    )
    which = rows(amount_range.offer_amounts(desk, read.money, deal))
    return Reply(text, buttons=(*which, *rows(buttons, 3)), about=deal.id)


def _create_deal(
    desk: Desk, read: LeadLine, double: Duplicate | None, origin: Mapping[str, Any]
) -> Deal:
    """Adds the deal as withdrawn; recording its creation makes it live, undo withdraws it."""
    name = (
        read.customer
        or read.person
        or read.phone
        or read.email
        or desk.words.line("selling.lead.unnamed")
    )
    customer = double.customer if double is not None and double.mine else None
    if customer is None:
        customer = desk.memory.customers.add(
            Customer(
                team_id=desk.team.id, name=name, name_key=make_name_key(name), created_at=desk.now
            )
        )
    if read.person or read.phone or read.email:
        _add_person(desk, customer, read)
    money = None if amount_range.is_range(read.money) else read.money
    return desk.memory.deals.add(
        Deal(
            team_id=desk.team.id,
            customer_id=customer.id,
            owner_id=desk.member.id,
            stage=desk.pipelines.of(origin.get("pipeline", MAIN)).stages[0].key,
            status=DealStatus.WITHDRAWN,
            **{"source": read.source or "", **origin},
            amount=money.amount if money else None,
            currency=money.currency if money else desk.team.currency,
            stage_since=desk.now,
            last_activity_at=desk.now,
            created_at=desk.now,
            customer=customer,
        )
    )


def _add_person(desk: Desk, customer: Customer, read: LeadLine) -> None:
    known = desk.memory.customers.list_contacts(desk.team.id, customer.id)
    said = (read.person or "", read.phone or "", read.email or "")
    if any((contact.name, contact.phone, contact.email) == said for contact in known):
        return
    add_contact(desk, customer.id, *said)


def _render_duplicate(
    desk: Desk, double: Duplicate, line: str, referred_by: Deal | None = None
) -> Reply:
    """Shows the existing lead like this one; of a colleague's only the owner is named."""
    referrer = referred_by.id if referred_by is not None else 0
    draft = save_line(desk, "lead", line, line, referred_by=referrer)
    anyway = Button(desk.words.line("selling.lead.anyway"), f"lead-anyway:{draft.id}")
    if double.deal.status == DealStatus.POOLED:
        take = Button(
            desk.words.line("selling.lead_pool.take", name=double.customer.name),
            f"take:{double.deal.id}",
        )
        said: Text = desk.words.say("selling.lead.pooled", name=double.customer.name)
        return Reply(said, buttons=((take, anyway),))
    if not double.mine:
        said = desk.words.say("selling.lead.colleagues", owner=double.owner)
        return Reply(said, buttons=((anyway,),))
    said = lines(desk.words.say("selling.lead.double"), render_headline(desk, double.deal))
    see = Button(desk.words.line("undo.see"), f"open:{double.deal.id}")
    return Reply(said, buttons=((see, anyway),), about=double.deal.id)


def _take_line(request: Request, desk: Desk) -> str:
    return str(_take_draft(request, desk)["rest"])


def _take_draft(request: Request, desk: Desk) -> dict[str, Any]:
    draft = find_draft(desk, LINE, request.number(0))
    if draft is None:
        raise NotFound
    desk.memory.drafts.drop(draft)
    return dict(draft.data)


def shorten_note(note: str) -> str:
    """A note, shortened for the answer."""
    return shorten(note, ECHO_CHARACTERS)


def fill_form(desk: Desk, text: str) -> Reply:
    """The lead form, filled with what a text says."""
    return _make_form(desk, read=read_line(desk, text)) if text else _make_form(desk)


def _make_form(
    desk: Desk,
    line: str = "",
    read: LeadLine | None = None,
    given: Mapping[str, str] = MappingProxyType({}),
    errors: Mapping[str, str] = MappingProxyType({}),
) -> Reply:
    """The lead form; a line that named nobody is quoted above it, and its amount filled in.

    `given` are the answers where the form is shown again for their `errors`.
    """
    words, money = desk.words, read.money if read else None
    one = money is not None and money.high is None
    amount = f"{money.amount:,} {money.currency}" if money is not None and one else ""
    sources = tuple(
        Option(source, words.line(f"selling.lead.source_{source}")) for source in SOURCES
    )
    said = {"amount": amount}
    if read is not None and not line:
        said |= {
            "customer": read.customer or "",
            "person": read.person or "",
            "phone": read.phone or "",
            "email": read.email or "",
            "source": read.source or "",
        }
    said |= given

    def make_optional(name: str, limit: int) -> Field:
        label = words.line(f"selling.lead.field_{name}")
        return Field(name, label, value=said.get(name, ""), required=False, limit=limit)

    customer = words.line("selling.lead.field_customer")
    fields = (
        Field("customer", customer, value=said.get("customer", ""), limit=200),
        make_optional("person", 200),
        make_optional("phone", 40),
        make_optional("email", 254),
        make_optional("amount", 40),
        replace(make_optional("source", 500), options=sources),
    )
    back = lines(
        words.say("selling.lead.who"), words.say("contract.refusals.your_text", text=line[:500])
    )
    form = Form("lead", words.line("selling.lead.form"), fields, dict(errors))
    return Reply(back if line else (), form=form)
