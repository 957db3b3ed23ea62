"""What Slack makes of what a person types: escaped text, marked links, a rich_text block."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]  # ships no types

from tests.fakes.slackapi.errors import Json

_PIECES = regex.compile(
    r"(?P<user><@[UW][A-Z0-9]+>)"
    r"|(?P<web>https?://[^\s<>|]+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<site>\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|cn|de|dev|example)\b(?:/[^\s<>|]*)?)"
    r"|(?P<emoji>(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)"
    r"[\U0001F3FB-\U0001F3FF\uFE0F]*(?:\u200D\p{Extended_Pictographic}\uFE0F?)*)",
    regex.IGNORECASE,
)


@dataclass(frozen=True)
class Typed:
    """A person's message: `text` and `blocks` of the event."""

    text: str
    blocks: list[Json]


def typed(words: str) -> Typed:
    """What becomes of these words."""
    shown, pieces, end = "", [], 0
    for match in _PIECES.finditer(words):
        before = words[end : match.start()]
        shown += escaped(before) + _marked(match)
        pieces += [{"type": "text", "text": before}] if before else []
        pieces.append(_piece(match))
        end = match.end()
    rest = words[end:]
    pieces += [{"type": "text", "text": rest}] if rest else []
    section = {"type": "rich_text_section", "elements": pieces}
    return Typed(
        shown + escaped(rest), [{"type": "rich_text", "block_id": "typed", "elements": [section]}]
    )


def escaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return html.escape(text, quote=False)


def _marked(match: regex.Match[str]) -> str:
    said = str(match.group())
    if match["user"]:
        return said
    if match["emoji"]:
        return f":{_name(said)}:"
    return f"<{said}>" if match["web"] else f"<{_address(match)}|{said}>"


def _piece(match: regex.Match[str]) -> Json:
    said = match.group()
    if match["user"]:
        return {"type": "user", "user_id": said[2:-1]}
    if match["emoji"]:
        code = "-".join(f"{ord(one):x}" for one in said)
        return {"type": "emoji", "name": _name(said), "unicode": code}
    piece: Json = {"type": "link", "url": _address(match)}
    return piece if match["web"] else piece | {"text": said}


def _address(match: regex.Match[str]) -> str:
    said = str(match.group())
    return said if match["web"] else f"mailto:{said}" if match["mail"] else f"http://{said}"


def _name(emoji: str) -> str:
    return unicodedata.name(emoji[0], "emoji").lower().replace(" ", "_").replace("-", "_")
