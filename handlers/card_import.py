"""Imports a file of cards: what it would change is shown first, and done on one tap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from handlers.card_plan import counted, details, summary
from handlers.card_records import (
    Author,
    Touched,
    existing_cards,
    owner_names,
    put_in,
    take_back,
)
from handlers.catalog import action, command
from handlers.chores import Data, begin, chore
from handlers.desk import Desk
from handlers.reading import clean_text
from handlers.refusals import Gone, NotAllowed, Said
from handlers.reply import Button, Reply, rows
from handlers.request import Attachment, Request
from kb.objections.exchange.compare import Plan, compare
from kb.objections.exchange.formats import FILE_BYTES, format_of, read_cards
from kb.objections.exchange.record import Row
from kb.objections.exchange.refusing import NotASheet
from storage.tables_messages import Draft

SHEET = "card_sheet"
AT_ONCE = 200  # cards put in while somebody waits; more are put in behind their back
STEP = 100
LOOKUPS = 400  # half a second


def is_sheet(file: Attachment) -> bool:
    """Whether this may be a file of cards, by its name."""
    return format_of(file.name) is not None


def sheet_sent(file: Attachment, desk: Desk) -> Reply:
    """The dry run of a file somebody sent: what it would change, and the taps that do it."""
    if not desk.may("manager"):
        raise NotAllowed("manager")
    name, plan = clean_text(file.name, 80), _plan(file, desk)
    if not plan.new and not plan.changed:
        return Reply(summary(desk.words, name, plan))
    kept = {"plan": _plans().dump_python(plan, mode="json"), "state": "open"}
    draft = _keep(desk, kept)
    return Reply(summary(desk.words, name, plan), buttons=_choices(desk, draft, plan))


@command(
    "card_import", "card import", "cards import", "import cards", "异议卡导入", "导入异议卡",
    "异议卡 导入", "卡片导入", "导入卡片", "导入话术", "导入话术卡", role="manager", takes=False,
)  # fmt: skip
def how(request: Request, desk: Desk) -> Reply:
    """How to import: by sending a file."""
    sample = Button(desk.words.line("card_export.do_xlsx"), "cards-out:xlsx")
    return Reply(desk.words.say("card_import.how"), buttons=((sample,),))


@action("cards-in", role="manager")
def imported(request: Request, desk: Desk) -> Reply:
    """Puts a file's cards in: `cards-in:<sheet>:<all | new>`; `new` leaves doubles out."""
    draft = _open_sheet(request, desk)
    chosen = _chosen(draft, leave_doubles=request.word(1) == "new")
    left_out = len(_all_rows(_plan_of(draft))) - len(chosen)
    if len(chosen) > AT_ONCE:
        _mark(desk, draft, "running")
        begin(desk, "import", {"sheet": draft.id, "left_out": left_out, "at": 0, "touched": []})
        return Reply(desk.words.say("card_import.begun", n=len(chosen))).editing()
    touched = put_in(desk.memory, _author(desk), chosen)
    return _finished(desk, draft, touched, left_out).editing()


@action("cards-why", role="manager")
def explained(request: Request, desk: Desk) -> Reply:
    """The dry run card by card and row by row: `cards-why:<sheet>`."""
    draft = _open_sheet(request, desk)
    plan = _plan_of(draft)
    return Reply(details(desk.words, plan), buttons=_choices(desk, draft, plan, told=True))


@action("cards-drop", role="manager")
def dropped(request: Request, desk: Desk) -> Reply:
    """Forgets a file: `cards-drop:<sheet>`."""
    desk.memory.drafts.drop(_open_sheet(request, desk))
    return Reply(desk.words.say("card_import.dropped")).editing()


@action("cards-undo", role="manager")
def undone(request: Request, desk: Desk) -> Reply:
    """Takes an import back: `cards-undo:<sheet>`."""
    draft = _sheet(request, desk)
    if draft.data["state"] != "done":
        raise Said("card_import.undone_before")
    touched = _touched(draft.data["touched"])
    if len(touched) > AT_ONCE:
        _mark(desk, draft, "running")
        begin(desk, "take_back", {"sheet": draft.id, "at": 0, "undone": 0})
        return Reply(desk.words.say("card_import.undo_begun", n=len(touched))).editing()
    count = take_back(desk.memory, _author(desk), touched)
    return _undone(desk, draft, count).editing()


def _sorry(desk: Desk, data: Data) -> Reply:
    return Reply(desk.words.say("card_import.stopped", n=data["at"]))


