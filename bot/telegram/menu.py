"""Tells Telegram the bot's commands, in English and in Chinese, from the catalogue."""

from __future__ import annotations

import re

import structlog
from telegram import BotCommand
from telegram.error import TelegramError

from bot.telegram.api import Api
from handlers.catalog import CATALOG
from handlers.words import Language, Words

SHOWN = 100  # https://core.telegram.org/bots/api#setmycommands
DESCRIPTION_CHARACTERS = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
log = structlog.get_logger()


async def set_menu(api: Api) -> None:
    """Sets the menu, English for everybody whose own language we don't speak."""
    try:
        await api.set_my_commands(menu("en"))
        await api.set_my_commands(menu("zh"), language_code="zh")
    except TelegramError as error:  # the bot works without; the next start sets it
        log.warning("the menu of commands could not be set", reason=str(error))


def menu(language: Language) -> list[BotCommand]:
    """The commands Telegram can show, those for everybody first."""
    words = Words(language)
    named = [each for each in CATALOG.commands() if _NAME.fullmatch(each.name)]
    named.sort(key=lambda each: each.role != "rep")
    return [
        BotCommand(each.name, words.line(each.help_key)[:DESCRIPTION_CHARACTERS])
        for each in named[:SHOWN]
    ]
