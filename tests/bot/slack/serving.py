"""The real adapter on the local Slack, with a real database and the real skills."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.app import App
from bot.clock import SetClock
from bot.slack.adapter import SlackAdapter
from bot.slack.payload.kinds import make_account_id
from bot.slack.setup import SlackSetup
from handlers.team.create_team import TeamFacts, add_member, create_team
from storage.engine import Database
from storage.migrate import upgrade
from storage.tables.people_and_deals import Identity, Member, Role
from tests.databases import without_waiting_for_the_disk
from tests.fakes.slackapi import SlackApi, User
from tests.fakes.slackapi.record import Sent
from tests.office import empty

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LONGEST = 60.0  # real seconds until a test gives up; on a loaded machine everything takes long


@dataclass
class Served:
    """An app that serves, and what a test looks at."""

    api: SlackApi
    app: App
    adapter: SlackAdapter
    clock: SetClock
    path: Path

    def rows(self, query: str) -> list[Any]:
        """What a query finds in the database file, read beside the bot."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def states(self) -> list[str]:
        """The state of each kept payload, oldest first."""
        return [state for (state,) in self.rows("select state from inbox order by id")]

    async def answered(self, kept: int | None = None) -> None:
        """Waits until all that was sent has been taken in and answered or put aside."""
        states: list[str] = []
        try:
            async with asyncio.timeout(LONGEST):
                while True:
                    await self.api.idle(quiet=0.01)
                    states = self.states()
                    enough = kept is None or len(states) >= kept
                    if enough and all(state in ("answered", "dead") for state in states):
                        return
        except TimeoutError:
            raise AssertionError(f"not all is answered: {states}") from None

    async def after(self, _act: object) -> list[Sent]:
        """What the bot sent because of an act, once all is answered."""
        await self.answered()
        return self.api.sent

    def member(self, user: User, role: str = "rep", language: str = "en") -> Member:
        """Makes somebody a member of the workspace's team; the first makes the team."""
        with self.app.database.work() as memory:
            row = memory.workspaces.find("slack", user.team.enterprise_id or "", user.team.id)
            if row is None or row.team_id is None:
                facts = TeamFacts("Blue Harbour", language, "Europe/Berlin", "EUR", "DE")
                member = create_team(memory, facts, user.account.name, NOW)
                if row is not None:
                    row.team_id = member.team_id
            else:
                team = memory.members.get_team(row.team_id)
                member = add_member(memory, team, user.account.name, Role(role), NOW)
            known = make_account_id(user.team.enterprise_id or "", user.team.id, user.id)
            memory.members.save_identity(
                Identity(
                    team_id=member.team_id,
                    member_id=member.id,
                    platform="slack",
                    account_id=known,
                    address=user.id,
                    last_active_at=NOW,
                )
            )
            return member


def made(path: Path, **options: float) -> Database:
    """A database file with the newest schema."""
    if not path.exists():
        path.write_bytes(empty())
    database = Database(f"sqlite:///{path}", **options)
    without_waiting_for_the_disk(database)
    upgrade(database)
    return database


def setup_of(api: SlackApi, **more: Any) -> SlackSetup:
    """How the adapter is started against the local Slack, by Socket Mode."""
    setup = SlackSetup(
        base_url=api.base_url,
        bot_token=api.bot_token,
        app_token=api.app_token,
        keeps_rates=False,
        ping_seconds=LONGEST,  # the library's clock is the real one: a late pong ends the socket
    )
    return replace(setup, **more)


@contextmanager
def unhurried() -> Iterator[None]:
    """No answer counts as late by the real clock, however loaded the machine is."""
    with (
        patch("bot.slack.modal_skeleton.SOON", LONGEST),
        patch("bot.slack.receiving.STORE_SECONDS", LONGEST),
        patch("bot.slack.receiving.ANSWER_SECONDS", LONGEST),
    ):
        yield


@asynccontextmanager
async def serving(
    api: SlackApi,
    path: Path,
    setup: SlackSetup | None = None,
    *,
    waits: bool = True,
    **options: Any,
) -> AsyncIterator[Served]:
    """The adapter, connected unless it `waits` for nothing."""
    clock = SetClock(NOW)
    app = App(made(path), clock)
    adapter = SlackAdapter(app, setup or setup_of(api), **options)
    with unhurried():
        await adapter.start()
        try:
            if waits and (setup is None or setup.app_token):
                await api.connected()
            yield Served(api, app, adapter, clock, path)
        finally:
            await adapter.stop()
            app.close()
