"""Turns Slack's markup of a message back into what the person typed."""

from __future__ import annotations

import re

from bot.inbound.json_fields import Raw, string

TEXT_CHARACTERS = 40_000
_MARKED = re.compile(r"<([@#!]?)([^<>|]{1,3000})(?:\|([^<>]{0,1000}))?>")
_ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def strip_markup(text: str) -> str:
    """Links as they were typed, people and channels by name where Slack gives one."""
    plain = _MARKED.sub(_render_mark, text)
    for marked, typed in _ESCAPED:
        plain = plain.replace(marked, typed)
    return plain


def read_text(raw: Raw) -> str:
    """The text of a message, without markup."""
    return strip_markup(string(raw, "text", TEXT_CHARACTERS))


def remove_mention(text: str, user: str) -> str:
    """The text without a mention of our own user; `text` still has Slack's markup."""
    bare = re.sub(rf"<@{re.escape(user)}(?:\|[^<>]*)?>", " ", text) if user else text
    return " ".join(bare.split(" ")).strip()


def _render_mark(found: re.Match[str]) -> str:
    kind, what, shown = found[1], found[2], found[3]
    if kind == "!":
        return shown or f"@{what.partition('^')[0]}"
    if kind:
        return f"{kind}{shown or what}"
    return shown or what.removeprefix("mailto:").removeprefix("tel:")
