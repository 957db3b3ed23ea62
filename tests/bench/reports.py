"""Measures `report quarter` over a large team beside the bare SQL that its figures need."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.clock import SetClock
from handlers.contract.request import Account, Request
from storage.engine import Database
from storage.migrate import upgrade
from storage.tables.people_and_deals import Identity
from tests.bench.tables import Figure, Size, Table, percentile, timed, times
from tests.worlds.making import END, Plan, make
from tests.worlds.people import Team
from tests.worlds.truth import TRUTHS

COLUMNS = ("REPORTS", "p50 ms", "max ms", "to SQL", "MB")
BARE, QUARTER, REP, FORECAST = "bare SQL", "report quarter", "report quarter of one", "forecast"
YEARS = 3
PLATFORM = "bench"
# What the report's figures stand on, with nothing done to it: the course events of two quarters.
SQL = """
select e.deal_id, e.id, e.undoes_id, e.kind, e.at, e.before, e.after
from event e join deal d on d.id = e.deal_id
where d.team_id = ? and d.last_activity_at >= ? and e.kind in
  ('created','moved','offered','won','lost','parked','reopened','edited','undone')
order by e.deal_id, e.id
"""


def measured(size: Size) -> Table:
    """The table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.db"
        team, events = _made(path, size)
        rows = asyncio.run(_measured(path, team, size))
    notes = (
        f"{size.deals:,} deals and {events:,} events over {YEARS} years, by {size.people} reps,"
        f" in SQLite; medians of {size.rounds} rounds in turns. The bare SQL fetches the events of"
        " the quarter and the one before as they are, and does nothing with them; a report also"
        " rebuilds every course, measures two times and draws its picture.",
        "MB: the most memory the process had after it, over what it had before anything was asked.",
    )
    return Table(COLUMNS, rows, notes)


def _made(path: Path, size: Size) -> tuple[Team, int]:
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    truth = replace(TRUTHS["export"], talk=7)
    team = make(database, Plan(1, size.deals, size.people, YEARS * 365, truth=truth))
    with database.work() as memory:
        memory.members.save_identity(
            Identity(
                team_id=team.id,
                member_id=team.admin,
                platform=PLATFORM,
                account_id="admin",
                last_active_at=END,
            )
        )
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("analyze")
        return team, connection.execute("select count(*) from event").fetchone()[0]


async def _measured(path: Path, team: Team, size: Size) -> tuple[tuple[Figure, ...], ...]:
    app = App(Database(f"sqlite:///{path}"), SetClock(END))
    lines = {QUARTER: "report quarter", REP: "report quarter Ann", FORECAST: "forecast"}
    found: dict[str, list[float]] = {name: [] for name in (BARE, *lines)}
    most, before, asked = dict.fromkeys(found, 0.0), _memory(), 0
    try:
        for name, line in lines.items():  # loads what draws and reckons, once
            await app.answer(Request(name, Account(PLATFORM, "admin"), text=line))
        for _ in range(size.rounds):
            found[BARE].append(_bare(path, team))
            most[BARE] = max(most[BARE], _memory() - before)
            for name, line in lines.items():
                asked += 1
                request = Request(f"r{asked}", Account(PLATFORM, "admin"), text=line)
                with timed() as watch:
                    answer = await app.answer(request)
                assert answer.reply.text, line
                found[name].append(1000 * watch.seconds)
                most[name] = max(most[name], _memory() - before)
    finally:
        app.close()
    bare = percentile(found[BARE], 0.5)
    return tuple(
        (name, percentile(ms, 0.5), max(ms), times(percentile(ms, 0.5), bare), most[name])
        for name, ms in found.items()
    )


def _bare(path: Path, team: Team) -> float:
    since = (END - timedelta(days=140)).strftime("%Y-%m-%d 00:00:00")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection, timed() as watch:
        connection.execute(SQL, (team.id, since)).fetchall()
    return 1000 * watch.seconds


def _memory() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
