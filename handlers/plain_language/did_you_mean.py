"""Mistyped commands: offers the command that a line's first word nearly is, with one tap."""

from __future__ import annotations

from handlers.contract.catalog import CATALOG
from handlers.contract.desk import Desk
from handlers.contract.drafts import LINE, find_draft, save_line
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply
from handlers.contract.request import Request
from handlers.deals.find_deal import EVERY, find_named_deals
from handlers.objections import look_up
from handlers.reading import find_closest_word

TYPO_FLOOR = 75
SHORTEST = 3  # a shorter word is near to too many
LONGEST = 24
SHORT = {"mv": "move", "nxt": "next", "adv": "advance", "n": "next", "rem": "remind"}
OF_DEALS = (
    *("move", "advance", "offer", "quote", "lost", "close", "park", "reopen"),
    *("note", "called", "remind", "edit", "deal"),
)


def offer_command(request: Request, desk: Desk) -> Reply | None:
    """ "mvoe acme" -> [move acme] and [Find the answer]; None when no command is near."""
    first, _, rest = request.text.strip().lstrip("/").partition(" ")
    if not SHORTEST <= len(first) <= LONGEST:
        return None
    meant = find_closest_word(first.casefold(), _list_words(desk), TYPO_FLOOR)
    if meant is None:
        return None
    line = f"{meant} {rest}".strip()
    draft = save_line(desk, meant, line, request.text)
    buttons = (
        Button(line, f"retype:{draft.id}"),
        Button(desk.words.line("contract.refusals.look_up"), f"pick-card:{draft.id}"),
    )
    return Reply(desk.words.say("plain_language.did_you_mean.did_you_mean"), buttons=(buttons,))


def is_nearly_of_deals(line: str) -> bool:
    """Whether a line begins with nearly a command about a deal: reopn acme."""
    first = line.strip().lstrip("/").partition(" ")[0].casefold()
    words = tuple((name, name) for name in OF_DEALS)
    return SHORTEST <= len(first) <= LONGEST and bool(find_closest_word(first, words, TYPO_FLOOR))


def run_shortened_command(request: Request, desk: Desk) -> Reply | None:
    """ "adv acme": the command a first word is short for, where the rest surely names a deal."""
    first, _, rest = request.text.strip().lstrip("/").partition(" ")
    name = SHORT.get(first.casefold()) or _complete_word(first.casefold())
    command = CATALOG.find_command(name) if name else None
    if command is None or not rest.strip() or not desk.may(command.role):
        return None
    if not find_named_deals(rest, desk, EVERY).match.sure or look_up.is_sure(request.text, desk):
        return None
    return command.handler(request.with_text(rest.strip()), desk)


def _complete_word(first: str) -> str | None:
    """The only command of deals that begins so."""
    if not (SHORTEST <= len(first) <= LONGEST and first.isascii()):
        return None
    begun = [name for name in OF_DEALS if name.startswith(first)]
    return begun[0] if len(begun) == 1 else None


def get_offered_line(request: Request, desk: Desk) -> str:
    """The line a person tapped instead of the one they had typed: `retype:<draft>`."""
    draft = find_draft(desk, LINE, request.number(0))
    if draft is None:
        raise NotFound
    return str(draft.data["rest"])


def _list_words(desk: Desk) -> list[tuple[str, str]]:
    return [
        (word, word)
        for command in CATALOG.commands()
        if desk.may(command.role)
        for word in command.words
        if len(word) >= SHORTEST and " " not in word
    ]
