"""Makes the deal of a lead, with its customer and the person there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.contract.desk import Desk
from handlers.deals import amount_range
from handlers.deals.find_duplicate import Double, name_key
from handlers.reading import LeadLine
from kb.funnel.stages.pipelines import MAIN
from storage.tables.people_and_deals import Contact, Customer, Deal


def made(desk: Desk, read: LeadLine, double: Double | None, origin: Mapping[str, Any]) -> Deal:
    """A new deal, withdrawn until its making is recorded: undoing that withdraws it again."""
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
            Customer(team_id=desk.team.id, name=name, name_key=name_key(name), created_at=desk.now)
        )
    if read.person or read.phone or read.email:
        _add_contact(desk, customer, read)
    money = None if amount_range.is_range(read.money) else read.money
    return desk.memory.deals.add(
        Deal(
            team_id=desk.team.id,
            customer_id=customer.id,
            owner_id=desk.member.id,
            stage=desk.pipelines.of(origin.get("pipeline", MAIN)).stages[0].key,
            status="withdrawn",
            **{"source": read.source or "", **origin},
            amount=money.amount if money else None,
            currency=money.currency if money else desk.team.currency,
            stage_since=desk.now,
            last_activity_at=desk.now,
            created_at=desk.now,
            customer=customer,
        )
    )


def _add_contact(desk: Desk, customer: Customer, read: LeadLine) -> None:
    known = desk.memory.customers.contacts(desk.team.id, customer.id)
    said = (read.person or "", read.phone or "", read.email or "")
    if any((contact.name, contact.phone, contact.email) == said for contact in known):
        return
    desk.memory.customers.add_contact(
        Contact(
            team_id=desk.team.id,
            customer_id=customer.id,
            name=said[0],
            phone=said[1],
            email=said[2],
            created_at=desk.now,
        )
    )
