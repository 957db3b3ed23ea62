"""Writes a world's rows in bulk, in the order that its references need."""

from __future__ import annotations

import random
from types import TracebackType
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlmodel import SQLModel

from handlers.deals.find_duplicate import make_name_key
from storage.engine import Database
from storage.tables.cards import LookUp
from storage.tables.people_and_deals import Contact, Customer, Deal, Event
from storage.tables.steps import Step, StepState
from tests.worlds.life import Happening, Life
from tests.worlds.people import Team

CHUNK = 5_000
SHORTER = ("Nova", "Blue", "Iron", "Delta", "Sun", "Core", "Peak", "Vita", "Terra", "Luma")
LONGER = ("Works", "Systems", "Foods", "Labs", "Motors", "Trade", "Media", "Health", "Energy")
PEOPLE = ("Jane Doe", "Li Wei", "Omar Said", "Eva Roth", "王芳", "Tom Hill")
OBJECTIONS = "too expensive"


class Writing:
    """Everything to be written, kept back until its chunk is full."""

    def __init__(self, database: Database, team: Team, chance: random.Random) -> None:
        self._connection = database.engine.connect()
        self._transaction = self._connection.begin()
        self._team, self._chance = team, chance
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = {
            table: [] for table in (Customer, Contact, Deal, Step, Event, LookUp)
        }
        self._next: dict[type[SQLModel], int] = {
            table: self._newest(table) + 1 for table in (Customer, Deal, Event)
        }

    def __enter__(self) -> Writing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
            self._count_on()
            self._transaction.commit()
        self._connection.close()

    def next_deal(self) -> int:
        """The id of the next deal."""
        return self._taken(Deal)

    def deal(self, life: Life) -> None:
        """A deal as it stands at the end, with its customer and a person there."""
        deal, customer = life.deal, self._taken(Customer)
        name = f"{self._chance.choice(SHORTER)} {self._chance.choice(LONGER)} {customer}"
        made = {"team_id": self._team.id, "created_at": deal["created_at"]}
        self._rows[Customer].append(
            {**made, "id": customer, "name": name, "name_key": make_name_key(name), "industry": ""}
        )
        person = {"name": self._chance.choice(PEOPLE), "phone": "", "email": "", "role": ""}
        self._rows[Contact].append({**made, **person, "customer_id": customer, "attitude": ""})
        deal["customer_id"] = customer
        self._rows[Deal].append(deal)
        for step in life.steps:
            rings = step["state"] == StepState.OPEN
            ring_at = step["ring_at"] if rings else None
            self._rows[Step].append(step | {"member_id": deal["owner_id"], "ring_at": ring_at})
        if self._team.cards:
            self._rows[LookUp].extend(self._lookups(life))
        if len(self._rows[Deal]) >= CHUNK:
            self._flush()

    def event(self, deal_id: int, happening: Happening) -> None:
        """An event, which gets the next id."""
        happening.id = self._taken(Event)
        self._rows[Event].append(
            {
                "id": happening.id,
                "team_id": self._team.id,
                "deal_id": deal_id,
                "member_id": happening.by,
                "kind": happening.kind,
                "at": happening.at,
                "platform": "telegram",
                "note": happening.note,
                "before": happening.before,
                "after": happening.after,
                "undoes_id": happening.undoes.id if happening.undoes is not None else None,
            }
        )
        if len(self._rows[Event]) >= 4 * CHUNK:
            self._flush()

    def _lookups(self, life: Life) -> list[dict[str, Any]]:
        """What the rep looked up while the customer objected."""
        found = []
        for at, stage in life.objections:
            card = self._chance.choice(self._team.cards)
            found.append(
                {
                    "team_id": self._team.id,
                    "member_id": life.deal["owner_id"],
                    "deal_id": life.deal["id"],
                    "stage": stage,
                    "query": OBJECTIONS,
                    "tier": "sure",
                    "shown": [card],
                    "top_card_id": card,
                    "at_shown": 0,
                    "at_angle": 0,
                    "used_card_id": card,
                    "landed": self._chance.random() < 0.5,
                    "wrapped_at": at,
                    "at": at,
                }
            )
        return found

    def _newest(self, table: type[SQLModel]) -> int:
        newest = select(func.coalesce(func.max(table.__table__.c.id), 0))  # type: ignore[attr-defined]  # SQLModel does not type it
        return int(self._connection.execute(newest).scalar_one())

    def _taken(self, table: type[SQLModel]) -> int:
        self._next[table] += 1
        return self._next[table] - 1

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._connection.execute(insert(table), rows)
                rows.clear()

    def _count_on(self) -> None:
        """Lets PostgreSQL's own counters go on behind the ids that were given here."""
        if self._connection.dialect.name != "postgresql":
            return
        for table in self._next:
            name = table.__tablename__
            self._connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608 our own tables' names
            )
