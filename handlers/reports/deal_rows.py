"""The deals a person may see as tables: one of deals, one of the people, one of what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from handlers.contract.desk import Desk
from handlers.contract.spreadsheet import Cell, Table
from handlers.deals.industries import get_industry_name
from kb.funnel.odds.stage_odds import chance
from storage.tables.people_and_deals import Contact, Deal, Event

Of = TypeVar("Of")
MOST_DEALS, MOST_PEOPLE, MOST_EVENTS = 20_000, 20_000, 50_000


def _lost_because(desk: Desk, deal: Deal) -> str:
    reason = desk.funnel_for(deal).reason(deal.lost_reason) if deal.lost_reason else None
    return reason.name[desk.words.language] if reason is not None else deal.lost_reason


_DEALS: Mapping[str, Callable[[Desk, Deal], Cell]] = {
    "customer": lambda _, deal: deal.customer.name,
    "industry": lambda desk, deal: get_industry_name(desk.words, deal.customer.industry),
    "pipeline": lambda desk, deal: desk.funnel_for(deal).name[desk.words.language],
    "stage": lambda desk, deal: desk.funnel.stage(deal.stage).name[desk.words.language],
    "status": lambda desk, deal: desk.words.line(f"reports.deal_export.status_{deal.status}"),
    "amount": lambda _, deal: deal.amount,
    "currency": lambda _, deal: deal.currency,
    "odds": lambda desk, deal: chance(deal.stage, deal.status, desk.funnel),
    "own_odds": lambda _, deal: deal.own_odds,
    "owner": lambda desk, deal: desk.memory.members.named(deal.team_id, deal.owner_id),
    "source": lambda desk, deal: (
        desk.words.line(f"selling.lead.source_{deal.source}") if deal.source else ""
    ),
    "next_step": lambda _, deal: deal.next_step,
    "next_step_at": lambda desk, deal: _local(desk, deal.next_step_at),
    "parked_until": lambda _, deal: deal.parked_until,
    "lost_reason": _lost_because,
    "competitor": lambda _, deal: deal.competitor,
    "budget": lambda _, deal: deal.budget,
    "procurement": lambda _, deal: deal.procurement,
    "discount": lambda _, deal: deal.discount,
    "discount_until": lambda _, deal: deal.discount_until,
    "satisfaction": lambda _, deal: deal.satisfaction,
    "created_at": lambda desk, deal: _local(desk, deal.created_at),
    "stage_since": lambda desk, deal: _local(desk, deal.stage_since),
    "last_activity_at": lambda desk, deal: _local(desk, deal.last_activity_at),
}
_PEOPLE: Mapping[str, Callable[[Desk, Contact], Cell]] = {
    "name": lambda _, person: person.name,
    "phone": lambda _, person: person.phone,
    "email": lambda _, person: person.email,
    "role": lambda _, person: person.role,
    "attitude": lambda _, person: person.attitude,
}
_HISTORY = ("at", "customer", "who", "what", "stage", "note")
COLUMNS = frozenset((*_DEALS, *_PEOPLE, *_HISTORY))


def tables(desk: Desk) -> tuple[Table, Table, Table]:
    """The deals, the people and the history in the member's scope, newest first."""
    deals = desk.memory.exports.deals(desk.scope, MOST_DEALS)
    customers = {deal.customer_id: deal.customer.name for deal in deals}
    return (
        Table(_word(desk, "deals"), _header(desk, _DEALS), [_row(desk, _DEALS, d) for d in deals]),
        _people(desk, customers),
        _history(desk, {deal.id: deal.customer.name for deal in deals}),
    )


def _people(desk: Desk, customers: Mapping[int, str]) -> Table:
    found = desk.memory.exports.people(desk.scope, MOST_PEOPLE)
    rows = [
        [customers[person.customer_id], *_row(desk, _PEOPLE, person)]
        for person in found
        if person.customer_id in customers
    ]
    return Table(_word(desk, "people"), [_word(desk, "customer"), *_header(desk, _PEOPLE)], rows)


def _history(desk: Desk, deals: Mapping[int, str]) -> Table:
    found = desk.memory.exports.history(desk.scope, MOST_EVENTS)
    rows = [_happened(desk, event, deals) for event in found if event.deal_id in deals]
    return Table(_word(desk, "history"), [_word(desk, name) for name in _HISTORY], rows)


def _happened(desk: Desk, event: Event, deals: Mapping[int, str]) -> Sequence[Cell]:
    who = desk.memory.members.named(event.team_id, event.member_id) if event.member_id else ""
    stage = str(event.after.get("stage", ""))
    came_to = desk.funnel.stage(stage).name[desk.words.language] if stage else ""
    at = _local(desk, event.at)
    what = desk.words.line(f"selling.deal_list.event_{event.kind}")
    return [at, deals[event.deal_id], who, what, came_to, event.note]


def _header(desk: Desk, columns: Mapping[str, object]) -> Sequence[str]:
    return [_word(desk, name) for name in columns]


def _row(desk: Desk, columns: Mapping[str, Callable[[Desk, Of], Cell]], of: Of) -> list[Cell]:
    return [read(desk, of) for read in columns.values()]


def _word(desk: Desk, name: str) -> str:
    return desk.words.line(f"reports.deal_export.{name}")


def _local(desk: Desk, at: datetime | None) -> datetime | None:
    """The instant on the member's own clock: a spreadsheet knows no zones."""
    if at is None:
        return None
    return at.astimezone(ZoneInfo(desk.zone)).replace(tzinfo=None, microsecond=0)
