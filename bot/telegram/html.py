"""Draws styled text as Telegram HTML, cut into parts that Telegram accepts.

Lengths are counted as Telegram counts them: text in UTF-16 code units once the markup is parsed,
markup in UTF-8 bytes. Nothing here talks to Telegram.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from html import escape as _escape
from typing import NamedTuple, Protocol

import regex  # type: ignore[import-untyped]  # ships no types

TEXT_UNITS = 4096  # a message, https://core.telegram.org/bots/api#sendmessage
CAPTION_UNITS = 1024  # under a picture or document
ENTITIES = 100  # styled stretches in one message; Telegram drops the rest
RAW_BYTES = 32_768  # text with its markup, before parsing

_TAGS = {"bold": ("<b>", "</b>"), "italic": ("<i>", "</i>"), "code": ("<code>", "</code>")}
_LINK = re.compile(r"(?:https?|tg)://[^\s\x00-\x1f]{1,2040}", re.IGNORECASE)
_CLUSTER = regex.compile(r"\X")
# What Telegram takes for nothing besides white space: fillers and zero-width characters.
_INVISIBLE = frozenset("\u180e\u2800\ufffc\u200b\u200c\u200d\u200e\u200f\u202e\ufeff")


class SpanLike(Protocol):
    """A run of text in one style: plain, bold, italic, code or link (with `url`)."""

    @property
    def text(self) -> str:
        """What a person sees; user text as it was typed."""

    @property
    def style(self) -> str:
        """One of the five styles."""

    @property
    def url(self) -> str | None:
        """Where a link leads."""


class Part(NamedTuple):
    """One message: its HTML and the text that a person sees of it."""

    html: str
    text: str

    @property
    def blank(self) -> bool:
        """True when nothing is visible. Telegram refuses such a message: leave it out."""
        return is_blank(self.text)


class _Run(NamedTuple):
    start: int
    end: int
    style: str
    url: str | None

    @property
    def styled(self) -> bool:
        return self.style != "plain"


def count_utf16_units(text: str) -> int:
    """Length in UTF-16 code units, the unit of Telegram's text limits and entity offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """Text as it may stand between tags: `&`, `<` and `>` replaced."""
    return _escape(text, quote=False)


def is_blank(text: str) -> bool:
    """True for white space and invisible characters only, which Telegram counts as empty."""
    return all(character.isspace() or character in _INVISIBLE for character in text)


def split(spans: Iterable[SpanLike], units: int = TEXT_UNITS) -> list[Part]:
    """The text in parts of at most `units` UTF-16 units (no more than TEXT_UNITS).

    Cuts after a line break if there is one, else after a space, else between two grapheme
    clusters; a single cluster longer than a part is cut between code points. The parts' texts
    joined are the spans' texts joined, except that a lone surrogate, which no encoding can
    carry, becomes U+FFFD. Empty text gives no parts.
    """
    text, runs = _flatten(spans)
    parts = []
    position = 0
    while position < len(text):
        end = _find_cut(text, position, _find_furthest_end(text, runs, position, units))
        parts.append(Part(_draw(text, runs, position, end), text[position:end]))
        position = end
    return parts


def _flatten(spans: Iterable[SpanLike]) -> tuple[str, list[_Run]]:
    runs: list[_Run] = []
    pieces: list[str] = []
    length = 0
    for span in spans:
        piece = _make_encodable(span.text)
        if not piece:
            continue
        style, url = _find_style(span)
        run = _Run(length, length + len(piece), style, url)
        if runs and (runs[-1].style, runs[-1].url) == (style, url):
            run = run._replace(start=runs.pop().start)
        runs.append(run)
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), runs


def _make_encodable(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _find_style(span: SpanLike) -> tuple[str, str | None]:
    """Style and address as they will be drawn; what Telegram would not link is plain text."""
    if span.style == "link":
        url = _make_encodable(span.url or "")
        return ("link", url) if _LINK.fullmatch(url) else ("plain", None)
    return (span.style, None) if span.style in _TAGS else ("plain", None)


def _find_furthest_end(text: str, runs: Sequence[_Run], start: int, units: int) -> int:
    """The furthest end for a part beginning at `start` that breaks no limit."""
    window = text[start : start + units].encode("utf-16-le")[: 2 * units]
    # "ignore" drops the half of a surrogate pair that the slice may have left at the end.
    end = start + max(1, len(window.decode("utf-16-le", "ignore")))
    entities = size = 0
    for run in _find_overlapping(runs, start, end):
        entities += run.styled
        size += len(_tag(_cut_piece(text, run, start, end), run).encode())
        # A run alone always fits: 5 bytes a unit, and a bounded address.
        if (entities > ENTITIES or size > RAW_BYTES) and run.start > start:
            return run.start
    return end


def _find_cut(text: str, start: int, end: int) -> int:
    """The best place to cut in (start, end]: a line's end, a space, a cluster's end."""
    if end == len(text):
        return end
    line = text.rfind("\n", start, end) + 1
    if line and not is_blank(text[start:line]):
        return line
    # One character beyond the end shows whether it still belongs to the last cluster.
    clusters = _CLUSTER.finditer(text, start, end + 1)
    borders: list[int] = [stop for cluster in clusters if (stop := cluster.end()) <= end]
    for border in reversed(borders):
        if text[border - 1].isspace() and not is_blank(text[start:border]):
            return border
    return borders[-1] if borders else end


def _find_overlapping(runs: Sequence[_Run], start: int, end: int) -> list[_Run]:
    overlapping = []
    for index in range(bisect_right(runs, start, key=lambda run: run.end), len(runs)):
        if runs[index].start >= end:
            break
        overlapping.append(runs[index])
    return overlapping


def _draw(text: str, runs: Sequence[_Run], start: int, end: int) -> str:
    overlapping = _find_overlapping(runs, start, end)
    return "".join(_tag(_cut_piece(text, run, start, end), run) for run in overlapping)


def _cut_piece(text: str, run: _Run, start: int, end: int) -> str:
    return text[max(start, run.start) : min(end, run.end)]


def _tag(text: str, run: _Run) -> str:
    if run.url is not None:
        return "".join(('<a href="', _escape(run.url), '">', escape(text), "</a>"))
    opening, closing = _TAGS.get(run.style, ("", ""))
    return "".join((opening, escape(text), closing))
