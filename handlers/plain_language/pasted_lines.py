"""Pasted lines: a message of several lines that each begin with a command, carried out in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.contract import open_question
from handlers.contract.catalog import CATALOG
from handlers.contract.desk import Desk
from handlers.contract.reply import BUTTONS_SHOWN, Button, Reply, Text, lines, rows, text_of
from handlers.plain_language.whole_command import find_whole_command

MOST_BUTTONS = BUTTONS_SHOWN - 3  # paging and a form that waits add theirs
MOST = 20  # of one message; more are given back
# What each act asks on its own; of several acts at once nobody could tell which is meant.
_QUESTIONS = ("selling.next_step.what_next", "selling.next_step.what_happened")


def split_commands(text: str, desk: Desk) -> tuple[str, ...]:
    """The commands of a message with one on each line; empty for any other message.

    Behind a lead, a line that begins with no command belongs to the lead above it. Behind anything
    else it could be the rest of a note: then every line must be a whole command, or all begin with
    the same one.
    """
    typed = [line.strip() for line in text.splitlines() if line.strip()]
    if len(typed) < 2:
        return ()
    if _begins_lead(typed[0]):
        return _join_leads(typed, desk)
    parsed = [CATALOG.parse(line) for line in typed]
    same = len(
        {found[0].name if found and found[1] else str(at) for at, found in enumerate(parsed)}
    )
    whole = same == 1 or all(find_whole_command(line, desk) is not None for line in typed)
    return tuple(typed) if whole else ()


def _begins_lead(line: str) -> bool:
    found = CATALOG.parse(line)
    return found is not None and found[0].name == "lead" and bool(found[1])


def _join_leads(typed: Sequence[str], desk: Desk) -> tuple[str, ...]:
    commands: list[str] = []
    for line in typed:
        if _begins_lead(line) or find_whole_command(line, desk) is not None:
            commands.append(line)
        else:
            commands[-1] += f"\n{line}"
    return tuple(commands) if len(commands) > 1 else ()


@dataclass(frozen=True)
class _Part:
    """The answer to one of the lines: its number, its reply without the question at its end."""

    number: int
    reply: Reply
    text: Text

    @property
    def buttons(self) -> list[Button]:
        """Its buttons with its number; of an act that was done only the undo."""
        flat = [button for row in self.reply.buttons for button in row]
        undo = [button for button in flat if button.action.startswith("undo:")]
        return [replace(button, label=f"{self.number} · {button.label}") for button in undo or flat]


def join_replies(replies: Sequence[Reply], left_over: Sequence[str], desk: Desk) -> Reply:
    """One reply to all lines, numbered as they were typed; `left_over` is given back."""
    open_question.close_question(desk)
    parts = [
        _Part(number, reply, _cut_question(reply.text, desk))
        for number, reply in enumerate(replies, start=1)
    ]
    rest = "\n".join(left_over)
    text = lines(
        *(text_of(f"{part.number}. ", part.text) for part in parts),
        desk.words.say("plain_language.pasted_lines.too_many", n=MOST, rest=rest) if rest else (),
    )
    # What asks for a choice goes before what can be undone.
    parts.sort(key=lambda part: any(b.action.startswith("undo:") for b in part.buttons))
    buttons = [button for part in parts for button in part.buttons][:MOST_BUTTONS]
    return Reply(
        text,
        buttons=rows(buttons, 3),
        form=next((reply.form for reply in replies if reply.form is not None), None),
        picture=next((reply.picture for reply in replies if reply.picture is not None), None),
        document=next((reply.document for reply in replies if reply.document is not None), None),
        about=next((reply.about for reply in reversed(replies) if reply.about), None),
        fleeting=any(reply.fleeting for reply in replies),
    )


def _cut_question(text: Text, desk: Desk) -> Text:
    for key in _QUESTIONS:
        question = desk.words.say(key)
        if text[-len(question) :] == question:
            return text[: -len(question) - 1]  # and the line break before it
    return text
