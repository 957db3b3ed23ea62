"""Imports a file of cards: what it would change is shown first, and done on one tap."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.cards import gap_filling, import_draft
from handlers.cards.import_draft import plan_of, rows_of, touched_by
from handlers.cards.import_preview import counted, details, summary
from handlers.cards.records import Author, Touched, existing_cards, owner_names, put_in, take_back
from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotAllowed, Said
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Attachment, Request
from handlers.outbox.background_jobs import Data, begin, chore
from handlers.reading import clean_text
from kb.objections.exchange.compare import Plan, compare
from kb.objections.exchange.formats import FILE_BYTES, format_of, read_cards
from kb.objections.exchange.record import Row
from kb.objections.exchange.refusing import NotASheet
from storage.tables.messages import Draft

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
    draft = import_draft.keep(desk, plan)
    return Reply(summary(desk.words, name, plan), buttons=_choices(desk, draft, plan))


@command(
    "card_import", "card import", "cards import", "import cards", "异议卡导入", "导入异议卡",
    "异议卡 导入", "卡片导入", "导入卡片", "导入话术", "导入话术卡", role="manager", takes=False,
)  # fmt: skip
def how(request: Request, desk: Desk) -> Reply:
    """How to import: by sending a file."""
    sample = Button(desk.words.line("cards.export_file.do_xlsx"), "cards-out:xlsx")
    return Reply(desk.words.say("cards.import_file.how"), buttons=((sample,),))


@action("cards-in", role="manager")
def imported(request: Request, desk: Desk) -> Reply:
    """Puts a file's cards in: `cards-in:<sheet>:<all | new>`; `new` leaves doubles out."""
    draft = _open_sheet(request, desk)
    plan, leave = plan_of(draft), request.word(1) == "new"
    chosen = rows_of(plan, leave_doubles=leave)
    if len(chosen) > AT_ONCE:
        import_draft.mark(desk, draft, "running")
        begin(desk, "import", {"sheet": draft.id, "leave": leave, "at": 0})
        return Reply(desk.words.say("cards.import_file.begun", n=len(chosen))).editing()
    left_out = len(rows_of(plan)) - len(chosen)
    return _finished(desk, draft, _put_in(desk, chosen), left_out).editing()


@action("cards-why", role="manager")
def explained(request: Request, desk: Desk) -> Reply:
    """The dry run card by card and row by row: `cards-why:<sheet>`."""
    draft = _open_sheet(request, desk)
    plan = plan_of(draft)
    return Reply(details(desk.words, plan), buttons=_choices(desk, draft, plan, told=True))


@action("cards-drop", role="manager")
def dropped(request: Request, desk: Desk) -> Reply:
    """Forgets a file: `cards-drop:<sheet>`."""
    desk.memory.drafts.drop(_open_sheet(request, desk))
    return Reply(desk.words.say("cards.import_file.dropped")).editing()


@action("cards-undo", role="manager")
def undone(request: Request, desk: Desk) -> Reply:
    """Takes an import back: `cards-undo:<sheet>`."""
    draft = import_draft.of_id(desk, request.number(0))
    if draft.data["state"] != "done":
        raise Said("cards.import_file.undone_before")
    touched = touched_by(draft)
    if len(touched) > AT_ONCE:
        import_draft.mark(desk, draft, "running", touched)
        begin(desk, "take_back", {"sheet": draft.id, "at": 0, "undone": 0})
        return Reply(desk.words.say("cards.import_file.undo_begun", n=len(touched))).editing()
    return _undone(desk, draft, take_back(desk.memory, _author(desk), touched)).editing()


def _stopped(desk: Desk, data: Data) -> Reply:
    """What is in by now can be taken back, or the file sent again."""
    draft = import_draft.of_id(desk, data["sheet"])
    import_draft.mark(desk, draft, "done", touched_by(draft))
    said = desk.words.say("cards.import_file.stopped", n=data["at"])
    return Reply(said, buttons=_undo_button(desk, draft) if data["at"] else ())


