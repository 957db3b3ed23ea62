"""Asks a form's fields one by one where a platform cannot show the form whole.

What has been answered is kept as a draft, so a restart loses nothing. When the last field is
answered the whole comes back as the same `kind="form"` request another platform's form gives.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from handlers.contract.desk import Desk, Lobby
from handlers.contract.drafts import save_draft
from handlers.contract.reply import Button, Field, Form, Reply, Text, lines, rows
from handlers.contract.request import Request
from storage.tables.messages import Draft

STALE = timedelta(minutes=30)  # a form left longer than this no longer swallows a typed line
CANCEL_WORDS = frozenset({"cancel", "stop", "取消", "算了"})
SKIP_WORDS = frozenset({"skip", "keep", "-", "跳过", "保留", "不变"})
_FORMS: TypeAdapter[Form] = TypeAdapter(Form)


def start(reply: Reply, request: Request, room: Desk | Lobby) -> Reply:
    """Begins the interview: the reply with its form's first question in place of the form."""
    form = reply.form
    if form is None:
        return reply
    room.memory.drafts.drop_all(request.account.platform, request.account.id, "form")
    values = {field.name: field.value for field in form.fields}
    data = {
        "form": _FORMS.dump_python(form, mode="json"),
        "values": values,
        "at": _find_first_field(form),
    }
    draft = save_draft(room, "form", data)
    asked = _render_question(draft, room)
    return replace(reply, form=None, text=lines(reply.text, asked.text), buttons=asked.buttons)


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


def handle_line(draft: Draft, request: Request, room: Desk | Lobby) -> Reply | Request:
    """Takes a typed line as an answer: gives the next question, or the filled form as a request."""
    line = request.text.strip()
    if is_one_of(line, CANCEL_WORDS):
        return _cancel_form(draft, room)
    field = get_asked_field(draft)
    if is_one_of(line, SKIP_WORDS):
        if field.required and not field.value:
            return _ask_again(draft, "contract.form_interview.needed", room)
        return _save_answer(draft, field.value, request, room)
    chosen = _match_option(field, line)
    if chosen is None:
        return _ask_again(draft, "contract.form_interview.choose", room)
    return _save_answer(draft, chosen, request, room)


def is_control_word(line: str) -> bool:
    """Whether a line is a word for the form itself: cancel, skip."""
    return is_one_of(line.strip(), CANCEL_WORDS | SKIP_WORDS)


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


def close_form(draft: Draft, room: Desk | Lobby) -> Text:
    """Drops the form; the text says so and gives back what was typed."""
    given = _list_new_answers(draft)
    room.memory.drafts.drop(draft)
    said = room.words.say("contract.form_interview.closed", title=_load_form(draft).title)
    return lines(said, _give_back(given, room))


def handle_button(request: Request, room: Desk | Lobby) -> Reply | Request:
    """Handles a button under a question: `ask:<draft>:<field>:<option | skip | stop>`."""
    draft = room.memory.drafts.get(request.account.platform, request.account.id, request.number(0))
    if draft is None or draft.kind != "form" or not _belongs_to(draft, room):
        return Reply(room.words.say("contract.form_interview.over"))
    if request.number(1) != draft.data["at"]:
        return Reply(room.words.say("contract.form_interview.over"))
    field, what = get_asked_field(draft), request.word(2)
    if what == "stop":
        return _cancel_form(draft, room)
    if what == "skip":
        return _save_answer(draft, field.value, request, room)
    position = request.number(2)
    if position >= len(field.options):
        return _render_question(draft, room)
    return _save_answer(draft, field.options[position].value, request, room)


def _save_answer(draft: Draft, value: str, request: Request, room: Desk | Lobby) -> Reply | Request:
    form, at = _load_form(draft), draft.data["at"]
    values = {**draft.data["values"], form.fields[at].name: value[: form.fields[at].limit]}
    wrong = [p for p, f in enumerate(form.fields) if p > at and f.name in form.errors]
    following = wrong[0] if wrong else len(form.fields) if form.errors else at + 1
    if following < len(form.fields):
        room.memory.drafts.change(draft, {**draft.data, "values": values, "at": following})
        return _render_question(draft, room)
    room.memory.drafts.drop(draft)
    return replace(request, kind="form", text="", action=form.action, values=values)


def _render_question(draft: Draft, room: Desk | Lobby) -> Reply:
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
        form.errors.get(field.name, "") or (form.title if at == 0 else ""),
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
    given = _list_new_answers(draft)
    room.memory.drafts.drop(draft)
    return Reply(
        lines(room.words.say("contract.form_interview.cancelled"), _give_back(given, room))
    )


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
