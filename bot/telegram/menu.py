"""The menu of commands: set in Telegram from the catalogue, in English and in Chinese."""

from __future__ import annotations

import re

import structlog
from telegram import BotCommand

from bot.telegram.api import Api
from bot.telegram.errors import summarize
from handlers.contract.catalog import CATALOG
from handlers.contract.words import Language, Words
from handlers.team.help import sort_commands

MAX_COMMANDS = 100  # https://core.telegram.org/bots/api#setmycommands
DESCRIPTION_CHARACTERS = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
log = structlog.get_logger()


async def set_menu(api: Api) -> None:
    """Sets the menu, English for everybody whose own language we don't speak."""
    try:
        await api.set_my_commands(list_commands("en"))
        await api.set_my_commands(list_commands("zh"), language_code="zh")
    except Exception as error:  # noqa: BLE001 - the bot works without; the next start sets it
        log.warning("the menu of commands could not be set", reason=summarize(error))


def list_commands(language: Language) -> list[BotCommand]:
    """The commands Telegram can show: the few of every day, the others, then what takes a role."""
    words = Words(language)
    commands = [each for each in CATALOG.commands() if _NAME.fullmatch(each.name)]
    return [
        BotCommand(each.name, words.line(each.help_key)[:DESCRIPTION_CHARACTERS])
        for each in sort_commands(commands)[:MAX_COMMANDS]
    ]
