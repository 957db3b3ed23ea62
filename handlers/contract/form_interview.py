"""Asks a form's fields one by one where a platform cannot show the form whole.

What has been answered is kept as a draft, so a restart loses nothing; a form that is left keeps
its answers until somebody goes on with it. An answer that the form's own handler would find wrong
is asked again at once. When the last field is answered the whole comes back as the same
`kind="form"` request another platform's form gives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from handlers.contract.desk import Desk, Lobby
from handlers.contract.drafts import save_draft
from handlers.contract.reply import Button, Field, Form, Reply, Text, lines, rows, shorten
from handlers.contract.request import Request
from storage.tables.messages import Draft

STALE = timedelta(minutes=30)  # a form left longer than this no longer swallows a typed line
CANCEL_WORDS = frozenset({"cancel", "stop", "取消", "算了"})
SKIP_WORDS = frozenset({"skip", "keep", "-", "跳过", "保留", "不变"})
CONTINUE_WORDS = frozenset({"continue", "resume", "继续", "接着填"})
LEFT = "left_form"  # the kind of the draft of a form that was left
KEPT = timedelta(days=1)  # how long a form that was left can be gone on with
_FORMS: TypeAdapter[Form] = TypeAdapter(Form)
# Gives what a filled form's handler would find wrong, by field; nothing of it is carried out.
FindErrors = Callable[[Request], Mapping[str, str]]


def start(reply: Reply, request: Request, room: Desk | Lobby) -> Reply:
    """Begins the interview: the reply with its form's first question in place of the form."""
    form = reply.form
    if form is None:
        return reply
    _leave_any(request, room)
    values = {field.name: field.value for field in form.fields}
    data = {
        "form": _FORMS.dump_python(form, mode="json"),
        "values": values,
        "at": _find_first_field(form),
    }
    draft = save_draft(room, "form", data)
    asked = _render_question(draft, room)
    return replace(reply, form=None, text=lines(reply.text, asked.text), buttons=asked.buttons)


def _leave_any(request: Request, room: Desk | Lobby) -> None:
    """Leaves the form that a new one takes the place of; without answers it is forgotten."""
    before = find_open_draft(request, room)
    if before is not None and _list_new_answers(before):
        leave_form(before, room)
    room.memory.drafts.drop_all(request.account.platform, request.account.id, "form")


def find_open_draft(request: Request, room: Desk | Lobby) -> Draft | None:
    """The draft of the form this account is being asked; None where there is no fresh one."""
    draft = room.memory.drafts.find_latest(request.account.platform, request.account.id, "form")
    if draft is None or room.now - draft.created_at > STALE or not _belongs_to(draft, room):
        return None
    return draft


def _belongs_to(draft: Draft, room: Desk | Lobby) -> bool:
    """Whether the same member began the draft: nobody else may see the values in it."""
    now = (room.team.id, room.member.id) if isinstance(room, Desk) else (None, None)
    return (draft.team_id, draft.member_id) == now


def handle_line(
    draft: Draft, request: Request, room: Desk | Lobby, find_errors: FindErrors
) -> Reply | Request:
    """Takes a typed line as an answer: gives the next question, or the filled form as a request."""
    line = request.text.strip()
    if is_one_of(line, CANCEL_WORDS):
        return _cancel_form(draft, room)
    if is_one_of(line, CONTINUE_WORDS):
        return _render_question(draft, room)
    field = get_asked_field(draft)
    if is_one_of(line, SKIP_WORDS):
        if field.required and not field.value:
            return _ask_again(draft, "contract.form_interview.needed", room)
        return _save_answer(draft, field.value, request, room)
    chosen = _match_option(field, line)
    if chosen is None:
        return _ask_again(draft, "contract.form_interview.choose", room)
    return _save_answer(draft, chosen, request, room, find_errors)


def is_control_word(line: str) -> bool:
    """Whether a line is a word for the form itself: cancel, skip, continue."""
    return is_one_of(line.strip(), CANCEL_WORDS | SKIP_WORDS | CONTINUE_WORDS)


