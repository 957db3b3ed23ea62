"""Exports a person's deals, the people there and what happened, as a file for a spreadsheet."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import Asked, Gone, Said
from handlers.contract.reply import Button, File, Reply
from handlers.contract.request import Request
from handlers.contract.spreadsheet import write_csv, write_xlsx
from handlers.reports.deal_rows import tables

Format = Literal["xlsx", "csv"]
A_DAY = 5  # files of one member; whoever takes more is not working with them
_WORDS: dict[str, Format] = {
    "xlsx": "xlsx", "excel": "xlsx", "xls": "xlsx", "表格": "xlsx", "csv": "csv",
}  # fmt: skip


@command("export", "deal export", "export deals", "导出", "导出商机", "导出数据", "商机导出")
def export(request: Request, desk: Desk) -> Reply:
    """`export xlsx`: the deals the member may see; asks which format where none is named."""
    kind = _WORDS.get(request.text.strip().lstrip(".").casefold())
    if kind is None:
        buttons = (
            Button(desk.words.line(f"reports.deal_export.do_{each}"), f"deals-out:{each}")
            for each in ("xlsx", "csv")
        )
        raise Asked("reports.deal_export.which_format", *buttons)
    return _exported(desk, kind)


@action("deals-out")
def exported(request: Request, desk: Desk) -> Reply:
    """The file in the tapped format: `deals-out:<format>`."""
    kind = _WORDS.get(request.word(0))
    if kind is None:
        raise Gone
    return _exported(desk, kind)


def _exported(desk: Desk, kind: Format) -> Reply:
    memory, team, member = desk.memory, desk.team.id, desk.member.id
    if memory.exports.taken_since(team, member, _midnight(desk)) >= A_DAY:
        raise Said("reports.deal_export.enough", n=A_DAY)
    deals, people, history = tables(desk)
    if not deals.rows:
        raise Said("selling.deal_list.none")
    content = write_csv(deals) if kind == "csv" else write_xlsx((deals, people, history))
    memory.members.audit(team, member, "deals exported", desk.now, deals=len(deals.rows))
    day = desk.calendar.local(desk.now).date().isoformat()
    name = f"{desk.words.line('reports.deal_export.file_name', day=day)}.{kind}"
    said = desk.words.say(f"reports.deal_export.exported_{kind}", n=len(deals.rows))
    return Reply(said, document=File(name, content, name))


def _midnight(desk: Desk) -> datetime:
    return desk.calendar.at_local(desk.calendar.local(desk.now).date(), time())
