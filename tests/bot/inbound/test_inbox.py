"""What arrives is kept while every handler is at work: a platform does not wait for long."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from bot.app import THREADS, App
from bot.clock import SetClock
from bot.inbound.inbox import PlatformInbox
from storage.messages.inbox import Arrival
from tests.bot.slack.serving import NOW, made

ARRIVAL = Arrival("slack", "T1:Ev1", "T1.U1", "{}")


@pytest.mark.parametrize("busy", [1, THREADS, 3 * THREADS])
async def test_an_arrival_waits_for_no_handler(tmp_path: Path, busy: int) -> None:
    app = App(made(tmp_path / "first.db"), SetClock(NOW))
    inbox = PlatformInbox(app, "slack", asyncio.sleep)
    done = threading.Event()
    working = [asyncio.create_task(app.run_off_loop(done.wait)) for _ in range(busy)]
    try:
        assert await asyncio.wait_for(inbox.store_one(ARRIVAL), 60.0)
    finally:
        done.set()
        await asyncio.gather(*working)
        app.close()
