"""The watch over the socket: what mends a dead one, and when the process is told to end.

The watch goes by a clock that the test moves; only the library's own retries take real time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from structlog.testing import capture_logs

from bot import bootstrap
from bot.config import Settings
from bot.slack import sockets
from tests.bot.slack.serving import LONGEST, Served, serving, setup_of
from tests.fakes.botapi.pulse import Pulse
from tests.fakes.slackapi import SlackApi

QUICK = 0.2  # real seconds between the library's pings and tries, which no assertion counts


@dataclass
class Watched:
    """The served bot, its watch's time in seconds, and when it gave up."""

    served: Served
    time: Time
    gave_up: list[float]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Lets the watch look again and again until something is so."""
        async with asyncio.timeout(LONGEST):
            while not holds():
                await self.time.look()


@dataclass
class Time:
    """Stands still until a look is asked for, which comes as late as the watch wants it."""

    now: float = 0.0
    waits: int = 0
    due: float = 0.0
    pulse: Pulse = field(default_factory=Pulse)

    def stopwatch(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        due = self.due = self.now + seconds
        self.waits += 1
        self.pulse.beat()
        await self.pulse.until(lambda: self.now >= due, None)

    async def look(self) -> None:
        """One look of the watch's, and whatever it does because of what it sees."""
        await self.pulse.until(lambda: self.waits > 0, LONGEST)
        before, self.now = self.waits, self.due
        self.pulse.beat()
        assert await self.pulse.until(lambda: self.waits > before, LONGEST)


@asynccontextmanager
async def watched(
    api: SlackApi, path: Path, monkeypatch: pytest.MonkeyPatch, ping_seconds: float = QUICK
) -> AsyncIterator[Watched]:
    time, gave_up = Time(), list[float]()
    monkeypatch.setattr(sockets, "stopwatch", time.stopwatch)
    refused = api.sockets.refuse_handshakes > 0
    setup = setup_of(api, ping_seconds=ping_seconds)
    async with serving(
        api,
        path,
        setup,
        waits=not refused,
        sleep=time.sleep,
        give_up=lambda: gave_up.append(time.now),
    ) as served:
        yield Watched(served, time, gave_up)


async def test_a_fresh_address_that_was_refused_once_is_not_tried_for_ever(
    api: SlackApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.sockets.refuse_handshakes = 1
    async with watched(api, tmp_path / "refused.db", monkeypatch) as bot:
        await api.wait_for(lambda: api.calls["apps.connections.open"] == 1)
        await bot.until(lambda: bot.time.now > sockets.NEW_ADDRESS_AFTER)
        await api.connected()
        assert api.calls["apps.connections.open"] == 2
        assert bot.gave_up == []


@pytest.mark.parametrize("broken", ["half_open", "silence", "drop", "close"])
async def test_a_socket_that_says_nothing_any_more_is_replaced(
    api: SlackApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    async with watched(api, tmp_path / "silent.db", monkeypatch) as bot:
        getattr(api.sockets, broken)()
        await api.wait_for(lambda: api.sockets.connected >= 2, LONGEST)
        assert bot.gave_up == []


async def test_a_client_that_cannot_recover_is_replaced_by_a_new_one(
    api: SlackApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stuck(_client: SocketModeClient, _force: bool = False) -> None:
        """As the library is now and then: it never comes back."""

    async with watched(api, tmp_path / "stuck.db", monkeypatch, ping_seconds=LONGEST) as bot:
        await bot.time.look()
        monkeypatch.setattr(SocketModeClient, "connect_to_new_endpoint", stuck)
        with capture_logs() as logs:
            api.sockets.drop()
            await bot.until(lambda: any("a new client" in line["event"] for line in logs))
        assert bot.time.now > sockets.NEW_CLIENT_AFTER
        await api.connected()
        assert api.sockets.connected == 2
        said = api.user("Ann").says("hello")
        assert said is not None
        await api.wait_for(lambda: said.state == "acked")
        assert bot.gave_up == []


async def test_after_five_minutes_without_a_socket_the_process_is_told_to_end(
    api: SlackApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.sockets.refuse_handshakes = 1_000_000
    async with watched(api, tmp_path / "away.db", monkeypatch) as bot:
        with capture_logs() as logs:
            await bot.until(lambda: bool(bot.gave_up))
        assert bot.gave_up == [sockets.GIVE_UP_AFTER + sockets.CHECK_SECONDS]
        renewed = [line for line in logs if "a new client" in line["event"]]
        assert len(renewed) == sockets.GIVE_UP_AFTER // (
            sockets.NEW_CLIENT_AFTER + sockets.CHECK_SECONDS
        )


class GivesUp:
    """A platform that asks to be started anew as soon as it runs."""

    platform = "slack"

    def __init__(self, give_up: Callable[[], None]) -> None:
        self._give_up = give_up
        self.stopped = False

    async def start(self) -> None:
        self._give_up()

    async def stop(self) -> None:
        self.stopped = True


async def test_who_is_told_to_end_stops_in_order_and_says_by_its_status_that_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[GivesUp] = []

    def adapters(_app: object, _settings: object, give_up: Callable[[], None]) -> list[GivesUp]:
        made.append(GivesUp(give_up))
        return made

    monkeypatch.setattr(bootstrap, "_make_adapters", adapters)
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'ends.db'}")
    assert await bootstrap.serve(settings) == 1
    assert made[0].stopped
