"""Inline results: draws one choice of the list shown while somebody types in any chat."""

from __future__ import annotations

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.telegram.html import TEXT_UNITS, split
from bot.telegram.messages import EMPTY
from handlers.contract.reply import Choice, plain

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def draw_choice(choice: Choice) -> InlineQueryResultArticle:
    """The result: what the list shows, and the message that is sent when it is picked."""
    part = next(iter(split(choice.text, TEXT_UNITS)), EMPTY)
    return InlineQueryResultArticle(
        choice.id[:64],
        choice.title or plain(choice.text)[:60] or EMPTY.text,
        InputTextMessageContent(part.html, ParseMode.HTML, link_preview_options=_NO_PREVIEW),
        description=choice.detail or None,
    )
