"""The platforms as the contract sees them: an adapter, somebody to write to, and ways to fail."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bot.app import App
from bot.port import Adapter, Address
from bot.slack.adapter import SlackAdapter
from bot.telegram.adapter import TelegramAdapter
from bot.terminal.adapter import Terminal
from bot.terminal.people import become
from bot.terminal.screen import Screen
from tests.bot.slack.serving import setup_of
from tests.bot.telegram.serving import Pauses
from tests.fakes.botapi import BotApi
from tests.fakes.slackapi import SlackApi
from tests.office import Office


@dataclass(frozen=True)
class Platform:
    """One platform under test.

    `shown` gives what the person at `address` sees, oldest first. Each of `faults` makes the
    next send fail; `mended` ends what does not end by itself.
    """

    adapter: Adapter
    address: Address
    shown: Callable[[], list[str]]
    faults: Mapping[str, Callable[[], object]]
    mended: Callable[[], object] = list


Platforms = Callable[[Office, Path], AbstractAsyncContextManager[Platform]]


class Paper(io.StringIO):
    """A terminal's output that can break."""

    broken: type[Exception] | None = None

    def write(self, text: str) -> int:
        """Writes, or fails."""
        if self.broken is not None:
            raise self.broken("the other end is gone")
        return super().write(text)


@asynccontextmanager
async def terminal(office: Office, folder: Path) -> AsyncIterator[Platform]:
    """A terminal at which Ann sits."""
    app, out = office.app, Paper()
    person = become(app.database, "Ann", "en", office.clock.now())
    screen = Screen(out, folder, rich=False)
    adapter = Terminal(app, office.clock, screen, person, "contract")

    def breaks(error: type[Exception] | None) -> Callable[[], None]:
        return lambda: setattr(out, "broken", error)

    yield Platform(
        adapter,
        Address(adapter.platform, person.account.id, person.account.address),
        lambda: out.getvalue().removesuffix("\n").split("\n\n"),
        {"pipe": breaks(BrokenPipeError), "disk": breaks(OSError), "closed": breaks(ValueError)},
        breaks(None),
    )


@asynccontextmanager
async def telegram(office: Office, folder: Path) -> AsyncIterator[Platform]:
    """Telegram, and Ann in her private chat with the bot."""
    async with BotApi() as api:
        ann = api.user(1, "Ann", wrote=True)
        adapter = _telegram_adapter(office.app, api)

        def fails(status: int, retry_after: int | None = None) -> Callable[[], None]:
            return lambda: api.fail_next("sendMessage", status, retry_after=retry_after)

        yield Platform(
            adapter,
            Address(adapter.platform, str(ann.id), str(ann.id)),
            lambda: [sent.text for sent in api.sent if sent.chat_id == ann.id],
            {
                "refused": fails(400),
                "blocked": fails(403),
                "flood": fails(429, retry_after=3),
                "down": fails(502),
                "cut off": lambda: api.drop_next("sendMessage"),
            },
        )


@asynccontextmanager
async def slack(office: Office, folder: Path) -> AsyncIterator[Platform]:
    """Slack, and Ann in her direct messages with the app."""
    async with SlackApi() as api:
        ann = api.user("Ann")
        pauses = Pauses()
        with patch("bot.slack.rate_limits._now", pauses.now):
            adapter = SlackAdapter(office.app, setup_of(api), sleep=pauses)

        def fails(error: str, status: int = 200) -> Callable[[], None]:
            return lambda: api.fail_next("chat.postMessage", error, status=status)

        yield Platform(
            adapter,
            Address(adapter.platform, f"{api.team.id}.{ann.id}", ann.id),
            lambda: [sent.text for sent in api.sent if sent.channel_id == ann.dm.id],
            {
                "refused": fails("invalid_blocks"),
                "blocked": fails("channel_not_found"),
                "flood": lambda: api.limits_next("chat.postMessage", 3),
                "down": fails("", status=502),
                "cut off": lambda: api.drop_next("chat.postMessage"),
            },
        )


def _telegram_adapter(app: App, api: BotApi) -> TelegramAdapter:
    pauses = Pauses()
    with patch("bot.telegram.rate_limits._now", pauses.now):
        return TelegramAdapter(app, api.token, api.base_url, api.base_file_url, sleep=pauses)


PLATFORMS: Mapping[str, Platforms] = {
    "terminal": terminal,
    "telegram": telegram,
    "slack": slack,
}
FAULTS = [("terminal", name) for name in ("pipe", "disk", "closed")] + [
    (platform, name)
    for platform in ("telegram", "slack")
    for name in ("refused", "blocked", "flood", "down", "cut off")
]
