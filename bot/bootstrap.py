"""Puts a process together: the one place that names concrete platforms."""

from __future__ import annotations

import asyncio
import getpass
import hashlib
import itertools
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from pydantic import SecretStr

from bot.app import App, generate_secret
from bot.clock import SetClock, ShiftedClock, SystemClock
from bot.config import Settings
from bot.delivery.loop import SERVING, Delivery
from bot.now_option import find_local_zone, read_moment
from bot.port import Adapter
from bot.semantic.advisor import Advisor
from bot.semantic.encoders import load_encoder
from bot.slack.setup import SlackSetup
from bot.terminal.adapter import Terminal
from bot.terminal.people import Person, become, create_team_of_one, find_first_rep_name, has_no_team
from bot.terminal.sample import fill_with_sample
from bot.terminal.screen import Screen
from bot.terminal.talk import talk
from handlers.contract.words import Language
from storage.engine import CorruptDatabase, Database
from storage.migrate import check_integrity, upgrade
from storage.serving_lock import serve_alone


@dataclass(frozen=True)
class TerminalOptions:
    """The options of the terminal; `now` is ISO 8601, empty for the machine's own time."""

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
    make_secret = _make_repeatable_secrets(options.now, database) if moment else generate_secret
    # A repeatable run has no model: when the model has read all cards depends on timing.
    model = "" if moment else options.semantic_model
    app = App(database, clock, make_secret, open_advisor(model, options.semantic_prefix))
    try:
        zone = moment.zone if moment else find_local_zone()
        person = await _choose_person(app, options, clock.now(), zone)
        screen = Screen(out, options.files, rich=out.isatty())
        terminal = Terminal(app, clock, screen, person, secrets.token_hex(8))
        live = lines.isatty() and moment is None
        await talk(terminal, lines, live=live, newcomer=options.sample)
    finally:
        app.close()


class _Ending:
    """Why and when the process ends: `stop` is set, with the exit status or the damage found."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.status = 0
        self.damage: CorruptDatabase | None = None

    def ask_for_restart(self) -> None:
        self.status = 1
        self.stop.set()

    def end_for_damage(self, error: CorruptDatabase) -> None:
        self.damage = error
        self.stop.set()


async def serve(settings: Settings) -> int:
    """Serves every platform that has a token until the process gets a signal to stop.

    Returns the exit status: 0, or 1 where a platform asks for a restart of the process. Raises
    CorruptDatabase, when all that is under way is finished, once the database is found damaged.
    """
    advisor = open_advisor(settings.semantic_model, settings.semantic_prefix)
    ending = _Ending()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ending.stop.set)
    async with AsyncExitStack() as stack:
        database = stack.enter_context(open_database_to_serve(settings.database_url))
        app = App(database, SystemClock(), advisor=advisor)
        stack.callback(app.close)
        app.on_corruption = ending.end_for_damage
        adapters: dict[str, Adapter] = {}
        for adapter in _make_adapters(app, settings, ending.ask_for_restart):
            stack.push_async_callback(adapter.stop)
            await adapter.start()
            adapters[adapter.platform] = adapter
        async with run_delivery(app, adapters):
            await ending.stop.wait()
    if ending.damage is not None:
        raise ending.damage
    return ending.status


@asynccontextmanager
async def run_delivery(app: App, adapters: Mapping[str, Adapter]) -> AsyncIterator[None]:
    """Delivers the messages that Repmate starts, on these platforms, while the block runs."""
    from bot.delivery.scheduler import run_ticks  # noqa: PLC0415 0.3 s the terminal saves

    delivery = Delivery(app, adapters, SERVING)
    if app.database.is_sqlite:  # one process serves it at a time, so the previous one is dead
        await delivery.take_over(SERVING)
    async with run_ticks(delivery, app.clock):
        yield


@contextmanager
def open_database_to_serve(url: str) -> Iterator[Database]:
    """The database of this URL, at the newest schema.

    Raises AlreadyServed and CorruptDatabase (SQLite).
    """
    database = Database(url)
    with serve_alone(database):
        upgrade(database)
        check_integrity(database)
        yield database


def _make_adapters(app: App, settings: Settings, give_up: Callable[[], None]) -> list[Adapter]:
    """The platforms that have a token, in the order in which they start."""
    adapters: list[Adapter] = []
    if settings.telegram_token is not None:
        from bot.telegram.adapter import TelegramAdapter  # noqa: PLC0415 0.3 s a platform

        adapters.append(
            TelegramAdapter(
                app,
                settings.telegram_token.get_secret_value(),
                base_url=settings.telegram_base_url,
                base_file_url=settings.telegram_base_file_url,
                messages_a_second=settings.telegram_messages_a_second,
            )
        )
    if settings.serves_slack:
        from bot.slack.adapter import SlackAdapter  # noqa: PLC0415 as above

        adapters.append(SlackAdapter(app, make_slack_setup(settings), give_up=give_up))
    return adapters


def make_slack_setup(settings: Settings) -> SlackSetup:
    """The Slack adapter's tokens and addresses, from the settings."""

    def reveal(secret: SecretStr | None) -> str:
        return secret.get_secret_value() if secret is not None else ""

    return SlackSetup(
        base_url=settings.slack_base_url,
        bot_token=reveal(settings.slack_bot_token),
        app_token=reveal(settings.slack_app_token),
        signing_secret=reveal(settings.slack_signing_secret),
        host=settings.slack_host,
        port=settings.slack_port,
        token_keys=tuple(filter(None, reveal(settings.slack_token_key).split(","))),
        client_id=settings.slack_client_id,
        client_secret=reveal(settings.slack_client_secret),
        public_url=settings.slack_public_url,
        keeps_rates=settings.slack_keeps_rates,
    )


