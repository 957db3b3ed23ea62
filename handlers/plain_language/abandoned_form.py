"""Abandoned forms: leaves a form when the person being asked turns to something else.

Without this an open form would swallow the next command as its answer. What was answered is kept
for `continue`.
"""

from __future__ import annotations

from typing import Literal

from handlers.contract import form_interview
from handlers.contract.catalog import CATALOG, Command, command, lobby
from handlers.contract.desk import Desk, Lobby
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Field, Reply, Text
from handlers.contract.request import Request
from handlers.plain_language import pasted_lines
from handlers.plain_language.smalltalk import is_greeting
from handlers.plain_language.whole_command import find_whole_command
from storage.tables.messages import Draft

Meaning = Literal["answer", "command", "unsure"]

# Names may begin with any word: Move Ltd, Lead Bank.
NAME_FIELDS = frozenset({"customer", "person", "name", "lead"})
# To these fields neither a command nor a deal's name is an answer.
NARROW_FIELDS = frozenset(
    "phone email amount source zone hours days digest currency invite deal".split()
)
# Commands whose word alone, or with a customer's name, people also write in a note.
SPOKEN = frozenset(
    "call offer next done move advance back won lost park reopen take happy refer play delivered "
    "contact budget procurement competitor discount proof away snooze why funnel odds".split()
)
# Fields to which a command's words are the answer as often as not, and to which commands.
ANSWERS = {"when": frozenset({"today", "next"}), "what": SPOKEN}


@command("continue", "resume", "继续", "接着填", takes=False)
def continue_(request: Request, desk: Desk) -> Reply:
    """Goes on with the form that was left, where it stood."""
    return _continue(request, desk)


@lobby("continue")
@lobby("resume")
@lobby("继续")
@lobby("接着填")
def continue_in_lobby(request: Request, room: Lobby) -> Reply:
    """Goes on with the form that somebody in no team left."""
    return _continue(request, room)


def _continue(request: Request, room: Desk | Lobby) -> Reply:
    asked = form_interview.continue_form(request, room)
    if asked is None:
        raise TextRefusal("plain_language.abandoned_form.nothing_left")
    return asked


def leave_abandoned_form(request: Request, room: Desk | Lobby) -> tuple[Request, Text]:
    """Leaves the open form where the line is no answer: the line to carry out, and what is said.

    The text is empty where no form is left.
    """
    pressed = form_interview.take_unsure_line(request, room)
    if pressed is not None:
        draft, line = pressed
        return request.with_text(line), form_interview.leave_form(draft, room)
    draft_open = _find_form(request, room)
    if draft_open is None:
        return request, ()
    meaning = _read_meaning(request.text.strip(), form_interview.get_asked_field(draft_open), room)
    return request, form_interview.leave_form(draft_open, room) if meaning == "command" else ()


def ask_if_answer(request: Request, room: Desk | Lobby) -> Reply | None:
    """The question whether a line is the open form's answer; None where it is not in doubt."""
    draft = _find_form(request, room)
    if draft is None:
        return None
    line = request.text.strip()
    if _read_meaning(line, form_interview.get_asked_field(draft), room) != "unsure":
        return None
    return form_interview.ask_if_answer(draft, line, room)


def _find_form(request: Request, room: Desk | Lobby) -> Draft | None:
    if request.kind != "text" or form_interview.is_control_word(request.text):
        return None
    return form_interview.find_open_draft(request, room)


def _read_meaning(line: str, field: Field, room: Desk | Lobby) -> Meaning:
    """Whether a line answers the field, is a command, or may be either."""
    if isinstance(room, Lobby):
        elsewhere = is_greeting(line) or CATALOG.find_lobby_handler(line.lstrip("/"))
        return "command" if elsewhere else "answer"
    found = CATALOG.parse(line)
    if is_greeting(line) or pasted_lines.split_commands(line, room) or (found and line[0] == "/"):
        return "command"
    if found is None or found[0].name in ANSWERS.get(field.name, ()):
        return "answer"
    if field.options and not field.free:
        return "answer" if form_interview.accepts_answer(field, line) else "command"
    return _read_whole(line, found[0], found[1], field, room)


def _read_whole(line: str, found: Command, rest: str, field: Field, desk: Desk) -> Meaning:
    """The meaning of a line that begins with a command's word, in a field of any words."""
    if find_whole_command(line, desk) is None:
        # "lead Bank" in a field for a name: a lead of one name, or that name.
        named = found.name == "lead" and field.name in NAME_FIELDS
        return "unsure" if named else "answer"
    if field.name in NARROW_FIELDS | NAME_FIELDS or found.name not in SPOKEN:
        return "command"
    return "unsure" if rest else "answer"
