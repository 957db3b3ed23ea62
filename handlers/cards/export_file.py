"""Card export: all the team's cards as a file that can be edited and sent back."""

from __future__ import annotations

from handlers.cards.records import load_owner_names, make_record
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded, NotFound
from handlers.contract.reply import Button, File, Reply
from handlers.contract.request import Request
from kb.objections.exchange.formats import FORMATS, Format, write_cards
from storage.tables.people_and_deals import Role

FORMATS_OFFERED: tuple[Format, ...] = ("xlsx", "csv", "md", "jsonl")  # the most usual first
_WORDS: dict[str, Format] = {
    "excel": "xlsx", "xls": "xlsx", "表格": "xlsx", "markdown": "md", "文本": "md", "json": "jsonl",
}  # fmt: skip


@command(
    "card_export", "card export", "cards export", "export cards", "异议卡导出", "导出异议卡",
    "异议卡 导出", "卡片导出", "导出卡片", "导出话术", "导出话术卡", role=Role.MANAGER,
)  # fmt: skip
def export_cards(request: Request, desk: Desk) -> Reply:
    """`card export xlsx`: all the team's cards in one file."""
    text = request.text.strip().lstrip(".").casefold()
    kind = _find_format(text) or _WORDS.get(text)
    if kind is None:
        buttons = (
            Button(desk.words.line(f"cards.export_file.do_{each}"), f"cards-out:{each}")
            for each in FORMATS_OFFERED
        )
        raise ChoiceNeeded("cards.export_file.which_format", *buttons)
    return _make_export(desk, kind)


@action("cards-out", role=Role.MANAGER)
def export_by_tap(request: Request, desk: Desk) -> Reply:
    """Exports in the tapped format: `cards-out:<format>`."""
    kind = _find_format(request.word(0))
    if kind is None:
        raise NotFound
    return _make_export(desk, kind)


def _find_format(text: str) -> Format | None:
    return next((each for each in FORMATS if each == text), None)


def _make_export(desk: Desk, kind: Format) -> Reply:
    owners = load_owner_names(desk.memory, desk.team.id)
    records = [make_record(card, owners) for card in desk.memory.cards.list_all(desk.team.id)]
    day = desk.calendar.local(desk.now).date().isoformat()
    name = f"{desk.words.line('cards.export_file.file_name', day=day)}.{kind}"
    content = write_cards(kind, records, desk.words.language)
    text = desk.words.say("cards.export_file.exported", n=len(records))
    return Reply(text, document=File(name, content, name))
