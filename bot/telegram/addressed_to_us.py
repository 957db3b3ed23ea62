"""Whether a message is addressed to the bot, and its text without the bot's name."""

from __future__ import annotations

import re
from functools import cache

from handlers.contract.catalog import CATALOG

# The word in our own links to the chat: Telegram requires one there, and it means nothing.
HELLO = "hello"
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w{1,64}))?(?=\s|$)")


def strip_bot_name(text: str, username: str) -> str:
    """`/lead@OurBot Acme` as `/lead Acme`."""
    command = _COMMAND.match(text)
    if command is None or (command[2] or "").casefold() != username.casefold():
        return text
    return f"/{command[1]}{text[command.end() :]}"


def read_private_text(text: str, username: str) -> str:
    """The text of a private message, without our name and the word of our own links."""
    plain = strip_bot_name(text, username)
    return "/start" if plain == f"/start {HELLO}" else plain


def read_group_text(text: str, username: str, *, is_reply: bool) -> str | None:
    """The text of a group message to us, without our name; None where it is not to us.

    It is to us by our commands, our name, or a reply to a message of ours. A command without a name
    may be another bot's: it is ours only if we have it.
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
