"""Measures leads logged beside the same rows written through raw sqlite3."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import App
from bot.clock import SystemClock
from bot.telegram.inbound import PLATFORM
from handlers.contract.request import Account, Request
from handlers.selling.lead import lead
from storage.engine import Database
from tests.bench.sales_floor import Rep, founded, names
from tests.bench.tables import Figure, Size, Table, median_of, percentile, timed, times

COLUMNS = ("LEADS LOGGED", "leads/s", "p50 ms", "p99 ms", "to sqlite3")
# In the order in which a row may name another; a lead writes one of each.
TABLES = ("customer", "contact", "deal", "event", "inbox")
RAW, APP, HANDLER = "raw sqlite3", "Repmate, whole request", "Repmate, handler alone"
Row = tuple[Any, ...]


class _NotKept(Exception):
    """Leaves a transaction without its effect."""


@dataclass
class _Office:
    """Repmate's file and a copy of it for sqlite3, and a rep who logs leads."""

    app: App
    raw: sqlite3.Connection
    account: Account
    lines: Callable[[], str]
    written: list[dict[str, Row]] = field(default_factory=list)
    number: int = 0

    def request(self) -> Request:
        self.number += 1
        return Request(f"lead-{self.number}", self.account, text=f"lead {self.lines()}")

    async def whole(self) -> float:
        """Seconds for a request on its way through the app, committed."""
        request = self.request()
        with timed() as watch:
            await self.app.answer(request)
        return watch.seconds

    def handler(self) -> float:
        """Seconds for the handler alone, in a transaction that is open and then given up."""
        request = self.request()
        with suppress(_NotKept), self.app.database.work() as memory:
            identity = memory.members.find_identity(PLATFORM, self.account.id)
            assert identity is not None
            member = memory.members.get(identity.team_id, identity.member_id)
            assert member is not None
            desk = self.app.make_desk(memory, member, self.account)
            with timed() as watch:
                lead(request.with_text(request.text.removeprefix("lead ")), desk)
                memory.flush()
            raise _NotKept
        return watch.seconds

    def same_rows(self, rows: dict[str, Row]) -> float:
        """Seconds for one lead's rows through sqlite3, in a transaction of their own."""
        statements = [
            (f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 our names
            for table, row in rows.items()
        ]
        with timed() as watch:
            self.raw.execute("BEGIN IMMEDIATE")
            for statement, row in statements:
                self.raw.execute(statement, row)
            self.raw.execute("COMMIT")
        return watch.seconds


def measured(size: Size) -> Table:
    """The table."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "repmate.db", Path(folder) / "raw.db"
        rep = founded(ours, 1, size.customers)[0]
        shutil.copy(ours, theirs)
        # The same engine opens both files, so that both have the same pragmas.
        database, other = Database(f"sqlite:///{ours}"), Database(f"sqlite:///{theirs}")
        raw = other.engine.raw_connection().driver_connection
        assert isinstance(raw, sqlite3.Connection)
        assert raw.execute("PRAGMA synchronous").fetchone() == (2,), "not FULL"
        app = App(database, SystemClock())
        try:
            office = _Office(app, raw, _account(rep), _lines(size))
            return asyncio.run(_measured(size, office, ours))
        finally:
            app.close()
            other.close()


async def _measured(size: Size, office: _Office, file: Path) -> Table:
    found: dict[str, list[tuple[float, ...]]] = {RAW: [], HANDLER: [], APP: []}
    for _ in range(size.rounds):
        before = [_last(file, table) for table in TABLES]
        found[APP].append(_figures([await office.whole() for _ in range(size.leads)]))
        rows = [_since(file, table, last) for table, last in zip(TABLES, before, strict=True)]
        leads = [dict(zip(TABLES, lead, strict=True)) for lead in zip(*rows, strict=True)]
        assert len(leads) == size.leads, "a lead was taken for another"
        found[RAW].append(_figures([office.same_rows(lead) for lead in leads]))
        found[HANDLER].append(_figures([office.handler() for _ in range(size.leads)]))
    return _table(size, {name: median_of(figures) for name, figures in found.items()})


def _figures(seconds: Sequence[float]) -> tuple[float, ...]:
    p50, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.99))
    return len(seconds) / sum(seconds), p50, p99


def _table(size: Size, found: dict[str, tuple[float, ...]]) -> Table:
    raw = found[RAW][0]
    rows: list[tuple[Figure, ...]] = [
        (name, *figures, times(raw, figures[0])) for name, figures in found.items()
    ]
    notes = (
        f"Medians of {size.rounds} rounds in turns, {size.leads} leads each, one at a time, into a"
        f" team of {size.customers} customers. A lead is read from a line with its person, phone,"
        " e-mail, amount and source, and looked for among the team's customers.",
        f"sqlite3 writes the very rows that Repmate wrote ({', '.join(TABLES)}), into a copy of"
        " its file, with the same pragmas and one commit a lead; the handler alone commits"
        " nothing.",
    )
    return Table(COLUMNS, tuple(rows), notes)


def _last(file: Path, table: str) -> int:
    query = f"SELECT coalesce(max(id), 0) FROM {table}"  # noqa: S608 our own tables' names
    return int(_asked(file, query)[0][0])


def _since(file: Path, table: str, last: int) -> list[Row]:
    query = f"SELECT * FROM {table} WHERE id > ? ORDER BY id"  # noqa: S608 our own tables' names
    return _asked(file, query, last)


def _asked(file: Path, query: str, *values: int) -> list[Row]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def _account(rep: Rep) -> Account:
    return Account(PLATFORM, str(rep.account_id), "Ann", "en", str(rep.account_id))


def _lines(size: Size) -> Callable[[], str]:
    """The line of another lead at every call, none like one before."""
    chance = random.Random(2)
    several = iter(names(chance, 2 * size.rounds * size.leads))

    def line() -> str:
        name = next(several)
        phone = f"+49 1512 {chance.randrange(1_000_000, 9_999_999)}"
        email = f"jane@{name.replace(' ', '').casefold()}.com"
        return f"{name} GmbH, Jane Doe, {phone}, {chance.randrange(2, 90)}k, inbound, {email}"

    return line