def is_one_of(line: str, words: Collection[str]) -> bool:
    """Whether a line is one of the words that steer a form, with or without a slash."""
    return line.casefold().removeprefix("/") in words


def get_asked_field(draft: Draft) -> Field:
    """The field that is being asked; a value that was found wrong is left out."""
    form = _load_form(draft)
    field = form.fields[int(draft.data["at"])]
    return replace(field, value="") if field.name in form.errors else field


def accepts_answer(field: Field, line: str) -> bool:
    """Whether a line is an answer the field takes."""
    return _match_option(field, line.strip()) is not None


def leave_form(draft: Draft, room: Desk | Lobby) -> Text:
    """Puts the form aside with its answers, for `continue`; the text says so."""
    data = {name: said for name, said in draft.data.items() if name != "unsure"}
    room.memory.drafts.drop(draft)
    save_draft(room, LEFT, data)
    given = ", ".join(_list_new_answers(draft))
    key = "contract.form_interview.left_with" if given else "contract.form_interview.left"
    return room.words.say(key, title=_load_form(draft).title, given=shorten(given, 200))


def make_continue_button(room: Desk | Lobby) -> Button:
    """The tap that goes on with the form that was left."""
    return Button(room.words.line("contract.form_interview.do_continue"), "say:continue")


def continue_form(request: Request, room: Desk | Lobby) -> Reply | None:
    """Asks on in the form that was left last, or that went stale; None where there is none."""
    whose = request.account.platform, request.account.id
    for kind in ("form", LEFT):
        draft = room.memory.drafts.find_latest(*whose, kind)
        if draft is None or room.now - draft.created_at > KEPT or not _belongs_to(draft, room):
            continue
        data = draft.data
        room.memory.drafts.drop(draft)
        return _render_question(save_draft(room, "form", data), room)
    return None


def ask_if_answer(draft: Draft, line: str, room: Desk | Lobby) -> Reply:
    """Asks whether a line is the answer or a command; a tap says which."""
    room.memory.drafts.change(draft, {**draft.data, "unsure": line})
    key, label = f"ask:{draft.id}:{draft.data['at']}", get_asked_field(draft).label
    said = room.words.say("contract.form_interview.unsure", line=shorten(line, 200), label=label)
    answer = Button(room.words.line("contract.form_interview.is_answer"), f"{key}:said")
    command = Button(room.words.line("contract.form_interview.is_command"), f"{key}:do")
    return Reply(said, buttons=((answer, command),))


def take_unsure_line(request: Request, room: Desk | Lobby) -> tuple[Draft, str] | None:
    """The form and the line that a tap calls a command: `ask:<draft>:<field>:do`."""
    if request.kind != "button" or request.verb != "ask" or request.word(2) != "do":
        return None
    draft = _find_pressed_draft(request, room)
    line = str(draft.data.get("unsure", "")) if draft is not None else ""
    return (draft, line) if draft is not None and line else None


def _find_pressed_draft(request: Request, room: Desk | Lobby) -> Draft | None:
    """The form whose present question a button stands under; None where it is over."""
    draft = room.memory.drafts.get(request.account.platform, request.account.id, request.number(0))
    if draft is None or draft.kind != "form" or not _belongs_to(draft, room):
        return None
    return draft if request.number(1) == draft.data["at"] else None


def handle_button(request: Request, room: Desk | Lobby, find_errors: FindErrors) -> Reply | Request:
    """Handles a button under a question: `ask:<draft>:<field>:<option | skip | stop | said>`."""
    draft = _find_pressed_draft(request, room)
    if draft is None:
        return Reply(room.words.say("contract.form_interview.over"))
    field, what = get_asked_field(draft), request.word(2)
    if what == "stop":
        return _cancel_form(draft, room)
    if what == "skip":
        return _save_answer(draft, field.value, request, room)
    if what == "said" and "unsure" in draft.data:
        return _save_answer(draft, str(draft.data["unsure"]), request, room, find_errors)
    position = request.number(2)
    if not what.isdigit() or position >= len(field.options):
        return _render_question(draft, room)
    return _save_answer(draft, field.options[position].value, request, room)


