"""Draws the App Home: its sections one below the other, within a view's limits."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.block_kit.blocks import add_links, draw_buttons, trim
from bot.slack.block_kit.rich import Block, draw_rich_text, split_text
from handlers.contract.reply import Reply
from handlers.contract.words import Words


def draw_home(sections: Sequence[Reply], words: Words) -> Block:
    """The Home with these sections; a last line says so where something does not fit."""
    blocks: list[Block] = []
    button_count = 0
    for section in sections:
        if blocks:
            blocks.append({"type": "divider"})
        text = add_links(section.text, section.buttons)
        blocks += [draw_rich_text(piece) for piece in split_text(text)]
        rows = draw_buttons(section.buttons, button_count)
        button_count += sum(len(row["elements"]) for row in rows)
        blocks += rows
    return {"type": "home", "blocks": trim(blocks, words.line("platforms.slack.more_in_chat"))}