def open_advisor(model: str, prefix: str = "") -> Advisor | None:
    """The advisor for second opinions; None without a model. The model loads in the background."""
    return Advisor(partial(load_encoder, model, prefix)) if model else None


def open_database(url: str) -> Database:
    """The database of this URL, brought to the newest schema."""
    database = Database(url)
    upgrade(database)
    return database


async def _choose_person(app: App, options: TerminalOptions, now: datetime, zone: str) -> Person:
    """Fills an empty database, and returns the person at the terminal."""
    name, database = options.name, app.database
    if await app.run_off_loop(lambda: has_no_team(database)):
        if options.sample:
            await fill_with_sample(database, options.language, zone, now)
        else:
            name = name or getpass.getuser()
            await app.run_off_loop(
                lambda: create_team_of_one(database, name, options.language, zone, now)
            )
    name = name or await app.run_off_loop(lambda: find_first_rep_name(database))
    return await app.run_off_loop(lambda: become(database, name, options.language, now))


def _make_repeatable_secrets(now: str, database: Database) -> Callable[[], str]:
    """A generator of secrets that are the same in every run with this `--now` on the same database.

    A later session on the same file makes other secrets, because each can exist only once.
    """
    with database.work() as memory:
        seed = f"{now}/{memory.inbox.get_newest_id()}"
    count = itertools.count(1)
    return lambda: hashlib.sha256(f"{seed}/{next(count)}".encode()).hexdigest()[:32]


def render_slack_manifest(
    settings: Settings, *, one_command: bool = False, assistant_view: bool = False
) -> str:
    """The manifest of the Slack app, for Socket Mode or for HTTP as the settings say."""
    from bot.slack.manifest import render_manifest  # noqa: PLC0415 as above

    return render_manifest(
        settings.slack_public_url, one_command=one_command, assistant_view=assistant_view
    )


def make_slack_key() -> str:
    """A new key for the tokens of Slack's workspaces."""
    from bot.slack.token_encryption import generate_key  # noqa: PLC0415 as above

    return generate_key()
