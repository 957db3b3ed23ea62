"""Puts a process together: the one place that names concrete platforms."""

from __future__ import annotations

import asyncio
import getpass
import hashlib
import itertools
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from bot.advisor import Advisor
from bot.app import App, fresh_secret
from bot.clock import SetClock, ShiftedClock, SystemClock
from bot.config import Settings
from bot.delivery import Delivery
from bot.encoders import load_encoder
from bot.moment import local_zone, read_moment
from bot.terminal.adapter import Terminal
from bot.terminal.people import Person, become, first_rep, found_alone, is_empty
from bot.terminal.sample import fill
from bot.terminal.screen import Screen
from bot.terminal.talk import talk
from handlers.words import Language
from storage.engine import Database
from storage.migrate import upgrade


@dataclass(frozen=True)
class TerminalOptions:
    """What the terminal is started with; `now` is ISO 8601, empty for the machine's own time."""

    database_url: str
    name: str = ""
    language: Language = "en"
    now: str = ""
    sample: bool = False
    files: Path = Path("repmate-files")
    semantic_model: str = ""
    semantic_prefix: str = ""


async def run_terminal(options: TerminalOptions, lines: TextIO, out: TextIO) -> None:
    """Serves the terminal until its input ends or `:quit`."""
    moment = read_moment(options.now) if options.now else None
    clock: SetClock | ShiftedClock = SetClock(moment.at) if moment else ShiftedClock()
    database = open_database(options.database_url)
    make_secret = _repeatable(options.now, database) if moment else fresh_secret
    # A run that must repeat has no model: whether that has read all cards yet is a matter of time.
    model = "" if moment else options.semantic_model
    app = App(database, clock, make_secret, open_advisor(model, options.semantic_prefix))
    try:
        zone = moment.zone if moment else local_zone()
        person = await _settle(app, options, clock.now(), zone)
        screen = Screen(out, options.files, rich=out.isatty())
        terminal = Terminal(app, clock, screen, person, secrets.token_hex(8))
        live = lines.isatty() and moment is None
        await talk(terminal, lines, live=live, newcomer=options.sample)
    finally:
        app.close()


async def serve_telegram(settings: Settings) -> None:
    """Serves Telegram until the process is told to stop."""
    if settings.telegram_token is None:
        raise ValueError("TELEGRAM_TOKEN is not set")
    from bot.telegram.adapter import TelegramAdapter  # noqa: PLC0415 0.3 s the terminal saves
    from bot.ticks import ticking  # noqa: PLC0415 as above

    advisor = open_advisor(settings.semantic_model, settings.semantic_prefix)
    app = App(open_database(settings.database_url), SystemClock(), advisor=advisor)
    adapter = TelegramAdapter(
        app,
        settings.telegram_token.get_secret_value(),
        base_url=settings.telegram_base_url,
        base_file_url=settings.telegram_base_file_url,
        messages_a_second=settings.telegram_messages_a_second,
    )
    told = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    try:
        await adapter.start()
        async with ticking(Delivery(app, {adapter.platform: adapter})):
            await told.wait()
    finally:
        await adapter.stop()
        app.close()


def open_advisor(model: str, prefix: str = "") -> Advisor | None:
    """Who is asked for second opinions; nobody without a model. Loading it holds nothing up."""
    return Advisor(partial(load_encoder, model, prefix)) if model else None


def open_database(url: str) -> Database:
    """The database of this URL, brought to the newest schema."""
    database = Database(url)
    upgrade(database)
    return database


async def _settle(app: App, options: TerminalOptions, now: datetime, zone: str) -> Person:
    """Fills an empty database, and says who sits at the terminal."""
    name, database = options.name, app.database
    if await app.off_loop(lambda: is_empty(database)):
        if options.sample:
            await fill(database, options.language, zone, now)
        else:
            name = name or getpass.getuser()
            await app.off_loop(lambda: found_alone(database, name, options.language, zone, now))
    name = name or await app.off_loop(lambda: first_rep(database))
    return await app.off_loop(lambda: become(database, name, options.language, now))


def _repeatable(now: str, database: Database) -> Callable[[], str]:
    """Secrets that are the same in every run with this `--now` on the same database.

    A later session on the file it left behind makes others: a secret can exist once.
    """
    with database.work() as memory:
        seed = f"{now}/{memory.inbox.newest()}"
    count = itertools.count(1)
    return lambda: hashlib.sha256(f"{seed}/{next(count)}".encode()).hexdigest()[:32]
