"""A made world in a file of its own, to be asked by the product and beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.funnel.figures.deal_history import DealHistory, DealRow, EventRow, build_histories
from kb.funnel.stages.funnel_templates import load_funnel
from storage.engine import Database
from storage.scope import Scope
from tests.databases import without_waiting_for_the_disk
from tests.office import empty
from tests.worlds.making import Plan, make
from tests.worlds.people import Team


@dataclass(frozen=True)
class World:
    """The database, its file, its people, and what was asked for."""

    database: Database
    path: Path
    team: Team
    plan: Plan

    def rows(self, query: str, *values: object) -> list[Any]:
        """What a query finds in the file, read beside the product."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()


def made(folder: Path, plan: Plan) -> World:
    """The world of a plan, in a new file in the folder."""
    folder.mkdir(exist_ok=True)
    path = folder / "world.db"
    path.write_bytes(empty())
    database = Database(f"sqlite:///{path}")
    without_waiting_for_the_disk(database)
    return World(database, path, make(database, plan), plan)


def courses_of(world: World) -> list[DealHistory]:
    """The courses of all its deals."""
    scope = Scope(world.team.id)
    with world.database.work() as memory:
        deals = map(DealRow._make, memory.histories.list_deals(scope))
        facts = map(EventRow._make, memory.histories.list_facts(scope))
        return build_histories(deals, facts, load_funnel("odds6"))
