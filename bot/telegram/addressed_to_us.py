"""Whether a message is addressed to the bot, and its text without the bot's name."""

from __future__ import annotations

import re
from functools import cache

from handlers.contract.catalog import CATALOG

# What our own links say when they open the chat: Telegram wants a word there, a person means none.
HELLO = "hello"
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w{1,64}))?(?=\s|$)")


def strip_bot_name(text: str, username: str) -> str:
    """`/lead@OurBot Acme` as `/lead Acme`."""
    command = _COMMAND.match(text)
    if command is None or (command[2] or "").casefold() != username.casefold():
        return text
    return f"/{command[1]}{text[command.end() :]}"


def read_private_text(text: str, username: str) -> str:
    """A private message without our name, and without the word of our own links."""
    plain = strip_bot_name(text, username)
    return "/start" if plain == f"/start {HELLO}" else plain


def read_group_text(text: str, username: str, *, is_reply: bool) -> str | None:
    """What is said to us in a group, without our name; None when we are not meant.

    We are by our commands, by our name, and by a reply to a message of ours. A command without a
    name may be another bot's: then it is ours only if we have it.
    """
    command = _COMMAND.match(text)
    if command is not None and command[2]:
        stripped = strip_bot_name(text, username)
        return stripped if stripped != text else None
    if command is not None and (
        CATALOG.find_command(command[1]) or CATALOG.find_lobby_handler(command[1])
    ):
        return text
    rest, mentions = _match_mention(username).subn(" ", text)
    if mentions:
        return " ".join(rest.split()) or "/help"
    return text if is_reply else None


@cache
def _match_mention(username: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)@{re.escape(username)}\b", re.IGNORECASE)
