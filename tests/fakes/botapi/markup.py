"""A strict parser of Telegram's HTML, refusing what Telegram refuses and in its words.

The rules are those of https://core.telegram.org/bots/api#html-style and of TDLib, the library
under Telegram's own Bot API server: offsets in errors are bytes, those of entities UTF-16 units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.fakes.botapi.entities import Entity, Formatted, in_order, linkable, utf16

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-f]{1,8})|#([0-9]{1,8})|(lt|gt|amp|quot));?", re.IGNORECASE)
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_SPACE = " \t\n\r\v\f\0"
_SURROGATES = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)


class MarkupError(Exception):
    """The text is not Telegram's HTML."""


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    start: int


def parse_html(text: str) -> Formatted:
    """Text and entities of Telegram HTML. Raises MarkupError."""
    return _Parser(text).parse()


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name, match.group())
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if 0xD800 <= code <= 0xDFFF:
        raise MarkupError(_SURROGATES)
    return chr(code) if 0 < code <= 0x10FFFF else match.group()


def _decoded(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def _check(tag: str, attributes: dict[str, str], where: int) -> None:
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
        raise MarkupError("Invalid custom emoji identifier specified")


def _entities(opened: _Open, length: int, inside: str) -> list[Entity]:
    kind = _TYPES[opened.tag]
    if kind == "text_link":
        url = linkable(opened.attributes.get("href") or inside)
        return [Entity(kind, opened.offset, length, url)] if url else []
    if "expandable" in opened.attributes:
        kind = "expandable_blockquote"
    language = opened.attributes.get("class", "").removeprefix("language-")
    named = language if opened.tag == "code" and language else None
    return [Entity(kind, opened.offset, length, language=named)]


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.plain: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            if self.source[self.at] != "<":
                self._text()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            tag = self.open[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return Formatted("".join(self.plain), in_order(self.entities))

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _text(self) -> None:
        end = self.source.find("<", self.at)
        end = len(self.source) if end < 0 else end
        piece = _decoded(self.source[self.at : end])
        self.plain.append(piece)
        self.units += utf16(piece)
        self.at = end

    def _skip(self, characters: str) -> None:
        while self._peek() and self._peek() in characters:
            self.at += 1

    def _until(self, characters: str) -> str:
        start = self.at
        while self._peek() and self._peek() not in characters:
            self.at += 1
        return self.source[start : self.at]

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(_SPACE + ">").lower()
        if not self._peek():
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TYPES:
            where = self._byte(begin)
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {where}')
        attributes = self._attributes(tag, begin)
        self.at += 1
        _check(tag, attributes, self._byte(begin))
        self.open.append(_Open(tag, attributes, self.units, len(self.plain)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        self._skip(_SPACE)
        while self._peek() != ">":
            name = self._until(_SPACE + "=>").lower()
            if not name:
                where = self._byte(begin)
                raise MarkupError(
                    f'Empty attribute name in the tag "{tag}" at byte offset {where}'
                    if self._peek()
                    else f'Unclosed start tag "{tag}" at byte offset {where}'
                )
            found[name] = self._attribute_value(tag, name, begin)
            self._skip(_SPACE)
        return found

    def _attribute_value(self, tag: str, name: str, begin: int) -> str:
        where = self._byte(begin)
        self._skip(_SPACE)
        if not self._peek():
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {where}')
        if self._peek() != "=":
            if (tag, name) == ("blockquote", "expandable"):
                return ""
            raise MarkupError(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
                f"at byte offset {where}"
            )
        self.at += 1
        self._skip(_SPACE)
        if not self._peek():
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {where}')
        return self._quoted_value(where) if self._peek() in "\"'" else self._name_token()

    def _quoted_value(self, where: int) -> str:
        mark = self._peek()
        end = self.source.find(mark, self.at + 1)
        if end < 0:
            raise MarkupError(f"Unclosed start tag at byte offset {where}")
        value = self.source[self.at + 1 : end]
        self.at = end + 1
        return _decoded(value)

    def _name_token(self) -> str:
        begin = self.at
        token = _NAME_TOKEN.match(self.source, begin)
        self.at = token.end() if token else begin
        if not self._peek() or self._peek() not in _SPACE + ">":
            where = self._byte(begin)
            raise MarkupError(f"Unexpected end of name token at byte offset {where}")
        return self.source[begin : self.at].lower()

    def _end_tag(self) -> None:
        begin = self.at
        where = self._byte(begin)
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {where}")
        self.at += 2
        tag = self._until(_SPACE + ">").lower()
        self._skip(_SPACE)
        if self._peek() != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {where}")
        self.at += 1
        expected = self.open[-1].tag
        if tag not in ("", expected):
            raise MarkupError(
                f"Unmatched end tag at byte offset {where}, "
                f'expected "</{expected}>", found "</{tag}>"'
            )
        self._close(self.open.pop())

    def _close(self, opened: _Open) -> None:
        length = self.units - opened.offset
        if length:
            inside = "".join(self.plain[opened.start :])
            self.entities.extend(_entities(opened, length, inside))
