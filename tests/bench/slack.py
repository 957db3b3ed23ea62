"""Measures messages through the Slack adapter beside a bare Bolt app with one listener.

Both run here, in turns, against one fake Slack in a process of its own; and once more the adapter
alone, on a disk whose every commit is slow.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from time import process_time
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, event

from bot.app import App
from bot.clock import SystemClock
from bot.config import Settings
from bot.delivery.loop import Delivery
from bot.delivery.scheduler import run_ticks
from bot.logs import set_up_logs
from bot.slack.adapter import SlackAdapter
from bot.slack.setup import SlackSetup
from storage.engine import Database
from tests.bench.sales_floor import founded
from tests.bench.slack_load import Place, Slack, known_as, slack
from tests.bench.tables import Size, Table, median_of, percentile, times, written
from tests.bench.telegram_load import Order

Bot = Callable[[], AbstractAsyncContextManager[None]]
Figures = tuple[float, ...]
COLUMNS = ("THROUGH SLACK, in ms", "messages/s", "p50", "p99", "ack p50", "ack p99", "CPU each")
ALONE = 5  # a person alone says this part of what all say together
WARM_UP = 2  # lines a person
SLOWED = 4  # all say only this part of it while every commit is slow
SLOW = 0.05  # seconds by which a slow database's every commit is slower
OURS, BARE = "Repmate", "bare Bolt"


def measured(size: Size) -> Table:
    """The table, with several people at once, with one alone, and on a slow disk."""
    set_up_logs(Settings(log_level="ERROR"))
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slack.db"
        with slack(founded(path, size.people, size.customers, known_as)) as server:
            return asyncio.run(_measured(size, server, path))


async def _measured(size: Size, server: Slack, path: Path) -> Table:
    crowd = Order(size.people, size.messages)
    alone = Order(1, max(1, size.messages // ALONE))
    bots: dict[str, Bot] = {
        OURS: lambda: _repmate(server.place, path),
        BARE: lambda: _bare(server.place),
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
    async with _slow_commits(), _repmate(server.place, path):
        few = Order(size.people, max(1, size.messages // SLOWED))
        slow, _share = await _round(server, few)
    return _table(size, found, slow, max(busy))


async def _round(server: Slack, order: Order) -> tuple[Figures, float]:
    worked = process_time()
    heard = await server.hears(order)
    cpu = (process_time() - worked) * 1000 / order.messages
    rate = order.messages / heard.seconds
    spread = [
        percentile(seconds, share) * 1000
        for seconds in (heard.waits, heard.acks)
        for share in (0.5, 0.99)
    ]
    return (rate, *spread, cpu), heard.server_share


def _table(
    size: Size, found: dict[tuple[str, Order], list[Figures]], slow: Figures, busy: float
) -> Table:
    rows: list[tuple[float | str, ...]] = []
    for order in dict.fromkeys(order for _, order in found):
        said = "1 person" if order.people == 1 else f"{order.people} at once"
        ours, theirs = (median_of(found[name, order]) for name in (OURS, BARE))
        ratios = [times(one, other) for one, other in zip(ours, theirs, strict=True)]
        rows += [
            (f"{OURS}, {said}", *ours),
            (f"{BARE}, {said}", *theirs),
            ("  ratio", *ratios),
        ]
    rows.append((f"{OURS}, slow disk, {size.people} at once", *slow))
    return Table(COLUMNS, tuple(rows), _notes(size, busy))


def _notes(size: Size, busy: float) -> tuple[str, ...]:
    return (
        f"Medians of {size.rounds} rounds in turns, {size.messages} messages each (a"
        f" {ALONE}th with one person). Each person sends a note on a deal or `today` as soon as"
        " the last was answered; p50 and p99 are from the send to the answer, or to the ack.",
        f"Repmate: the real adapter in Socket Mode, ticks and skills; {size.customers} deals;"
        " SQLite with synchronous=FULL; each event is on disk before it is acknowledged, its"
        " effect before it is answered. Bolt: an AsyncApp as it comes, one listener that says the"
        " text back, no memory. Both run in one process, in turns.",
        f"The slow disk takes {SLOW * 1000:.0f} ms longer for every commit; a {SLOWED}th of the"
        " messages.",
        f"The fake Slack has a process of its own, at most {written(busy * 100)} % busy.",
    )


@asynccontextmanager
async def _repmate(place: Place, path: Path) -> AsyncIterator[None]:
    app = App(Database(f"sqlite:///{path}"), SystemClock())
    setup = SlackSetup(
        base_url=place.base_url,
        bot_token=place.bot_token,
        app_token=place.app_token,
        keeps_rates=False,
    )
    adapter = SlackAdapter(app, setup)
    await adapter.start()
    try:
        async with run_ticks(Delivery(app, {adapter.platform: adapter})):
            yield
    finally:
        await adapter.stop()
        app.close()


@asynccontextmanager
async def _slow_commits() -> AsyncIterator[None]:
    """Every commit waits as for a slow disk, on its own thread; no database may be open yet."""

    def wait(_connection: object) -> None:
        time.sleep(SLOW)

    event.listen(Engine, "commit", wait)
    try:
        yield
    finally:
        event.remove(Engine, "commit", wait)


@asynccontextmanager
async def _bare(place: Place) -> AsyncIterator[None]:
    client = AsyncWebClient(place.bot_token, base_url=place.base_url)
    app = AsyncApp(client=client, signing_secret="not-needed-here")
    app.event("message")(_said_back)
    handler = AsyncSocketModeHandler(
        app, place.app_token, web_client=AsyncWebClient(base_url=place.base_url)
    )
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's, untyped
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's, untyped


async def _said_back(event: dict[str, Any], say: Any) -> None:
    await say(event["text"])
