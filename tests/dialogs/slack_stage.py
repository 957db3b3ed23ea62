"""Plays dialogs on Slack: everybody in their direct messages, on a server that plays Slack.

A dialog is told in messages, so every trigger comes too late for a modal here and each form is
asked field by field; what modals show and take is told by
`tests/bot/slack/block_kit/test_modals.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import App
from bot.clock import SetClock
from bot.delivery.loop import Delivery
from bot.slack.adapter import SlackAdapter
from handlers.reading import read_duration
from tests.bot.slack.serving import LONGEST, setup_of, unhurried
from tests.dialogs.shown import FILES, Shown, spaced
from tests.dialogs.world import EVERYBODY, SLACK_TEAM, database_with_teams, now, slack_id
from tests.fakes.slackapi import SlackApi, User

GUESTS = ("Yan",)  # full members of a workspace come into its team by themselves
FOUNDERS = ("Zoe",)  # and only an admin of the workspace makes it a team
LOCALES = {"en": "en-US", "zh": "zh-CN"}


@dataclass
class SlackStage:
    """Everybody in their direct messages with the app."""

    app: App
    api: SlackApi
    clock: SetClock
    delivery: Delivery
    users: dict[str, User]
    name: str = "slack"
    marks: dict[str, int] = field(default_factory=dict)

    async def says(self, who: str, what: str) -> None:
        """Types a line; one that begins with a slash is a command."""
        user = self.users[who]
        if what.startswith("/"):
            word, _, rest = what.partition(" ")
            await self._after(who, lambda: user.commands(word, rest))
        else:
            await self._after(who, lambda: user.says(what))

    async def taps(self, who: str, label: str) -> None:
        """Presses the newest button of that label."""
        await self._after(who, lambda: self.users[who].presses(label))

    async def does(self, who: str, what: str) -> None:
        """A reply in a thread, a contact's card, a file, a message passed on."""
        word, _, rest = what.partition(" ")
        user = self.users[who]
        if word == ":reply":
            latest = user.seen()[-1]
            await self._after(who, lambda: user.says(rest, thread=latest))
        elif word == ":contact":
            name, _, phone = rest.rpartition(",")
            await self._after(who, lambda: user.uploads("contact.vcf", card(name, phone)))
        elif word == ":attach":
            content = (FILES / rest).read_bytes()
            await self._after(who, lambda: user.uploads(rest, content))
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
        """What the app sent or edited in this person's chat since they last did something."""
        user = self.users[who]
        since = self.api.sent[self.marks.get(who, 0) :]
        return [
            Shown(spaced(sent.text), sent.buttons)
            for sent in since
            if sent.channel_id == user.dm.id and sent.only_for in ("", user.id)
        ]

    async def _after(self, who: str, act: Callable[[], object]) -> None:
        self.marks[who] = len(self.api.sent)
        act()
        await answered(self.app, self.api)
        await self.delivery.tick()


async def answered(app: App, api: SlackApi) -> None:
    """Waits until everything has arrived and has been answered or put aside."""
    async with asyncio.timeout(LONGEST):
        while True:
            await api.idle(quiet=0.002)
            with app.database.work() as memory:
                if not memory.inbox.list_open("slack"):
                    return


def card(name: str, phone: str) -> bytes:
    """A contact as phones send it."""
    first, _, last = name.strip().partition(" ")
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{last};{first};;;", f"FN:{name.strip()}"]
    return "\r\n".join([*lines, f"TEL;TYPE=CELL:{phone.strip()}", "END:VCARD", ""]).encode()


@asynccontextmanager
async def on_slack(folder: Path, language: str) -> AsyncIterator[SlackStage]:
    """A Slack server, the real adapter in Socket Mode, and everybody in one workspace."""
    database, clock = database_with_teams(folder, language, "slack"), SetClock(now(language))
    async with SlackApi(now=lambda: clock.now().timestamp()) as api:
        assert api.team.id == SLACK_TEAM
        api.expire_triggers()
        users = {
            name: api.user(
                name,
                id=slack_id(name),
                locale=LOCALES[language],
                guest="multi" if name in GUESTS else "",
                is_admin=name in FOUNDERS,
            )
            for name in EVERYBODY
        }
        app = App(database, clock)
        adapter = SlackAdapter(app, setup_of(api))
        with unhurried():
            await adapter.start()
            try:
                await api.connected()
                delivery = Delivery(app, {adapter.platform: adapter})
                yield SlackStage(app, api, clock, delivery, users)
            finally:
                await adapter.stop()
                app.close()
