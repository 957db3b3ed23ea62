"""Turns a long answer into pages of one message, leafed through with buttons.

The whole answer stays in the inbox row that asked for it; a page is cut from it when wanted.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Span, Text, from_json
from handlers.contract.request import Request
from handlers.contract.words import Words

PAGE = 2500  # characters: about two screens of a phone, and safely within every platform's limit


def render_first_page(reply: Reply, row_id: int, words: Words) -> Reply:
    """The reply itself when it is short, else its first page."""
    return render_page(reply, row_id, 0, words)


def render_page(reply: Reply, row_id: int, number: int, words: Words) -> Reply:
    """Page `number` of a reply; pages before and after it are a tap away."""
    pages = _cut_into_pages(reply.text)
    if len(pages) <= 1:
        return reply
    number = max(0, min(number, len(pages) - 1))
    turn = [(number - 1, "contract.common.back"), (number + 1, "contract.common.more")]
    row = tuple(
        Button(words.line(key), f"page:{row_id}:{to}") for to, key in turn if 0 <= to < len(pages)
    )
    return replace(reply, text=pages[number], buttons=(*reply.buttons, row))


@action("page")
def turn_page(request: Request, desk: Desk) -> Reply:
    """Shows another page of an answer the same member got."""
    row = desk.memory.inbox.get(request.number(0))
    if row is None or row.reply is None:
        raise NotFound
    if (row.team_id, row.member_id) != (desk.team.id, desk.member.id):
        raise NotFound
    return render_page(from_json(row.reply), row.id, request.number(1), desk.words).in_place()


def _cut_into_pages(text: Text) -> list[Text]:
    """The text in pages, cut between lines; a line longer than a page is cut inside."""
    pages: list[Text] = []
    begun: list[Span] = []
    size = 0
    for span in _split_spans(text):
        if size + len(span.text) > PAGE and begun:
            pages.append(tuple(begun))
            begun, size = [], 0
        begun.append(span)
        size += len(span.text)
    return [*pages, tuple(begun)] if begun else pages


def _split_spans(text: Text) -> list[Span]:
    return [
        replace(span, text=line[start : start + PAGE])
        for span in text
        for line in span.text.splitlines(keepends=True)
        for start in range(0, len(line), PAGE)
    ]
