"""Draws styled text as Slack's rich_text elements, in which nothing that people typed is active.

A customer called `<!channel>` or `*bold*` is only text there: unlike in mrkdwn, nothing has to be
escaped. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import regex  # type: ignore[import-untyped]  # ships no types

from handlers.contract.reply import Span, Text

Block = dict[str, Any]

PART_CHARACTERS = 2900  # one block; sections hold 3,000
URL_CHARACTERS = 3000
FALLBACK_CHARACTERS = 3000
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f<>|]{1,2000}", re.IGNORECASE)
_LIVE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CLUSTER = regex.compile(r"\X")


def escape(text: str) -> str:
    """Text for Slack's mrkdwn fields, so that it mentions nobody and links nowhere."""
    return text.translate(_LIVE)


def cut(text: str, most: int) -> str:
    """The text in at most so many characters, with … where it was longer."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def make_fallback(text: str) -> str:
    """The fallback of blocks, for notifications and screen readers."""
    return escape(cut(" ".join(text.split()), FALLBACK_CHARACTERS)) or "…"


def split_text(text: Text, most: int = PART_CHARACTERS) -> list[Text]:
    """The text in pieces of at most `most` characters, cut between lines where there are any."""
    pieces: list[Text] = []
    begun: list[Span] = []
    for line in _group_lines(text, most):
        if begun and _count_characters(begun) + _count_characters(line) > most:
            pieces.append(tuple(begun))
            begun = []
        begun.extend(line)
    pieces.append(tuple(begun))
    return [piece for piece in map(_trim_lines, pieces) if piece]


def draw_rich_text(text: Text, block_id: str = "") -> Block:
    """One block that shows the text, which must not be empty."""
    elements = [_draw_element(span) for span in text if span.text]
    block: Block = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }
    return block | ({"block_id": block_id} if block_id else {})


def draw_plain_text(text: str, most: int) -> Block:
    """A plain_text object; a colon-word in a name does not become a picture."""
    return {"type": "plain_text", "text": cut(text.strip() or "…", most), "emoji": False}


def is_link(url: str | None) -> bool:
    """Whether a link may lead there: to the web, a mailbox or a phone."""
    return url is not None and len(url) <= URL_CHARACTERS and bool(_LINK.fullmatch(url))


def _draw_element(span: Span) -> Block:
    if span.style == "link" and span.url is not None and is_link(span.url):
        return {"type": "link", "url": span.url, "text": span.text}
    element: Block = {"type": "text", "text": span.text}
    if span.style in ("bold", "italic", "code"):
        element["style"] = {span.style: True}
    return element


def _split_lines(text: Text, most: int) -> Iterator[Span]:
    for span in text:
        for line in span.text.splitlines(keepends=True):
            for piece in _split_long_line(line, most):
                yield Span(piece, span.style, span.url)


def _group_lines(text: Text, most: int) -> Iterator[list[Span]]:
    """The spans of one line after the other, as far as a line fits in one part."""
    row: list[Span] = []
    for span in _split_lines(text, most):
        if row and _count_characters(row) + len(span.text) > most:
            yield row
            row = []
        row.append(span)
        if span.text.endswith("\n"):
            yield row
            row = []
    if row:
        yield row


def _count_characters(spans: Sequence[Span]) -> int:
    return sum(len(span.text) for span in spans)


def _split_long_line(line: str, most: int) -> Iterator[str]:
    """A line too long for one part, cut between what a person sees as one character."""
    while len(line) > most:
        end = most
        for cluster in _CLUSTER.finditer(line, max(0, most - 64), most + 64):
            if cluster.end() > most:
                break
            end = cluster.end()
        yield line[:end]
        line = line[end:]
    if line:
        yield line


def _trim_lines(piece: Text) -> Text:
    """The piece without empty lines at its ends; nothing where it shows nothing."""
    spans = list(piece)
    while spans and not spans[0].text.strip("\n"):
        spans.pop(0)
    while spans and not spans[-1].text.rstrip():
        spans.pop()
    if spans:
        last = spans[-1]
        spans[-1] = Span(last.text.rstrip("\n"), last.style, last.url)
    return tuple(spans)
