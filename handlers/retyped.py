"""A line whose first word is nearly a command: offers the command with one tap."""

from __future__ import annotations

from handlers.catalog import CATALOG
from handlers.desk import Desk
from handlers.reading import closest_word
from handlers.refusals import Gone
from handlers.reply import Button, Reply
from handlers.request import Request

TYPO_FLOOR = 75
SHORTEST = 3  # a shorter word is near to too many
LONGEST = 24


def offered(request: Request, desk: Desk) -> Reply | None:
    """ "mvoe acme" -> [move acme] and [Find the answer]; None when no command is near."""
    first, _, rest = request.text.strip().lstrip("/").partition(" ")
    if not SHORTEST <= len(first) <= LONGEST:
        return None
    meant = closest_word(first.casefold(), _vocabulary(desk), TYPO_FLOOR)
    if meant is None:
        return None
    line = f"{meant} {rest}".strip()
    account = desk.account
    draft = desk.memory.drafts.keep(
        account.platform,
        account.id,
        "pick",
        {"command": meant, "rest": line, "text": request.text},
        desk.now,
        desk.team.id,
        desk.member.id,
    )
    buttons = (
        Button(line, f"retype:{draft.id}"),
        Button(desk.words.line("refusals.look_up"), f"pick-card:{draft.id}"),
    )
    return Reply(desk.words.say("retyped.did_you_mean"), buttons=(buttons,))


def meant(request: Request, desk: Desk) -> str:
    """The line a person tapped instead of the one they had typed: `retype:<draft>`."""
    draft = desk.memory.drafts.get(desk.account.platform, desk.account.id, request.number(0))
    if draft is None or draft.kind != "pick":
        raise Gone
    return str(draft.data["rest"])


def _vocabulary(desk: Desk) -> list[tuple[str, str]]:
    return [
        (word, word)
        for command in CATALOG.commands()
        if desk.may(command.role)
        for word in command.words
        if len(word) >= SHORTEST and " " not in word
    ]
