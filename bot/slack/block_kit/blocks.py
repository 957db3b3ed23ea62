"""Builds Block Kit: a reply's messages and a view's blocks, within every limit of Slack's.

What does not fit goes into another message, or is cut with a note that there is more; nothing
here fails for length. https://docs.slack.dev/reference/block-kit/blocks/
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.slack.block_kit.rich import (
    Block,
    cut,
    draw_plain_text,
    draw_rich_text,
    is_link,
    make_fallback,
    split_text,
)
from handlers.contract.reply import Button, File, Reply, Span, Text, lines, plain, text_of

BLOCKS = 45  # of the 50 of a message
VIEW_BLOCKS = 95  # of the 100 of a modal or the App Home
VIEW_BYTES = 245_000  # of the 250 kB of a view, the rest for what stands around its blocks
# Undocumented: https://github.com/slackapi/bolt-js/issues/2509. Counted here in JSON, so with
# all that stands around the words.
MESSAGE_CHARACTERS = 12_000
LABEL_CHARACTERS = 75
A_ROW = 5
SHARE = "share "  # before a button's action: its answer is for everybody to see
SHARED = "obj-copy:"  # the action that gives a card's line only where it may leave the team
ALT_CHARACTERS = 1000


@dataclass(frozen=True)
class Sheet:
    """One message: blocks with their fallback text, or a file to upload."""

    blocks: tuple[Block, ...] = ()
    text: str = ""
    file: File | None = None


def draw_sheets(reply: Reply, share: str = "") -> list[Sheet]:
    """The messages of a reply, in order; none for a reply that shows nothing.

    `share` is the label of the button that shows a card's safe line to everybody; there is none
    without it.
    """
    files = [file for file in (reply.picture, reply.document) if file is not None]
    drawn = [_draw_file(file, described=file is reply.document) for file in files]
    text = reply.text or text_of(reply.toast if not files and not reply.buttons else "")
    rows = draw_buttons(_add_share(reply.buttons, share))
    blocks = [draw_rich_text(part) for part in split_text(add_links(text, reply.buttons))]
    if rows and not blocks:
        blocks = [draw_rich_text(text_of("…"))] if not files else []
    return drawn + _split_into_pages([*blocks, *rows], plain(text))


def _draw_file(file: File, *, described: bool) -> Sheet:
    """A file to upload; with `described`, its description above it unless that is its name."""
    words = (
        draw_rich_text(text_of(cut(file.alt, ALT_CHARACTERS))) if described and file.alt else None
    )
    shown = words is not None and file.alt != file.name
    return Sheet((words,) if words is not None and shown else (), make_fallback(file.alt), file)


def draw_buttons(rows: Sequence[Sequence[Button]], first: int = 0) -> list[Block]:
    """The buttons as actions blocks: as many side by side as fit; single buttons stay in a list.

    Their ids are numbered from `first`, because an id may exist once in a view.
    """
    merged: list[list[Button]] = []
    for row in rows:
        shown = [button for button in row if can_show(button)]
        joins = merged and len(shown) > 1 and len(merged[-1]) > 1
        if joins and len(merged[-1]) + len(shown) <= A_ROW:
            merged[-1].extend(shown)
        elif shown:
            merged.extend(shown[at : at + A_ROW] for at in range(0, len(shown), A_ROW))
    numbered: list[Block] = []
    count = first
    for row in merged:
        numbered.append(
            {"type": "actions", "elements": [_draw_button(b, count + n) for n, b in enumerate(row)]}
        )
        count += len(row)
    return numbered


def can_show(button: Button) -> bool:
    """Whether Slack takes it as a button: a button's link must lead to the web."""
    return button.url is None or (is_link(button.url) and button.url.casefold().startswith("http"))


def add_links(text: Text, rows: Sequence[Sequence[Button]]) -> Text:
    """The text, and below it links for the buttons that Slack can't show, such as phone numbers."""
    unshown = [button for row in rows for button in row if not can_show(button)]
    return lines(text, *(_draw_link(button) for button in unshown)) if unshown else text


def trim(blocks: Sequence[Block], left_out: str) -> list[Block]:
    """As many blocks as a view holds; then `left_out`, which says that there is more."""
    left = VIEW_BYTES
    for number, block in enumerate(blocks):
        left -= measure_bytes(block)
        if left < 0 or number >= VIEW_BLOCKS:
            return [*blocks[:number], draw_rich_text(text_of(left_out))]
    return list(blocks)


def measure_bytes(block: Block) -> int:
    """How much of a view's bytes a block takes: in JSON, its letters escaped to ASCII."""
    return len(json.dumps(block)) + len(", ")


def measure(block: Block) -> int:
    """How many of a message's characters a block takes."""
    return len(json.dumps(block, ensure_ascii=False, separators=(",", ":")))


def _draw_link(button: Button) -> Text:
    shown = cut((button.url or "").partition(":")[2], 200)
    label = button.label if shown in button.label else f"{button.label}: {shown}"
    return text_of(Span(label, "link", button.url) if is_link(button.url) else label)


def _draw_button(button: Button, number: int) -> Block:
    drawn: Block = {
        "type": "button",
        "action_id": f"b{number}",
        "text": draw_plain_text(button.label, LABEL_CHARACTERS),
    }
    return drawn | ({"url": button.url} if button.url else {"value": button.action})


def _add_share(
    rows: tuple[tuple[Button, ...], ...], label: str
) -> tuple[tuple[Button | _Share, ...], ...]:
    if not label:
        return rows
    copies = [b for row in rows for b in row if b.action.startswith(SHARED)]
    return (*rows, *((_Share(label, SHARE + copy.action),) for copy in copies[:1]))


@dataclass(frozen=True)
class _Share(Button):
    """A button whose answer everybody sees; its action is longer than a neutral one's."""

    def __post_init__(self) -> None:
        """Nothing to check: Slack carries 2,000 characters."""


def _split_into_pages(blocks: list[Block], text: str) -> list[Sheet]:
    """The blocks in as many messages as they need; the last carries the buttons."""
    pages: list[list[Block]] = []
    room = 0
    for block in blocks:
        needs = measure(block)
        if not pages or needs > room or len(pages[-1]) >= BLOCKS:
            pages.append([])
            room = MESSAGE_CHARACTERS
        pages[-1].append(block)
        room -= needs
    shown = [Sheet(tuple(page), make_fallback(text)) for page in pages]
    return [shown[0], *(replace(sheet, text="…") for sheet in shown[1:])] if shown else []
