"""An office to test in: a real database and app, a team, and people who talk to the bot.

The people are those of the dialogs: Ann and Bo are reps, Mia their manager, Kim the admin; Eve is
alone in another team and Zoe in none.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.app import Answer, App
from bot.clock import SetClock
from bot.semantic.advisor import Advisor
from handlers.contract.desk import Desk, Lobby
from handlers.contract.reply import Reply, plain
from handlers.contract.request import Account, Request
from storage.engine import Database
from storage.migrate import upgrade
from tests.databases import without_waiting_for_the_disk
from tests.dialogs.world import EVERYBODY, Known, found, now

PLATFORM = "terminal"


@dataclass
class Office:
    """The app, its clock, and the database file."""

    app: App
    clock: SetClock
    path: Path
    asked: int = 0

    async def answer(self, request: Request) -> Answer:
        """The app's whole answer."""
        return await self.app.answer(request)

    async def says(self, who: str, text: str, **more: Any) -> Reply:
        """The reply to a typed line."""
        return (await self.answer(self.request(who, text=text, **more))).reply

    async def taps(self, who: str, action: str) -> Reply:
        """The reply to a pressed button."""
        return (await self.answer(self.request(who, kind="button", action=action))).reply

    async def fills(self, who: str, action: str, values: Mapping[str, str]) -> Reply:
        """The reply to a form filled whole."""
        request = self.request(who, kind="form", action=action, values=values, draws_forms=True)
        return (await self.answer(request)).reply

    def request(self, who: str, **more: Any) -> Request:
        """A request nobody has made before."""
        self.asked += 1
        return Request(f"event-{self.asked}", account(who), **more)

    def rows(self, query: str, *values: object) -> list[Any]:
        """What a query finds in the database file, read beside the app."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        """The first column of the only row a query finds."""
        [row] = self.rows(query, *values)
        return row[0]

    def deal(self, customer: str) -> int:
        """The id of the deal with a customer."""
        query = "select deal.id from deal join customer c on c.id = customer_id where c.name = ?"
        return int(self.one(query, customer))

    def forgets_cards(self, but: str) -> None:
        """Leaves the team few cards, those of keys like this, so that its index is quickly built.

        To be asked of an office where nobody has said anything yet.
        """
        gone = "in (select id from card where team_id != 1 or key not like ?)"
        with closing(sqlite3.connect(self.path)) as connection:
            for query in ("phrasing where card_id", "card_change where card_id", "card where id"):
                connection.execute(f"delete from {query} {gone}", (but,))  # noqa: S608 our words
            connection.commit()

    def member(self, name: str) -> int:
        """The id of a member."""
        return int(self.one("select id from member where name = ?", name))

    def wait(self, **span: float) -> datetime:
        """Moves the clock on: hours=2."""
        self.clock.move(timedelta(**span))
        return self.clock.now()


def account(who: str) -> Account:
    """The account of one of the people."""
    return Account(PLATFORM, f"member-{who}", who, "en", who)


@contextmanager
def desk_of(office: Office, who: str) -> Iterator[Desk]:
    """One of the people's desk, within a unit of work of its own."""
    with office.app.database.work() as memory:
        identity = memory.members.find_identity(PLATFORM, account(who).id)
        assert identity is not None
        member = memory.members.get(identity.team_id, identity.member_id)
        assert member is not None
        yield office.app.make_desk(memory, member, account(who))


def said(reply: Reply) -> str:
    """The reply's words, with ordinary spaces."""
    return plain(reply.text).replace("\u00a0", " ")


def labels(reply: Reply) -> list[str]:
    """The labels of the reply's buttons."""
    return [button.label for row in reply.buttons for button in row]


def action(reply: Reply, label: str) -> str:
    """The action of the reply's button of that label."""
    [found_action] = [b.action for row in reply.buttons for b in row if b.label == label]
    return found_action


@contextmanager
def lobby_of(office: Office, who: str) -> Iterator[Lobby]:
    """The lobby of somebody in no team, within a unit of work of its own."""
    with office.app.database.work() as memory:
        room = office.app.find_room(memory, account(who))
        assert isinstance(room, Lobby)
        yield room


@contextmanager
def opened(
    folder: Path,
    language: str = "en",
    busy_seconds: float = 0.05,
    advisor: Advisor | None = None,
) -> Iterator[Office]:
    """The office in a database file of its own."""
    path = folder / "office.db"
    path.write_bytes(founded(language))
    database = Database(f"sqlite:///{path}", busy_seconds=busy_seconds)
    without_waiting_for_the_disk(database)
    clock = SetClock(now(language))
    app = App(database, clock, advisor=advisor)
    try:
        yield Office(app, clock, path)
    finally:
        app.close()


@cache
def founded(language: str) -> bytes:
    """A database file that holds the teams."""
    known = {name: Known(f"member-{name}", name) for name in EVERYBODY}
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/founded.db")
        upgrade(database)
        found(database, language, PLATFORM, known)
        database.close()
        return (Path(folder) / "founded.db").read_bytes()


@cache
def empty() -> bytes:
    """A database file with the newest schema and no rows."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        upgrade(database)
        database.close()
        return (Path(folder) / "empty.db").read_bytes()
