"""Plays dialogs on a platform through its real adapter: the terminal, Telegram and Slack."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.app import App
from bot.clock import SetClock
from bot.delivery.loop import Delivery
from bot.telegram.adapter import TelegramAdapter
from bot.terminal.adapter import Terminal
from bot.terminal.people import become
from bot.terminal.screen import Screen
from handlers.reading import read_duration
from tests.dialogs.shown import FILES, Shown, spaced
from tests.dialogs.slack_stage import on_slack
from tests.dialogs.world import EVERYBODY, database_with_teams, now, telegram_id
from tests.fakes.botapi import BotApi, User

_NUMBERED = re.compile(r"\[(\d+)\] (.+?)(?=  \[\d+\] |$)")
_HEADING = re.compile(r"\[[^\]]*?(?: → (?P<who>[^\]]+))?\]")


class Stage(Protocol):
    """A platform with everybody on it."""

    name: str
    app: App

    async def says(self, who: str, what: str) -> None:
        """Somebody types a line; returns when it is answered."""

    async def taps(self, who: str, label: str) -> None:
        """Somebody presses the newest button of that label."""

    async def does(self, who: str, what: str) -> None:
        """`:reply TEXT`, `:contact NAME, PHONE`, `:forward NAME: TEXT`, `:attach FILE`."""

    async def waits(self, said: str) -> None:
        """Time passes, and what comes due arrives."""

    def seen(self, who: str) -> list[Shown]:
        """What somebody has got since they last said something, edits included."""


@dataclass
class TerminalStage:
    """Everybody at one terminal, each with `:as`."""

    app: App
    terminal: Terminal
    out: io.StringIO
    name: str = "terminal"
    who: str = ""
    read: int = 0
    got: dict[str, list[Shown]] = field(default_factory=dict)

    async def says(self, who: str, what: str) -> None:
        """Types a line as this person."""
        await self._line(who, what)

    async def taps(self, who: str, label: str) -> None:
        """Types the number the label has under the newest message that shows it."""
        await self._as(who)
        latest = next(shown for shown in reversed(self.got[who]) if shown.buttons)
        assert label in latest.buttons, f"no [{label}] among {latest.buttons}"
        await self._line(who, str(latest.buttons.index(label) + 1))

    async def does(self, who: str, what: str) -> None:
        """The terminal's own words."""
        await self._line(who, what.replace(":attach ", f":attach {FILES}/"))

    async def waits(self, said: str) -> None:
        """The terminal's own `:wait`."""
        self.got = {}
        await self.terminal.handle_line(f":wait {said}")
        self._take("")

    def seen(self, who: str) -> list[Shown]:
        """This person's messages since they last said something."""
        return self.got.get(who, [])

    async def _as(self, who: str) -> None:
        if self.who != who:
            self.who = who
            await self.terminal.handle_line(f":as {who}")
            self.read = len(self.out.getvalue())

    async def _line(self, who: str, line: str) -> None:
        await self._as(who)
        self.got = {name: shown for name, shown in self.got.items() if name != who}
        await self.terminal.handle_line(line)
        self._take(who)

    def _take(self, speaker: str) -> None:
        """Sorts what was printed since by whom it is for."""
        printed, self.read = self.out.getvalue()[self.read :], len(self.out.getvalue())
        for block in filter(None, printed.strip().split("\n\n")):
            heading = _HEADING.match(block)
            who = heading["who"] or self.who if heading else speaker or self.who
            buttons = tuple(label for _, label in _NUMBERED.findall(block.splitlines()[-1]))
            self.got.setdefault(who, []).append(Shown(spaced(block), buttons))


@dataclass
class TelegramStage:
    """Everybody in their private chat with the bot, on a server that plays the Bot API."""

    app: App
    api: BotApi
    clock: SetClock
    delivery: Delivery
    users: dict[str, User]
    name: str = "telegram"
    marks: dict[str, int] = field(default_factory=dict)

    async def says(self, who: str, what: str) -> None:
        """Types a line in the private chat."""
        await self._after(who, lambda: self.users[who].says(what))

    async def taps(self, who: str, label: str) -> None:
        """Presses the newest button of that label."""
        await self._after(who, lambda: self.users[who].presses(label))

    async def does(self, who: str, what: str) -> None:
        """A reply, a shared contact, a file, a forwarded message."""
        word, _, rest = what.partition(" ")
        user = self.users[who]
        if word == ":reply":
            latest = self.api.chat(user.id).messages[-1]
            await self._after(who, lambda: user.says(rest, reply_to=latest))
        elif word == ":contact":
            name, _, phone = rest.rpartition(",")
            first, _, last = name.strip().partition(" ")
            await self._after(who, lambda: user.shares_contact(phone.strip(), first, last))
        elif word == ":attach":
            content = (FILES / rest).read_bytes()
            await self._after(who, lambda: user.sends_document(rest, content))
        else:
            sender, _, text = rest.partition(":")
            await self._after(who, lambda: user.forwards(text.strip(), sender.strip()))

    async def waits(self, said: str) -> None:
        """Moves the clock on; what comes due is sent through the adapter."""
        span = read_duration(said)
        assert span is not None
        self.marks = dict.fromkeys(self.users, len(self.api.sent))
        await self.delivery.pass_time(self.clock, self.clock.now() + span)

    def seen(self, who: str) -> list[Shown]:
        """What the bot sent or edited in this person's chat since they last did something."""
        chat = self.users[who].id
        since = self.api.sent[self.marks.get(who, 0) :]
        return [
            Shown(spaced(sent.text), tuple(button.label for button in sent.buttons))
            for sent in since
            if sent.chat_id == chat
        ]

    async def _after(self, who: str, act: Callable[[], object]) -> None:
        self.marks[who] = len(self.api.sent)
        act()
        await answered(self.app, self.api)
        await self.delivery.tick()


async def answered(app: App, api: BotApi) -> None:
    """Waits until every update has arrived and has been answered or put aside."""
    for _try in range(200):
        await api.idle(quiet=0.01)
        with app.database.work() as memory:
            if not memory.inbox.list_open("telegram"):
                return
    raise AssertionError("some updates are not answered")


@asynccontextmanager
async def on_terminal(folder: Path, language: str) -> AsyncIterator[Stage]:
    """A terminal with everybody known to it."""
    database, clock = database_with_teams(folder, language, "terminal"), SetClock(now(language))
    app, out = App(database, clock), io.StringIO()
    person = become(database, "Ann", language, clock.now())
    screen = Screen(out, folder / "files", rich=False)
    try:
        yield TerminalStage(app, Terminal(app, clock, screen, person, "dialog"), out)
    finally:
        app.close()


@asynccontextmanager
async def on_telegram(folder: Path, language: str) -> AsyncIterator[Stage]:
    """A Bot API server, the real adapter, and everybody in their private chat."""
    database, clock = database_with_teams(folder, language, "telegram"), SetClock(now(language))
    async with BotApi() as api:
        users = {
            name: api.user(telegram_id(name), name, language, wrote=True) for name in EVERYBODY
        }
        app = App(database, clock)
        adapter = TelegramAdapter(
            app, api.token, base_url=api.base_url, base_file_url=api.base_file_url
        )
        await adapter.start()
        try:
            delivery = Delivery(app, {adapter.platform: adapter})
            yield TelegramStage(app, api, clock, delivery, users)
        finally:
            await adapter.stop()
            app.close()


STAGES = {"terminal": on_terminal, "telegram": on_telegram, "slack": on_slack}
