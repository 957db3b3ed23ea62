"""Card import: a file's changes are previewed, made on one tap, and can be undone.

A long import runs as a background job. The draft of an import holds its plan, its state, and the
cards it has changed, for the undo.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from handlers.cards import gap_filling
from handlers.cards.import_preview import render_details, render_result, render_summary
from handlers.cards.records import (
    Author,
    ImportedCard,
    import_rows,
    load_existing_cards,
    load_owner_names,
    undo_import,
)
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.drafts import save_draft
from handlers.contract.refusals import NotFound, TextRefusal, require_role
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Attachment, Request
from handlers.outbox.background_jobs import Data, register_job, start_job
from handlers.reading import clean_text
from kb.objections.exchange.formats import FILE_BYTES, find_format, read_cards
from kb.objections.exchange.import_plan import Plan, plan_import
from kb.objections.exchange.record import Row, UnreadableFile
from kb.states import CardState
from storage.tables.messages import Draft
from storage.tables.people_and_deals import Role

AT_ONCE = 200  # cards imported while the person waits; more become a background job
CARDS_A_STEP = 100
KIND = "card_sheet"
State = Literal["open", "running", "done", "undone"]
MAX_LOOK_UPS = 400  # half a second


def is_card_file(file: Attachment) -> bool:
    """Whether this may be a file of cards, by its name."""
    return find_format(file.name) is not None


def preview_import(file: Attachment, desk: Desk) -> Reply:
    """Previews the import of a file that was sent: what it would change, and buttons to do it."""
    require_role(desk, Role.MANAGER)
    name, plan = clean_text(file.name, 80), _plan_import(file, desk)
    if not plan.new and not plan.changed:
        return Reply(render_summary(desk.words, name, plan))
    draft = _save_draft(desk, plan)
    return Reply(render_summary(desk.words, name, plan), buttons=_make_buttons(desk, draft, plan))


@command(
    "card_import", "card import", "cards import", "import cards", "异议卡导入", "导入异议卡",
    "异议卡 导入", "卡片导入", "导入卡片", "导入话术", "导入话术卡", role=Role.MANAGER, takes=False,
)  # fmt: skip
def explain_import(request: Request, desk: Desk) -> Reply:
    """Explains how to import: by sending a file."""
    sample = Button(desk.words.line("cards.export_file.do_xlsx"), "cards-out:xlsx")
    return Reply(desk.words.say("cards.import_file.how"), buttons=((sample,),))


@action("cards-in", role=Role.MANAGER)
def import_by_tap(request: Request, desk: Desk) -> Reply:
    """Imports a file's cards: `cards-in:<draft>:<all | new>`; `new` leaves near-duplicates out."""
    draft = _get_open_draft(request, desk)
    plan, leave = _load_plan(draft), request.word(1) == "new"
    chosen = plan.rows(leave_doubles=leave)
    if len(chosen) > AT_ONCE:
        _mark(desk, draft, "running")
        start_job(desk, "import", {"sheet": draft.id, "leave": leave, "at": 0})
        return Reply(desk.words.say("cards.import_file.begun", n=len(chosen))).in_place()
    left_out = len(plan.rows()) - len(chosen)
    return _finish_import(desk, draft, _import_rows(desk, chosen), left_out).in_place()


@action("cards-why", role=Role.MANAGER)
def show_details(request: Request, desk: Desk) -> Reply:
    """The preview card by card and row by row: `cards-why:<draft>`."""
    draft = _get_open_draft(request, desk)
    plan = _load_plan(draft)
    return Reply(
        render_details(desk.words, plan), buttons=_make_buttons(desk, draft, plan, detailed=True)
    )


@action("cards-drop", role=Role.MANAGER)
def cancel_import(request: Request, desk: Desk) -> Reply:
    """Cancels an import before it is done: `cards-drop:<draft>`."""
    desk.memory.drafts.drop(_get_open_draft(request, desk))
    return Reply(desk.words.say("cards.import_file.dropped")).in_place()


