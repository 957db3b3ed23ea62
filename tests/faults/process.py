"""A bot's process that a test can start in a moment and kill without warning.

A fork server imports everything once; each bot is then a process of its own, as it would be on a
server, running the very entry point that `python -m bot run` does.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from pydantic import SecretStr

from bot.bootstrap import serve_telegram
from bot.config import Settings
from bot.logs import set_up_logs
from tests.fakes.botapi import BotApi

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "bot.telegram.adapter", "bot.ticks"])


def started(api: BotApi, path: Path) -> ForkServerProcess:
    """A process that serves the bot of this fake on this database file."""
    places = (f"sqlite:///{path}", api.token, api.base_url, api.base_file_url)
    process = CONTEXT.Process(target=_serve, args=places, daemon=True)
    process.start()
    return process


def _serve(database_url: str, token: str, base_url: str, base_file_url: str) -> None:
    settings = Settings(
        database_url=database_url,
        telegram_token=SecretStr(token),
        telegram_base_url=base_url,
        telegram_base_file_url=base_file_url,
        telegram_messages_a_second=0,
        log_level="CRITICAL",
    )
    set_up_logs(settings)
    logging.captureWarnings(True)
    asyncio.run(serve_telegram(settings))
