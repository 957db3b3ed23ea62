"""Turns a reply into the messages that show it, within Telegram's limits. Sends nothing."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram.html import CAPTION_UNITS, Part, split
from handlers.contract.reply import Button, File, Reply, Text, lines, text_of

_LINKS = ("https://", "http://", "tg://")  # Telegram refuses any other in a button
_WIDEST_ROW = 8
EMPTY = Part("…", "…")


@dataclass(frozen=True)
class Sheet:
    """One message: its text, or a file with its caption; the last one carries the buttons."""

    part: Part | None
    file: File | None = None
    is_picture: bool = False
    keyboard: InlineKeyboardMarkup | None = None


def draw_sheets(reply: Reply) -> list[Sheet]:
    """The messages of a reply, in order; none for a reply that shows nothing."""
    files = [
        (file, file is reply.picture)
        for file in (reply.picture, reply.document)
        if file is not None
    ]
    text = _add_addresses(reply)
    parts = _split_text(text, CAPTION_UNITS) if files else []
    if len(parts) > 1 or not files:  # too long for a caption: below the file, as text
        parts = _split_text(text)
        drawn = [Sheet(_draw_caption(file), file, is_picture) for file, is_picture in files]
        drawn += [Sheet(part) for part in parts]
    else:
        first = parts[0] if parts else None
        drawn = [
            Sheet(first if at == 0 and first else _draw_caption(file), file, is_picture)
            for at, (file, is_picture) in enumerate(files)
        ]
    return _add_keyboard(drawn, draw_keyboard(reply.buttons))


def draw_keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """The buttons that Telegram can show; None when there are none."""
    drawn = [
        [_draw_button(button) for button in row[start : start + _WIDEST_ROW]]
        for row in ([button for button in row if _can_show(button)] for row in rows)
        for start in range(0, len(row), _WIDEST_ROW)
    ]
    return InlineKeyboardMarkup(drawn) if drawn else None


def _add_keyboard(drawn: list[Sheet], keyboard: InlineKeyboardMarkup | None) -> list[Sheet]:
    if keyboard is None:
        return drawn
    last = drawn[-1] if drawn else Sheet(EMPTY)
    return [*drawn[:-1], Sheet(last.part, last.file, last.is_picture, keyboard)]


def _add_addresses(reply: Reply) -> Text:
    """The reply's text, and below it the phone numbers that no button may dial."""
    unshown = [button for row in reply.buttons for button in row if not _can_show(button)]
    addresses = [_address(button) for button in unshown]
    return lines(reply.text, *addresses) if addresses else reply.text


def _address(button: Button) -> Text:
    shown = (button.url or "").partition(":")[2]
    if shown in button.label:
        return text_of(button.label)
    return text_of(button.label, ": ", shown)


def _can_show(button: Button) -> bool:
    return button.url is None or button.url.casefold().startswith(_LINKS)


def _draw_button(button: Button) -> InlineKeyboardButton:
    if button.url is not None:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.action)


def _split_text(text: Text, *units: int) -> list[Part]:
    return [part for part in split(text, *units) if not part.blank]


def _draw_caption(file: File) -> Part | None:
    return next(iter(_split_text(text_of(file.alt), CAPTION_UNITS)), None)
