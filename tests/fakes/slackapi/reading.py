"""What a person reads in blocks and mrkdwn, and which parts of it are live: mentions and links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.slackapi.errors import Json

_CONTROL = re.compile(r"<([@#!]|https?:|mailto:|tel:)([^<>\n|]*)(?:\|([^<>\n]*))?>")
_STYLES = [
    re.compile(
        rf"(?<![\w{mark}]){mark}(?=[^\s{mark}])([^{mark}\n]*?[^\s{mark}]|[^\s{mark}]){mark}(?![\w{mark}])"
    )
    for mark in (r"\*", "_", "~", "`")
]
_KINDS = {"@": "user", "#": "channel", "!": "broadcast"}
_MENTIONS = {"user": "user_id", "usergroup": "usergroup_id", "channel": "channel_id"}


@dataclass(frozen=True)
class Live:
    """A part of what the bot sent that Slack makes something of.

    `kind`: broadcast, user, usergroup, channel or link; `target`: whom or what it names.
    """

    kind: str
    target: str
    shown: str = ""


def live_in_mrkdwn(text: str) -> list[Live]:
    """What Slack makes of `<...>` in a mrkdwn text."""
    return [_live(*match.groups()) for match in _CONTROL.finditer(text)]


def live_in(value: Any) -> Iterator[Live]:
    """What is live in blocks, a view or any part of them."""
    if isinstance(value, list):
        for one in value:
            yield from live_in(one)
    elif isinstance(value, dict):
        yield from _live_in_object(value)


def read_mrkdwn(text: str) -> str:
    """A mrkdwn text as it is shown, without its marks."""
    shown = _CONTROL.sub(lambda match: _live(*match.groups()).shown, text)
    for style in _STYLES:
        shown = style.sub(r"\1", shown)
    return html.unescape(shown)


def read_blocks(blocks: list[Json]) -> str:
    """What the blocks say, line by line; buttons and menus say nothing here."""
    return "\n".join(filter(None, map(read_block, blocks)))


def read_block(block: Json) -> str:
    """What one block says."""
    kind = block["type"]
    if kind == "section":
        parts = [block["text"]] if "text" in block else []
        return "\n".join(map(read_text, [*parts, *block.get("fields", [])]))
    if kind == "rich_text":
        return "\n".join(map(_read_rich, block["elements"]))
    if kind == "context":
        return " ".join(map(read_text, block["elements"]))
    if kind == "image":
        return "\n".join(filter(None, [read_text(block.get("title", {})), block["alt_text"]]))
    if kind == "input":
        return read_text(block["label"])
    return read_text(block) if kind == "markdown" else read_text(block.get("text", {}))


def read_text(piece: Json) -> str:
    """A text object, or an image's words."""
    if piece.get("type") == "image":
        return str(piece["alt_text"])
    text = str(piece.get("text", ""))
    return read_mrkdwn(text) if piece.get("type") == "mrkdwn" else text


def _read_rich(part: Json) -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(f"• {_read_rich(item)}" for item in part["elements"])
    return "".join(map(_read_piece, part["elements"]))


def _read_piece(piece: Json) -> str:
    kind = piece["type"]
    if kind in ("text", "link"):
        return str(piece.get("text") or piece.get("url", ""))
    if kind == "emoji":
        code = piece.get("unicode")
        return "".join(chr(int(one, 16)) for one in code.split("-")) if code else piece["name"]
    if kind == "date":
        return str(piece.get("fallback", ""))
    return f"@{piece.get(_MENTIONS.get(kind, 'range'), '')}"


def _live(sign: str, target: str, label: str | None) -> Live:
    if sign not in _KINDS:
        return Live("link", sign + target, label or sign + target)
    if sign == "!" and target.startswith("subteam^"):
        return Live("usergroup", target[8:], label or target)
    return Live(_KINDS[sign], target, label or sign + target)


def _live_in_object(value: Json) -> Iterator[Live]:
    kind = value.get("type")
    if kind in ("mrkdwn", "markdown"):
        yield from live_in_mrkdwn(str(value.get("text", "")))
    elif kind == "broadcast":
        yield Live("broadcast", str(value["range"]))
    elif kind in _MENTIONS and _MENTIONS[str(kind)] in value:
        yield Live(str(kind), str(value[_MENTIONS[str(kind)]]))
    elif kind == "link" and "url" in value:
        yield Live("link", str(value["url"]), str(value.get("text", "")))
    for one in value.values():
        yield from live_in(one)