@chore("import", _stopped)
def import_some(desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
    """Puts in the next cards of a long file; says a word at every quarter of it."""
    draft = import_draft.of_id(desk, data["sheet"])
    if not desk.may("manager"):
        return None, _stopped(desk, data)
    plan, at, until = plan_of(draft), data["at"], data["at"] + STEP
    chosen = rows_of(plan, leave_doubles=data["leave"])
    touched = [*touched_by(draft), *_put_in(desk, chosen[at:until])]
    if until >= len(chosen):
        return None, _finished(desk, draft, touched, len(rows_of(plan)) - len(chosen))
    import_draft.mark(desk, draft, "running", touched)
    return {**data, "at": until}, _progress(desk, at, until, len(chosen))


def _undo_stopped(desk: Desk, data: Data) -> Reply:
    draft = import_draft.of_id(desk, data["sheet"])
    import_draft.mark(desk, draft, "done", touched_by(draft)[data["at"] :])
    said = desk.words.say("cards.import_file.undo_stopped", n=data["at"])
    return Reply(said, buttons=_undo_button(desk, draft))


@chore("take_back", _undo_stopped)
def take_back_some(desk: Desk, data: Data) -> tuple[Data | None, Reply | None]:
    """Takes back the next cards of a long import."""
    draft = import_draft.of_id(desk, data["sheet"])
    if not desk.may("manager"):
        return None, _undo_stopped(desk, data)
    touched, until = touched_by(draft), data["at"] + STEP
    count = data["undone"] + take_back(desk.memory, _author(desk), touched[data["at"] : until])
    if until >= len(touched):
        return None, _undone(desk, draft, count)
    left = {**data, "at": until, "undone": count}
    return left, _progress(desk, data["at"], until, len(touched))


def _put_in(desk: Desk, chosen: Sequence[Row]) -> list[Touched]:
    """Puts the rows in; a draft that comes into use by it answers whoever it was written for."""
    touched = put_in(desk.memory, _author(desk), chosen)
    for each in touched:
        card = None if each.made else desk.memory.cards.get(desk.team.id, each.card_id)
        if card is not None and card.state == "approved":
            gap_filling.fill(desk, card)
    return touched


def _plan(file: Attachment, desk: Desk) -> Plan:
    if file.content is None:
        large = file.size > FILE_BYTES
        key = "cards.import_file.refused_too_large" if large else "cards.import_file.not_fetched"
        raise Said(key, file=clean_text(file.name, 80), limit=FILE_BYTES // 1_000_000)
    try:
        sheet = read_cards(file.name, file.content)
    except NotASheet as error:
        key = f"cards.import_file.refused_{error.reason}"
        raise Said(key, file=clean_text(file.name, 80), limit=error.limit) from None
    owners = set(owner_names(desk.memory, desk.team.id).values())
    existing = existing_cards(desk.memory, desk.team.id)
    return compare(existing, sheet, desk.cards(), owners, LOOKUPS)


def _choices(
    desk: Desk, draft: Draft, plan: Plan, *, told: bool = False
) -> tuple[tuple[Button, ...], ...]:
    words, count = desk.words, len(rows_of(plan))
    buttons = [
        Button(words.line("cards.import_file.do_import", n=count), f"cards-in:{draft.id}:all")
    ]
    if plan.near:
        buttons.append(Button(words.line("cards.import_file.do_leave"), f"cards-in:{draft.id}:new"))
    if not told:
        buttons.append(Button(words.line("cards.import_file.do_details"), f"cards-why:{draft.id}"))
    buttons.append(Button(words.line("contract.common.cancel"), f"cards-drop:{draft.id}"))
    return rows(buttons)


def _open_sheet(request: Request, desk: Desk) -> Draft:
    draft = import_draft.of_id(desk, request.number(0))
    if draft.data["state"] != "open":
        raise Said("cards.import_file.imported_before")
    return draft


def _author(desk: Desk) -> Author:
    return Author(desk.team.id, desk.member.id, desk.now)


def _finished(desk: Desk, draft: Draft, touched: Sequence[Touched], left_out: int) -> Reply:
    import_draft.mark(desk, draft, "done", touched)
    said = counted(desk.words, touched, left_out)
    return Reply(said, buttons=_undo_button(desk, draft) if touched else ())


def _undo_button(desk: Desk, draft: Draft) -> tuple[tuple[Button, ...], ...]:
    return ((Button(desk.words.line("contract.common.undo"), f"cards-undo:{draft.id}"),),)


def _undone(desk: Desk, draft: Draft, count: int) -> Reply:
    left = len(draft.data["touched"]) - count
    import_draft.mark(desk, draft, "undone")
    key = "cards.import_file.undone_but" if left else "cards.import_file.undone"
    return Reply(desk.words.say(key, n=count, left=left))


def _progress(desk: Desk, before: int, done: int, whole: int) -> Reply | None:
    """A word at every quarter of long work, not at every step."""
    if before * 4 // whole == done * 4 // whole:
        return None
    return Reply(desk.words.say("cards.import_file.progress", done=done, n=whole))