def _save_answer(
    draft: Draft,
    value: str,
    request: Request,
    room: Desk | Lobby,
    find_errors: FindErrors | None = None,
) -> Reply | Request:
    form, at = _load_form(draft), draft.data["at"]
    field = form.fields[at]
    values = {**draft.data["values"], field.name: value[: field.limit]}
    filled = replace(request, kind="form", text="", action=form.action, values=values)
    wrong = [p for p, f in enumerate(form.fields) if p > at and f.name in form.errors]
    following = wrong[0] if wrong else len(form.fields) if form.errors else at + 1
    if following == len(form.fields):
        room.memory.drafts.drop(draft)
        return filled
    error = find_errors(filled).get(field.name, "") if find_errors is not None else ""
    if error:
        return _render_question(draft, room, error)
    data = {name: kept for name, kept in draft.data.items() if name != "unsure"}
    room.memory.drafts.change(draft, {**data, "values": values, "at": following})
    return _render_question(draft, room)


def _render_question(draft: Draft, room: Desk | Lobby, error: str = "") -> Reply:
    form, at = _load_form(draft), draft.data["at"]
    field = get_asked_field(draft)
    said: dict[str, Any] = {"at": at + 1, "of": len(form.fields), "label": field.label}
    key = (
        "contract.form_interview.question"
        if len(form.fields) > 1
        else "contract.form_interview.only"
    )
    now = room.words.say("contract.form_interview.now", value=field.value) if field.value else ()
    text = lines(
        error or form.errors.get(field.name, "") or (form.title if at == 0 else ""),
        room.words.say(key, **said),
        field.hint,
        now if not field.options else (),
    )
    return Reply(text, buttons=_make_buttons(draft, field, room))


def _ask_again(draft: Draft, why: str, room: Desk | Lobby) -> Reply:
    again = _render_question(draft, room)
    return replace(again, text=lines(room.words.say(why), again.text))


def _make_buttons(draft: Draft, field: Field, room: Desk | Lobby) -> tuple[tuple[Button, ...], ...]:
    key = f"ask:{draft.id}:{draft.data['at']}"
    buttons = [
        Button(option.label, f"{key}:{position}")
        for position, option in enumerate(field.options[:9])
    ]
    if field.value and not field.options:
        buttons.append(Button(room.words.line("contract.form_interview.keep"), f"{key}:skip"))
    elif not field.required:
        buttons.append(Button(room.words.line("contract.common.skip"), f"{key}:skip"))
    buttons.append(Button(room.words.line("contract.common.cancel"), f"{key}:stop"))
    return rows(buttons)


def _cancel_form(draft: Draft, room: Desk | Lobby) -> Reply:
    """Leaves the form; answers that were given are given back and kept for `continue`."""
    given = _list_new_answers(draft)
    if not given:
        room.memory.drafts.drop(draft)
        return Reply(room.words.say("contract.form_interview.cancelled"))
    leave_form(draft, room)
    said = lines(
        room.words.say("contract.form_interview.cancelled"),
        _give_back(given, room),
        room.words.say("contract.form_interview.goes_on"),
    )
    return Reply(said, buttons=((make_continue_button(room),),))


def _list_new_answers(draft: Draft) -> list[str]:
    """The answers given in this interview, without the values the form came with."""
    before = {field.name: field.value for field in _load_form(draft).fields}
    return [said for name, said in draft.data["values"].items() if said != before[name]]


def _give_back(given: list[str], room: Desk | Lobby) -> Text:
    return (
        room.words.say("contract.refusals.your_text", text=", ".join(given)[:500]) if given else ()
    )


def _match_option(field: Field, line: str) -> str | None:
    """The value a typed line stands for; None where it is none of the options."""
    if not field.options:
        return line
    folded = line.casefold()
    for option in field.options:
        if folded in (option.value.casefold(), option.label.casefold()):
            return option.value
    return line if field.free else None


def _load_form(draft: Draft) -> Form:
    return _FORMS.validate_python(draft.data["form"])


def _find_first_field(form: Form) -> int:
    wrong = [p for p, field in enumerate(form.fields) if field.name in form.errors]
    return wrong[0] if wrong else 0
