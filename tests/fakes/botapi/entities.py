"""Text as a person sees it, with its entities: what Telegram makes of markup or of `entities`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tests.fakes.botapi.errors import Json, bad

# Where two entities cover the same text, TDLib's order of them (MessageEntity.cpp).
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_FOUND_BY_TELEGRAM = frozenset(
    ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number")
)
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>])/\w{1,64}(?:@\w{3,32})?(?![\w/<>])", re.ASCII)),
    ("mention", re.compile(r"(?<!\w)@\w{3,32}(?!\w)", re.ASCII)),
    ("url", re.compile(r"https?://[^\s]{1,2000}")),
)


@dataclass(frozen=True)
class Entity:
    """A stretch of text in one style: offset and length in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    @property
    def end(self) -> int:
        """The first unit after it."""
        return self.offset + self.length

    def json(self) -> Json:
        """The entity as a MessageEntity."""
        body: Json = {"type": self.type, "offset": self.offset, "length": self.length}
        if self.url is not None:
            body["url"] = self.url
        if self.language is not None:
            body["language"] = self.language
        return body


@dataclass(frozen=True)
class Formatted:
    """Text as a person sees it, and its entities in Telegram's order."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def in_order(entities: list[Entity]) -> tuple[Entity, ...]:
    """Outermost first; a code block inside a pre block becomes the pre block's language."""
    blocks = {(e.offset, e.length) for e in entities if e.type == "pre"}
    named = {(e.offset, e.length): e.language for e in entities if e.type == "code" and e.language}
    kept = []
    for entity in entities:
        span = (entity.offset, entity.length)
        if entity.type == "pre":
            kept.append(replace(entity, language=entity.language or named.get(span)))
        elif entity.type != "code":
            kept.append(entity)
        elif not (span in blocks and span in named):
            kept.append(replace(entity, language=None))
    return tuple(sorted(kept, key=lambda e: (e.offset, -e.length, _PRIORITY.get(e.type, 50))))


def linkable(url: str) -> str | None:
    """The address as Telegram stores it, or None where it makes no link of it."""
    if url.lower().startswith("tg://"):
        return url
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or any(c.isspace() for c in url):
        return None
    host = parts.hostname or ""
    if "@" in parts.netloc or ("." not in host.strip(".") and host != "localhost"):
        return None
    return parts._replace(path=parts.path or "/").geturl()


def given(text: str, listed: list[Json]) -> Formatted:
    """Plain text with the `entities` a caller listed. Raises ApiError for impossible ones."""
    length = utf16(text)
    entities = [_checked(item, length) for item in listed]
    return Formatted(text, in_order(entities))


def _checked(item: Json, text_length: int) -> Entity:
    kind, offset, length = item.get("type"), int(item["offset"]), int(item["length"])
    if kind not in _PRIORITY.keys() | _FOUND_BY_TELEGRAM:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    if offset < 0:
        raise bad(f"receive an entity with incorrect offset {offset}")
    if offset > text_length:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset + length > text_length:
        raise bad(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
            f"at UTF-16 offset {offset + length}"
        )
    if kind == "text_link" and linkable(str(item.get("url", ""))) is None:
        raise bad(f"entity URL '{item.get('url', '')}' is invalid: Wrong HTTP URL")
    return Entity(str(kind), offset, length, item.get("url"), item.get("language"))


def found_in(text: str) -> Formatted:
    """Text as a person types it, with the entities that Telegram finds by itself."""
    entities = [
        Entity(kind, utf16(text[: match.start()]), utf16(match.group()))
        for kind, pattern in _FOUND
        for match in pattern.finditer(text)
    ]
    return Formatted(text, tuple(sorted(entities, key=lambda entity: entity.offset)))
