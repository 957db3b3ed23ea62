"""Draws the App Home: its sections one below the other, within a view's limits."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.block_kit.blocks import actions, trimmed, with_links
from bot.slack.block_kit.rich import Block, parts, rich_text
from handlers.contract.reply import Reply
from handlers.contract.words import Words


def view_of(sections: Sequence[Reply], words: Words) -> Block:
    """The Home of these sections; what does not fit is said to be left out."""
    blocks: list[Block] = []
    pressed = 0
    for section in sections:
        if blocks:
            blocks.append({"type": "divider"})
        text = with_links(section.text, section.buttons)
        blocks += [rich_text(piece) for piece in parts(text)]
        drawn = actions(section.buttons, pressed)
        pressed += sum(len(row["elements"]) for row in drawn)
        blocks += drawn
    return {"type": "home", "blocks": trimmed(blocks, words.line("platforms.slack.more_in_chat"))}
