"""The ticks of a serving process, and how they end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from bot.app import App
from bot.clock import SetClock
from bot.delivery.loop import Delivery
from bot.delivery.scheduler import ClockJumps, run_ticks
from bot.port import Address, Sent
from handlers.contract.reply import Reply, text_of, to_json
from storage.tables.messages import Outbox
from tests.dialogs.world import database_with_teams, now


class SlowAdapter:
    """A platform on which a send takes until it is let go."""

    platform = "terminal"

    def __init__(self) -> None:
        self.sending, self.let_go = asyncio.Event(), asyncio.Event()
        self.sent = 0

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to give back."""

    async def send(self, address: Address, reply: Reply) -> Sent:
        self.sending.set()
        await self.let_go.wait()
        self.sent += 1
        return Sent(f"{address.chat}:{self.sent}")


async def test_stopping_waits_until_what_is_being_sent_is_marked(tmp_path: Path) -> None:
    app = App(database_with_teams(tmp_path, "en", "terminal"), SetClock(now("en")))
    with app.database.work() as memory:
        due_at = app.clock.now() - timedelta(minutes=1)
        body = to_json(Reply(text_of("hello")))
        memory.outbox.put(
            Outbox(team_id=1, member_id=1, key="k", kind="notice", due_at=due_at, body=body)
        )
    adapter = SlowAdapter()

    async def serve() -> None:
        async with run_ticks(Delivery(app, {"terminal": adapter}), app.clock):
            await adapter.sending.wait()

    serving = asyncio.create_task(serve())
    await adapter.sending.wait()
    adapter.let_go.set()
    await serving
    with app.database.work() as memory:
        sent = memory.outbox.find_by_message(1, "terminal", "Kim:1")
        assert sent is not None
        assert sent.state == "sent"
    app.close()


def test_a_clock_that_was_set_is_noticed_once_and_one_that_only_goes_on_is_not() -> None:
    clock, passed = SetClock(now("en")), 0.0
    jumps = ClockJumps(clock, lambda: passed)
    with capture_logs() as log:
        for moved, expected in ((30, 0), (7200 + 30, 7200), (30, 0), (-7200, -7230), (75, 0)):
            passed += 30
            clock.move(timedelta(seconds=moved))
            assert jumps.measure_jump() == expected
    assert [each["seconds"] for each in log] == [7200, -7230]
