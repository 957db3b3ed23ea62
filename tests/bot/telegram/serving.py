"""The real adapter on the fake Telegram, with a real database and a small stand-in for skills."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.app import App
from bot.clock import SetClock
from bot.telegram.adapter import TelegramAdapter
from handlers.contract.desk import Desk, Lobby
from handlers.contract.reply import Reply, text_of
from handlers.contract.request import Request
from handlers.team.create_team import add_member
from storage.engine import Database
from storage.migrate import upgrade
from storage.tables.people_and_deals import Identity, Role, Team
from tests.fakes.botapi import BotApi
from tests.office import empty

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
Room = Desk | Lobby
Skill = Callable[[Request, Room], Reply]


@dataclass
class Pauses:
    """Waits that take no time, and how long they would have been."""

    seconds: list[float] = field(default_factory=list)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 0

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) >= self.wanted:
            self.enough.set()
        await asyncio.sleep(0)

    def now(self) -> float:
        """What a clock shows that only these waits move on."""
        return sum(self.seconds)

    async def until(self, waits: int) -> None:
        """Returns once there have been so many waits in all."""
        self.wanted = waits
        if len(self.seconds) < waits:
            self.enough.clear()
            await self.enough.wait()


def heard(request: Request, room: Room) -> Reply:
    """The stand-in for all skills: one lasting effect and an answer that says what was heard."""
    account = request.account
    said = request.text or request.action
    room.memory.drafts.save(account.platform, account.id, "effect", {"text": said}, room.now)
    return Reply(text_of("heard: ", said))


class Skills:
    """What the app asks instead of the real skills; remembers every request."""

    def __init__(self, answer: Skill = heard) -> None:
        self.asked: list[Request] = []
        self.answer = answer

    def __call__(self, request: Request, room: Room) -> Reply:
        self.asked.append(request)
        return self.answer(request, room)


def message(update_id: int, text: str, person: int = 1) -> dict[str, Any]:
    """The update of a message, as Telegram sends it."""
    who = {"id": person, "is_bot": False, "first_name": "Ann"}
    chat = {"id": person, "type": "private", "first_name": "Ann"}
    content = {"message_id": update_id, "from": who, "chat": chat, "date": 1, "text": text}
    return {"update_id": update_id, "message": content}


@dataclass
class Served:
    """A bot that serves, and what a test looks at."""

    api: BotApi
    app: App
    adapter: TelegramAdapter
    pauses: Pauses
    skills: Skills
    path: Path

    def rows(self, query: str) -> list[Any]:
        """What a query finds in the database file, read beside the bot."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def effects(self) -> list[str]:
        """What the skills have done for good, oldest first."""
        found = self.rows("select data from draft where kind = 'effect' order by id")
        return [json.loads(data)["text"] for (data,) in found]

    def states(self) -> list[str]:
        """The state of each kept update, oldest first."""
        return [state for (state,) in self.rows("select state from inbox order by id")]

    async def answered(self, updates: int) -> None:
        """Waits until so many updates have been kept in all, and each answered or put aside."""
        done = ("answered", "dead")
        while True:
            await self.api.idle(quiet=0.01)
            states = self.states()
            if len(states) >= updates and all(state in done for state in states):
                return

    def member(self, account_id: int) -> None:
        """Makes the person of this account a rep of a team."""
        with self.app.database.work() as memory:
            team = memory.members.add_team(
                Team(name="Blue", language="en", time_zone="UTC", currency="EUR", created_at=NOW)
            )
            member = add_member(memory, team, "Ann", Role.REP, NOW)
            memory.members.save_identity(
                Identity(
                    team_id=team.id,
                    member_id=member.id,
                    platform="telegram",
                    account_id=str(account_id),
                    address=str(account_id),
                    last_active_at=NOW,
                )
            )

    def reachable(self, account_id: int) -> bool:
        """Whether the database has this person as reachable."""
        found = dict(self.rows("select account_id, reachable from identity"))
        return bool(found[str(account_id)])


def made(path: Path, **options: float) -> Database:
    """A database file with the newest schema."""
    if not path.exists():
        path.write_bytes(empty())
    database = Database(f"sqlite:///{path}", **options)
    upgrade(database)
    return database


@asynccontextmanager
async def serving(
    api: BotApi, database: Database, skills: Skills | None = None
) -> AsyncIterator[Served]:
    """The adapter, started; stopped at the end."""
    skills, pauses = skills or Skills(), Pauses()
    app = App(database, SetClock(NOW))
    with patch("bot.telegram.rate_limits._now", pauses.now):
        adapter = TelegramAdapter(app, api.token, api.base_url, api.base_file_url, sleep=pauses)
    with patch("bot.app.routes.answer", skills), patch("bot.telegram.adapter.FINISH_SECONDS", 0.2):
        await adapter.start()
        path = Path(database.url.removeprefix("sqlite:///"))
        try:
            yield Served(api, app, adapter, pauses, skills, path)
        finally:
            await adapter.stop()
            app.close()
