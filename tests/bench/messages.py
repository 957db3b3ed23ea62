"""Measures messages through the Telegram adapter beside a bare python-telegram-bot echo.

Both run here, in turns, against one fake Telegram in a process of its own.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from time import process_time

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.app import App
from bot.clock import SystemClock
from bot.config import Settings
from bot.delivery.loop import Delivery
from bot.delivery.scheduler import run_ticks
from bot.logs import set_up_logs
from bot.telegram.adapter import TelegramAdapter
from storage.engine import Database
from tests.bench.sales_floor import founded
from tests.bench.tables import Size, Table, median_of, percentile, times, written
from tests.bench.telegram_load import Order, Place, Telegram, telegram

Bot = Callable[[], AbstractAsyncContextManager[None]]
Figures = tuple[float, ...]
COLUMNS = ("MESSAGES THROUGH TELEGRAM", "messages/s", "p50 ms", "p99 ms", "CPU ms each")
ALONE = 5  # a person alone says this part of what all say together
WARM_UP = 2  # lines a person


def measured(size: Size) -> Table:
    """The table, with several people at once and with one alone."""
    set_up_logs(Settings(log_level="ERROR"))
    logging.getLogger("telegram.ext").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.db"
        with telegram(founded(path, size.people, size.customers)) as server:
            return asyncio.run(_measured(size, server, path))


async def _measured(size: Size, server: Telegram, path: Path) -> Table:
    crowd = Order(size.people, size.messages)
    alone = Order(1, max(1, size.messages // ALONE))
    bots: dict[str, Bot] = {
        "Repmate": lambda: _repmate(server.place, path),
        "bare echo": lambda: _echo(server.place),
    }
    found: dict[tuple[str, Order], list[Figures]] = {}
    busy: list[float] = []
    for _ in range(size.rounds):
        for name, bot in bots.items():
            async with bot():
                await server.hears(Order(size.people, WARM_UP * size.people))
                for order in (crowd, alone):
                    figures, share = await _round(server, order)
                    found.setdefault((name, order), []).append(figures)
                    busy.append(share)
    return _table(size, found, max(busy))


async def _round(server: Telegram, order: Order) -> tuple[Figures, float]:
    worked = process_time()
    heard = await server.hears(order)
    cpu = (process_time() - worked) * 1000 / order.messages
    rate = order.messages / heard.seconds
    p50, p99 = (percentile(heard.waits, share) * 1000 for share in (0.5, 0.99))
    return (rate, p50, p99, cpu), heard.server_share


def _table(size: Size, found: dict[tuple[str, Order], list[Figures]], busy: float) -> Table:
    rows: list[tuple[float | str, ...]] = []
    for order in dict.fromkeys(order for _, order in found):
        said = "1 person" if order.people == 1 else f"{order.people} people at once"
        ours, theirs = (median_of(found[name, order]) for name in ("Repmate", "bare echo"))
        ratios = [times(one, other) for one, other in zip(ours, theirs, strict=True)]
        rows += [
            (f"Repmate, {said}", *ours),
            (f"bare echo, {said}", *theirs),
            ("  ratio", *ratios),
        ]
    return Table(COLUMNS, tuple(rows), _notes(size, busy))


def _notes(size: Size, busy: float) -> tuple[str, ...]:
    return (
        f"Medians of {size.rounds} rounds in turns, {size.messages} messages each (a"
        f" {ALONE}th with one person). Each person sends a note on a deal or `today` as soon as"
        " the last was answered; ms is from the send to the answer.",
        f"Repmate: the real adapter, ticks and skills; {size.customers} deals; SQLite with"
        " synchronous=FULL; each update is on disk before it is confirmed, its effect before it"
        " is answered. Echo: python-telegram-bot's Application as it comes, polling, no"
        " memory. Both run in one process, in turns.",
        f"The fake Telegram has a process of its own, at most {written(busy * 100)} % busy.",
    )


@asynccontextmanager
async def _repmate(place: Place, path: Path) -> AsyncIterator[None]:
    app = App(Database(f"sqlite:///{path}"), SystemClock())
    adapter = TelegramAdapter(app, place.token, place.base_url, place.base_file_url)
    await adapter.start()
    try:
        async with run_ticks(Delivery(app, {adapter.platform: adapter})):
            yield
    finally:
        await adapter.stop()
        app.close()


@asynccontextmanager
async def _echo(place: Place) -> AsyncIterator[None]:
    builder = Application.builder().token(place.token)
    builder = builder.base_url(place.base_url).base_file_url(place.base_file_url)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, _said_back))
    async with application:
        updater = application.updater
        assert updater is not None
        await updater.start_polling()
        await application.start()
        try:
            yield
        finally:
            await updater.stop()
            await application.stop()


async def _said_back(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    if message is not None:
        await message.reply_text(message.text or "")