@action("cards-undo", role=Role.MANAGER)
def undo_by_tap(request: Request, desk: Desk) -> Reply:
    """Undoes an import: `cards-undo:<draft>`."""
    draft = _get_draft(desk, request.number(0))
    if draft.data["state"] != "done":
        raise TextRefusal("cards.import_file.undone_before")
    imported = _load_imported(draft)
    if len(imported) > AT_ONCE:
        _mark(desk, draft, "running", imported)
        start_job(desk, "take_back", {"sheet": draft.id, "at": 0, "undone": 0})
        return Reply(desk.words.say("cards.import_file.undo_begun", n=len(imported))).in_place()
    return _finish_undo(
        desk, draft, undo_import(desk.memory, _make_author(desk), imported)
    ).in_place()


def _stop_import(desk: Desk, data: Data) -> Reply:
    """Ends an import that cannot go on: what is imported by now can be undone."""
    draft = _get_draft(desk, data["sheet"])
    _mark(desk, draft, "done", _load_imported(draft))
    text = desk.words.say("cards.import_file.stopped", n=data["at"])
    return Reply(text, buttons=_make_undo_button(desk, draft) if data["at"] else ())


@register_job("import", _stop_import)
def import_some(desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
    """Imports the next cards of a long file; reports progress at every quarter."""
    draft = _get_draft(desk, data["sheet"])
    if not desk.may(Role.MANAGER):
        return None, _stop_import(desk, data)
    plan, at, until = _load_plan(draft), data["at"], data["at"] + CARDS_A_STEP
    chosen = plan.rows(leave_doubles=data["leave"])
    imported = [*_load_imported(draft), *_import_rows(desk, chosen[at:until])]
    if until >= len(chosen):
        return None, _finish_import(desk, draft, imported, len(plan.rows()) - len(chosen))
    _mark(desk, draft, "running", imported)
    return {**data, "at": until}, _report_progress(desk, at, until, len(chosen))


def _stop_undo(desk: Desk, data: Data) -> Reply:
    draft = _get_draft(desk, data["sheet"])
    _mark(desk, draft, "done", _load_imported(draft)[data["at"] :])
    text = desk.words.say("cards.import_file.undo_stopped", n=data["at"])
    return Reply(text, buttons=_make_undo_button(desk, draft))


@register_job("take_back", _stop_undo)
def undo_some(desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
    """Undoes the next cards of a long import."""
    draft = _get_draft(desk, data["sheet"])
    if not desk.may(Role.MANAGER):
        return None, _stop_undo(desk, data)
    imported, until = _load_imported(draft), data["at"] + CARDS_A_STEP
    count = data["undone"] + undo_import(
        desk.memory, _make_author(desk), imported[data["at"] : until]
    )
    if until >= len(imported):
        return None, _finish_undo(desk, draft, count)
    left = {**data, "at": until, "undone": count}
    return left, _report_progress(desk, data["at"], until, len(imported))


def _import_rows(desk: Desk, chosen: Sequence[Row]) -> list[ImportedCard]:
    """Imports the rows; a draft that comes into use by it fills the gaps that wait for it."""
    imported = import_rows(desk.memory, _make_author(desk), chosen)
    for each in imported:
        card = None if each.made else desk.memory.cards.get(desk.team.id, each.card_id)
        if card is not None and card.state == CardState.APPROVED:
            gap_filling.fill_gaps(desk, card)
    return imported


def _plan_import(file: Attachment, desk: Desk) -> Plan:
    if file.content is None:
        large = file.size > FILE_BYTES
        key = "cards.import_file.refused_too_large" if large else "cards.import_file.not_fetched"
        raise TextRefusal(key, file=clean_text(file.name, 80), limit=FILE_BYTES // 1_000_000)
    try:
        sheet = read_cards(file.name, file.content)
    except UnreadableFile as error:
        key = f"cards.import_file.refused_{error.reason}"
        raise TextRefusal(key, file=clean_text(file.name, 80), limit=error.limit) from None
    owners = set(load_owner_names(desk.memory, desk.team.id).values())
    existing = load_existing_cards(desk.memory, desk.team.id)
    return plan_import(existing, sheet, desk.cards(), owners, MAX_LOOK_UPS)


def _make_buttons(
    desk: Desk, draft: Draft, plan: Plan, *, detailed: bool = False
) -> tuple[tuple[Button, ...], ...]:
    words, count = desk.words, len(plan.rows())
    buttons = [
        Button(words.line("cards.import_file.do_import", n=count), f"cards-in:{draft.id}:all")
    ]
    if plan.near:
        buttons.append(Button(words.line("cards.import_file.do_leave"), f"cards-in:{draft.id}:new"))
    if not detailed:
        buttons.append(Button(words.line("cards.import_file.do_details"), f"cards-why:{draft.id}"))
    buttons.append(Button(words.line("contract.common.cancel"), f"cards-drop:{draft.id}"))
    return rows(buttons)


def _get_open_draft(request: Request, desk: Desk) -> Draft:
    draft = _get_draft(desk, request.number(0))
    if draft.data["state"] != "open":
        raise TextRefusal("cards.import_file.imported_before")
    return draft


def _make_author(desk: Desk) -> Author:
    return Author(desk.team.id, desk.member.id, desk.now)


def _finish_import(
    desk: Desk, draft: Draft, imported: Sequence[ImportedCard], left_out: int
) -> Reply:
    _mark(desk, draft, "done", imported)
    text = render_result(desk.words, imported, left_out)
    return Reply(text, buttons=_make_undo_button(desk, draft) if imported else ())


def _make_undo_button(desk: Desk, draft: Draft) -> tuple[tuple[Button, ...], ...]:
    return ((Button(desk.words.line("contract.common.undo"), f"cards-undo:{draft.id}"),),)


def _finish_undo(desk: Desk, draft: Draft, count: int) -> Reply:
    left = len(draft.data["touched"]) - count
    _mark(desk, draft, "undone")
    key = "cards.import_file.undone_but" if left else "cards.import_file.undone"
    return Reply(desk.words.say(key, n=count, left=left))


def _report_progress(desk: Desk, before: int, done: int, whole: int) -> Reply | None:
    """A progress report at every quarter of long work, else None."""
    if before * 4 // whole == done * 4 // whole:
        return None
    return Reply(desk.words.say("cards.import_file.progress", done=done, n=whole))


def _save_draft(desk: Desk, plan: Plan) -> Draft:
    """Saves what a file would change, until somebody taps."""
    data = {"plan": _get_adapter().dump_python(plan, mode="json"), "state": "open"}
    return save_draft(desk, KIND, data)


def _get_draft(desk: Desk, draft_id: int) -> Draft:
    """The member's own import of this id. Raises NotFound."""
    draft = desk.memory.drafts.get_of_member(desk.team.id, desk.member.id, draft_id)
    if draft is None or draft.kind != KIND:
        raise NotFound
    return draft


def _mark(desk: Desk, draft: Draft, state: State, imported: Sequence[ImportedCard] = ()) -> None:
    """Saves the import's state; once it is done its plan is dropped."""
    data: dict[str, Any] = {"state": state, "touched": [vars(each) for each in imported]}
    if state == "running" and "plan" in draft.data:
        data["plan"] = draft.data["plan"]
    desk.memory.drafts.change(draft, data)


def _load_plan(draft: Draft) -> Plan:
    """The plan that the draft holds."""
    return _get_adapter().validate_python(draft.data["plan"])


def _load_imported(draft: Draft) -> list[ImportedCard]:
    """The cards that the import has made or changed so far."""
    return [ImportedCard(**each) for each in draft.data.get("touched", ())]


@cache  # made when first needed: a start of the bot need not wait for it
def _get_adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)