@chore("import", _sorry)
def import_some(desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
    """Puts in the next cards of a long file; says a word at every quarter of it."""
    draft = desk.memory.drafts.of_member(desk.team.id, desk.member.id, data["sheet"])
    if draft is None or not desk.may("manager"):
        return None, _sorry(desk, data)
    chosen = _chosen(draft, leave_doubles=data["left_out"] > 0)
    at, until = data["at"], data["at"] + STEP
    touched = [*_touched(data["touched"]), *put_in(desk.memory, _author(desk), chosen[at:until])]
    if until >= len(chosen):
        return None, _finished(desk, draft, touched, data["left_out"])
    left = {**data, "at": until, "touched": _touches().dump_python(touched)}
    return left, _progress(desk, at, until, len(chosen))


@chore("take_back", _sorry)
def take_back_some(desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
    """Takes back the next cards of a long import."""
    draft = desk.memory.drafts.of_member(desk.team.id, desk.member.id, data["sheet"])
    if draft is None or not desk.may("manager"):
        return None, _sorry(desk, data)
    touched, until = _touched(draft.data["touched"]), data["at"] + STEP
    count = data["undone"] + take_back(desk.memory, _author(desk), touched[data["at"] : until])
    if until >= len(touched):
        return None, _undone(desk, draft, count)
    left = {**data, "at": until, "undone": count}
    return left, _progress(desk, data["at"], until, len(touched))


def _plan(file: Attachment, desk: Desk) -> Plan:
    if file.content is None:
        large = file.size > FILE_BYTES
        key = "card_import.refused_too_large" if large else "card_import.not_fetched"
        raise Said(key, file=clean_text(file.name, 80), limit=FILE_BYTES // 1_000_000)
    try:
        sheet = read_cards(file.name, file.content)
    except NotASheet as error:
        key = f"card_import.refused_{error.reason}"
        raise Said(key, file=clean_text(file.name, 80), limit=error.limit) from None
    owners = set(owner_names(desk.memory, desk.team.id).values())
    existing = existing_cards(desk.memory, desk.team.id)
    return compare(existing, sheet, desk.cards(), owners, LOOKUPS)


def _choices(
    desk: Desk, draft: Draft, plan: Plan, *, told: bool = False
) -> tuple[tuple[Button, ...], ...]:
    words, count = desk.words, len(_all_rows(plan))
    buttons = [Button(words.line("card_import.do_import", n=count), f"cards-in:{draft.id}:all")]
    if plan.near:
        buttons.append(Button(words.line("card_import.do_leave"), f"cards-in:{draft.id}:new"))
    if not told:
        buttons.append(Button(words.line("card_import.do_details"), f"cards-why:{draft.id}"))
    buttons.append(Button(words.line("common.cancel"), f"cards-drop:{draft.id}"))
    return rows(buttons)


def _all_rows(plan: Plan) -> list[Row]:
    return [*plan.new, *(change.row for change in plan.changed)]


def _chosen(draft: Draft, *, leave_doubles: bool) -> list[Row]:
    plan = _plan_of(draft)
    left = {near.row.number for near in plan.near} if leave_doubles else set()
    return [row for row in _all_rows(plan) if row.number not in left]


def _plan_of(draft: Draft) -> Plan:
    return _plans().validate_python(draft.data["plan"])


def _touched(kept: Any) -> list[Touched]:
    return _touches().validate_python(kept)


def _keep(desk: Desk, data: dict[str, Any]) -> Draft:
    account, memory = desk.account, desk.memory
    return memory.drafts.keep(
        account.platform, account.id, SHEET, data, desk.now, desk.team.id, desk.member.id
    )


def _sheet(request: Request, desk: Desk) -> Draft:
    draft = desk.memory.drafts.of_member(desk.team.id, desk.member.id, request.number(0))
    if draft is None or draft.kind != SHEET:
        raise Gone
    return draft


def _open_sheet(request: Request, desk: Desk) -> Draft:
    draft = _sheet(request, desk)
    if draft.data["state"] != "open":
        raise Said("card_import.imported_before")
    return draft


def _mark(desk: Desk, draft: Draft, state: str, **more: object) -> None:
    desk.memory.drafts.change(draft, {**draft.data, "state": state, **more})


def _author(desk: Desk) -> Author:
    return Author(desk.team.id, desk.member.id, desk.now)


def _finished(desk: Desk, draft: Draft, touched: Sequence[Touched], left_out: int) -> Reply:
    _mark(desk, draft, "done", touched=_touches().dump_python(list(touched)), plan={})
    undo = Button(desk.words.line("common.undo"), f"cards-undo:{draft.id}")
    return Reply(counted(desk.words, touched, left_out), buttons=((undo,),))


def _undone(desk: Desk, draft: Draft, count: int) -> Reply:
    left = len(draft.data["touched"]) - count
    _mark(desk, draft, "undone", touched=[])
    key = "card_import.undone_but" if left else "card_import.undone"
    return Reply(desk.words.say(key, n=count, left=left))


def _progress(desk: Desk, before: int, done: int, whole: int) -> Reply | None:
    """A word at every quarter of long work, not at every step."""
    if before * 4 // whole == done * 4 // whole:
        return None
    return Reply(desk.words.say("card_import.progress", done=done, n=whole))


@cache  # made when first needed: a start of the bot need not wait for it
def _plans() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


@cache
def _touches() -> TypeAdapter[list[Touched]]:
    return TypeAdapter(list[Touched])
