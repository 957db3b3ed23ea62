"""`export`: the deals one may see, their people and their events, as a spreadsheet file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded, NotFound, TextRefusal
from handlers.contract.reply import Button, File, Reply
from handlers.contract.request import Request
from handlers.contract.spreadsheet import Cell, Table, write_csv, write_xlsx
from handlers.deals.industries import get_industry_name
from kb.funnel.odds.stage_odds import chance
from storage.tables.people_and_deals import Contact, Deal, Event

Row = TypeVar("Row")
MAX_DEALS, MAX_PEOPLE, MAX_EVENTS = 20_000, 20_000, 50_000
Format = Literal["xlsx", "csv"]
MAX_FILES_A_DAY = 5  # of one member; whoever takes more is not working with them
_FORMAT_WORDS: dict[str, Format] = {
    "xlsx": "xlsx", "excel": "xlsx", "xls": "xlsx", "表格": "xlsx", "csv": "csv",
}  # fmt: skip


def _get_lost_reason(desk: Desk, deal: Deal) -> str:
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
    "close_date": lambda _, deal: deal.close_date,
    "odds": lambda desk, deal: chance(deal.stage, deal.status, desk.funnel),
    "own_odds": lambda _, deal: deal.own_odds,
    "owner": lambda desk, deal: desk.memory.members.get_name(deal.team_id, deal.owner_id),
    "source": lambda desk, deal: (
        desk.words.line(f"selling.lead.source_{deal.source}") if deal.source else ""
    ),
    "next_step": lambda _, deal: deal.next_step,
    "next_step_at": lambda desk, deal: _to_local(desk, deal.next_step_at),
    "parked_until": lambda _, deal: deal.parked_until,
    "lost_reason": _get_lost_reason,
    "competitor": lambda _, deal: deal.competitor,
    "budget": lambda _, deal: deal.budget,
    "procurement": lambda _, deal: deal.procurement,
    "discount": lambda _, deal: deal.discount,
    "discount_until": lambda _, deal: deal.discount_until,
    "satisfaction": lambda _, deal: deal.satisfaction,
    "created_at": lambda desk, deal: _to_local(desk, deal.created_at),
    "stage_since": lambda desk, deal: _to_local(desk, deal.stage_since),
    "last_activity_at": lambda desk, deal: _to_local(desk, deal.last_activity_at),
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


@command("export", "deal export", "export deals", "导出", "导出商机", "导出数据", "商机导出")
def export(request: Request, desk: Desk) -> Reply:
    """Exports the deals: `export xlsx`; asks for the format where none is named."""
    kind = _FORMAT_WORDS.get(request.text.strip().lstrip(".").casefold())
    if kind is None:
        buttons = (
            Button(desk.words.line(f"reports.deal_export.do_{each}"), f"deals-out:{each}")
            for each in ("xlsx", "csv")
        )
        raise ChoiceNeeded("reports.deal_export.which_format", *buttons)
    return _export(desk, kind)


@action("deals-out")
def export_by_tap(request: Request, desk: Desk) -> Reply:
    """Exports the deals in the tapped format: `deals-out:<format>`."""
    kind = _FORMAT_WORDS.get(request.word(0))
    if kind is None:
        raise NotFound
    return _export(desk, kind)


def _export(desk: Desk, kind: Format) -> Reply:
    """The file, noted in the audit log; refused beyond so many a day."""
    memory, team, member = desk.memory, desk.team.id, desk.member.id
    if memory.exports.count_exports_since(team, member, _find_midnight(desk)) >= MAX_FILES_A_DAY:
        raise TextRefusal("reports.deal_export.enough", n=MAX_FILES_A_DAY)
    deals, people, history = _build_tables(desk)
    if not deals.rows:
        raise TextRefusal("selling.deal_list.none")
    content = write_csv(deals) if kind == "csv" else write_xlsx((deals, people, history))
    memory.members.add_audit(team, member, "deals exported", desk.now, deals=len(deals.rows))
    day = desk.calendar.local(desk.now).date().isoformat()
    name = f"{desk.words.line('reports.deal_export.file_name', day=day)}.{kind}"
    text = desk.words.say(f"reports.deal_export.exported_{kind}", n=len(deals.rows))
    return Reply(text, document=File(name, content, name))


def _find_midnight(desk: Desk) -> datetime:
    return desk.calendar.at_local(desk.calendar.local(desk.now).date(), time())


def _build_tables(desk: Desk) -> tuple[Table, Table, Table]:
    """The deals, the people and the history in the member's scope, newest first."""
    deals = desk.memory.exports.list_deals(desk.scope, MAX_DEALS)
    customers = {deal.customer_id: deal.customer.name for deal in deals}
    return (
        Table(
            _get_heading(desk, "deals"),
            _build_header(desk, _DEALS),
            [_build_row(desk, _DEALS, d) for d in deals],
        ),
        _build_people(desk, customers),
        _build_history(desk, {deal.id: deal.customer.name for deal in deals}),
    )


def _build_people(desk: Desk, customers: Mapping[int, str]) -> Table:
    found = desk.memory.exports.list_people(desk.scope, MAX_PEOPLE)
    rows = [
        [customers[person.customer_id], *_build_row(desk, _PEOPLE, person)]
        for person in found
        if person.customer_id in customers
    ]
    return Table(
        _get_heading(desk, "people"),
        [_get_heading(desk, "customer"), *_build_header(desk, _PEOPLE)],
        rows,
    )


def _build_history(desk: Desk, deals: Mapping[int, str]) -> Table:
    found = desk.memory.exports.list_events(desk.scope, MAX_EVENTS)
    rows = [_build_event_row(desk, event, deals) for event in found if event.deal_id in deals]
    return Table(
        _get_heading(desk, "history"), [_get_heading(desk, name) for name in _HISTORY], rows
    )


def _build_event_row(desk: Desk, event: Event, deals: Mapping[int, str]) -> Sequence[Cell]:
    who = desk.memory.members.get_name(event.team_id, event.member_id) if event.member_id else ""
    stage = str(event.after.get("stage", ""))
    came_to = desk.funnel.stage(stage).name[desk.words.language] if stage else ""
    at = _to_local(desk, event.at)
    what = desk.words.line(f"selling.deal_list.event_{event.kind}")
    return [at, deals[event.deal_id], who, what, came_to, event.note]


def _build_header(desk: Desk, columns: Mapping[str, object]) -> Sequence[str]:
    return [_get_heading(desk, name) for name in columns]


def _build_row(
    desk: Desk, columns: Mapping[str, Callable[[Desk, Row], Cell]], row: Row
) -> list[Cell]:
    return [read_cell(desk, row) for read_cell in columns.values()]


def _get_heading(desk: Desk, name: str) -> str:
    return desk.words.line(f"reports.deal_export.{name}")


def _to_local(desk: Desk, at: datetime | None) -> datetime | None:
    """The instant on the member's own clock, to the minute: a spreadsheet knows no zones."""
    if at is None:
        return None
    return at.astimezone(ZoneInfo(desk.zone)).replace(tzinfo=None, second=0, microsecond=0)
