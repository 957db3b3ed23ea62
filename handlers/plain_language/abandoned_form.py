"""Abandoned forms: closes a form when the person being asked turns to something else.

Without this a form left standing would swallow the next command as its answer.
"""

from __future__ import annotations

from handlers.contract import form_interview
from handlers.contract.catalog import CATALOG
from handlers.contract.desk import Desk, Lobby
from handlers.contract.reply import Field, Text
from handlers.contract.request import Request
from handlers.deals.find_deal import EVERY, find_named_deals

# Fields to which a command and a deal's name are no answer; in free text any word may stand.
NARROW_FIELDS = frozenset(
    "customer person phone email amount source zone hours days digest currency".split()
)
COMMANDS_ALONE = frozenset({"today", "undo", "help", "deals", "funnel", "settings", "team"})
ANSWERS = {"when": "today"}  # a field to which one of those words is an answer


def close_abandoned_form(request: Request, room: Desk | Lobby) -> Text:
    """Closes the open form if the line is no answer; the text says so, or is empty."""
    if request.kind != "text" or not isinstance(room, Desk):
        return ()
    draft = form_interview.find_open_draft(request, room)
    if draft is None or not _turns_elsewhere(
        request.text.strip(), form_interview.get_asked_field(draft), room
    ):
        return ()
    return form_interview.close_form(draft, room)


def _turns_elsewhere(line: str, field: Field, desk: Desk) -> bool:
    found = None if form_interview.is_control_word(line) else CATALOG.parse(line)
    if found is None:
        return False
    command, rest = found
    if line.startswith("/"):
        return True
    if field.options and not form_interview.accepts_answer(field, line):
        return True
    if not rest:
        return command.name in COMMANDS_ALONE and ANSWERS.get(field.name) != command.name
    return field.name in NARROW_FIELDS and find_named_deals(rest, desk, EVERY).match.sure
