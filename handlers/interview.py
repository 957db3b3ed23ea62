"""Asks a form's fields one by one where a platform cannot show the form whole.

What has been answered is kept as a draft, so a restart loses nothing. When the last field is
answered the whole comes back as the same `kind="form"` request another platform's form gives.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from handlers.desk import Desk, Lobby
from handlers.reply import Button, Field, Form, Reply, lines, rows
from handlers.request import Request
from storage.tables_messages import Draft

STALE = timedelta(minutes=30)  # a form left longer than this no longer swallows a typed line
CANCEL_WORDS = frozenset({"cancel", "stop", "取消", "算了"})
SKIP_WORDS = frozenset({"skip", "-", "跳过"})
_FORMS: TypeAdapter[Form] = TypeAdapter(Form)


def start(reply: Reply, request: Request, room: Desk | Lobby) -> Reply:
    """The first question of the reply's form, in place of the form."""
    form = reply.form
    if form is None:
        return reply
    room.memory.drafts.drop_all(request.account.platform, request.account.id, "form")
    values = {field.name: field.value for field in form.fields}
    data = {"form": _FORMS.dump_python(form, mode="json"), "values": values, "at": _first(form)}
    draft = room.memory.drafts.keep(
        request.account.platform,
        request.account.id,
        "form",
        data,
        room.now,
        room.team.id if room.team else None,
        room.member.id if room.member else None,
    )
    asked = _question(draft, room)
    return replace(reply, form=None, text=lines(reply.text, asked.text), buttons=asked.buttons)


def open_draft(request: Request, room: Desk | Lobby) -> Draft | None:
    """The form this person is being asked, unless they have left it standing."""
    draft = room.memory.drafts.latest(request.account.platform, request.account.id, "form")
    if draft is None or room.now - draft.created_at > STALE:
        return None
    return draft


def typed(draft: Draft, request: Request, room: Desk | Lobby) -> Reply | Request:
    """What a typed line does to an open form: the next question, or the filled form's request."""
    line = request.text.strip()
    if line.casefold() in CANCEL_WORDS:
        return _cancelled(draft, room)
    field = _field(draft)
    if line.casefold() in SKIP_WORDS and not (field.required and not field.value):
        return _onward(draft, field.value, request, room)
    chosen = _option(field, line)
    if chosen is None:
        return replace(
            _question(draft, room),
            text=lines(room.words.say("interview.choose"), _question(draft, room).text),
        )
    return _onward(draft, chosen, request, room)


def pressed(request: Request, room: Desk | Lobby) -> Reply | Request:
    """What a button under a question does: `ask:<draft>:<field>:<option | skip | stop>`."""
    draft = room.memory.drafts.get(request.account.platform, request.account.id, request.number(0))
    if draft is None or draft.kind != "form" or request.number(1) != draft.data["at"]:
        return Reply(room.words.say("interview.over"))
    field, what = _field(draft), request.word(2)
    if what == "stop":
        return _cancelled(draft, room)
    if what == "skip":
        return _onward(draft, field.value, request, room)
    position = request.number(2)
    if position >= len(field.options):
        return _question(draft, room)
    return _onward(draft, field.options[position].value, request, room)


def _onward(draft: Draft, value: str, request: Request, room: Desk | Lobby) -> Reply | Request:
    form, at = _form(draft), draft.data["at"]
    values = {**draft.data["values"], form.fields[at].name: value[: form.fields[at].limit]}
    wrong = [p for p, f in enumerate(form.fields) if p > at and f.name in form.errors]
    following = wrong[0] if wrong else len(form.fields) if form.errors else at + 1
    if following < len(form.fields):
        room.memory.drafts.change(draft, {**draft.data, "values": values, "at": following})
        return _question(draft, room)
    room.memory.drafts.drop(draft)
    return replace(request, kind="form", text="", action=form.action, values=values)


def _question(draft: Draft, room: Desk | Lobby) -> Reply:
    form, at = _form(draft), draft.data["at"]
    field = form.fields[at]
    said: dict[str, Any] = {"at": at + 1, "of": len(form.fields), "label": field.label}
    now = room.words.say("interview.now", value=field.value) if field.value else ()
    text = lines(
        room.words.say("interview.question", **said),
        form.errors.get(field.name, ""),
        field.hint,
        now if not field.options else (),
    )
    return Reply(text, buttons=_answers(draft, field, room))


def _answers(draft: Draft, field: Field, room: Desk | Lobby) -> tuple[tuple[Button, ...], ...]:
    key = f"ask:{draft.id}:{draft.data['at']}"
    buttons = [
        Button(option.label, f"{key}:{position}")
        for position, option in enumerate(field.options[:9])
    ]
    if field.value and not field.options:
        buttons.append(Button(room.words.line("interview.keep"), f"{key}:skip"))
    elif not field.required:
        buttons.append(Button(room.words.line("common.skip"), f"{key}:skip"))
    buttons.append(Button(room.words.line("common.cancel"), f"{key}:stop"))
    return rows(buttons)


def _cancelled(draft: Draft, room: Desk | Lobby) -> Reply:
    given = [value for value in draft.data["values"].values() if value]
    room.memory.drafts.drop(draft)
    said = room.words.say("interview.cancelled")
    back = room.words.say("refusals.your_text", text=", ".join(given)[:500]) if given else ()
    return Reply(lines(said, back))


def _option(field: Field, line: str) -> str | None:
    """The value a typed line stands for; None where it is none of the options."""
    if not field.options:
        return line
    folded = line.casefold()
    for option in field.options:
        if folded in (option.value.casefold(), option.label.casefold()):
            return option.value
    return line if field.free else None


def _form(draft: Draft) -> Form:
    return _FORMS.validate_python(draft.data["form"])


def _field(draft: Draft) -> Field:
    return _form(draft).fields[int(draft.data["at"])]


def _first(form: Form) -> int:
    wrong = [p for p, field in enumerate(form.fields) if field.name in form.errors]
    return wrong[0] if wrong else 0
