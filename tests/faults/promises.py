"""Nudges that are promised for a moment each, and the ledger of what came of them.

A promise is a deal with a next step at that moment. Its ledger is Telegram's: what arrived there,
and when, whatever the bot remembers.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from handlers.contract.desk import calendar_of, funnel_of
from handlers.deals.attention import schedule_attention
from handlers.deals.find_duplicate import make_name_key
from handlers.team.create_team import TeamFacts, add_member, create_team
from storage.engine import Database
from storage.migrate import upgrade
from storage.tables.people_and_deals import Customer, Deal, Identity, Member, Role
from storage.unit_of_work import UnitOfWork
from tests.bench.sales_floor import names
from tests.fakes.botapi import BotApi
from tests.faults import points
from tests.steps import add_next_step

BASE = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)  # a Wednesday morning, at work in any quiet hours
FIRST_ACCOUNT = 1001
PROMISE_OF = """
    select customer.name, outbox.owner from outbox
    join nudge on outbox.subject_id in (nudge.id, nudge.carrier_id)
    join deal on deal.id = nudge.deal_id join customer on customer.id = deal.customer_id
    where outbox.kind = 'nudge'
"""

Flying = set[tuple[str, str]]


@dataclass
class Promises:
    """Customers' names and when each one's nudge is due, in seconds after BASE.

    `began` is the loop's time at which it is BASE for the bot.
    """

    due: dict[str, float]
    began: float = 0.0
    ahead: float = 0.0
    lives: list[tuple[float, float]] = field(default_factory=list)
    _moved: list[tuple[float, float]] = field(default_factory=list)

    def begin(self, at: float = 0.0) -> None:
        """From now on time passes for the bot, beginning so many seconds after BASE.

        A process keeps the clock that it was started with.
        """
        now = asyncio.get_running_loop().time()
        self.began = now - at
        self.ahead = (BASE - datetime.now(UTC)).total_seconds() + at
        self._moved.append((now, self.began))

    @property
    def clock(self) -> dict[str, str]:
        """What a bot's process is told, so that its clock is ours."""
        return {points.SHIFT: str(self.ahead)}

    def now(self) -> float:
        """Seconds after BASE."""
        return asyncio.get_running_loop().time() - self.began

    def lived(self, born: float, died: float) -> None:
        """A process lived from then to then, in the loop's time."""
        self.lives.append((born - self.began, died - self.began))

    def arrived(self, api: BotApi) -> dict[str, list[float]]:
        """When each promise's nudge arrived, as often as it did, in seconds after BASE."""
        found: dict[str, list[float]] = {name: [] for name in self.due}
        for sent in api.sent:
            for name in self.due.keys() & _pairs(sent.text):
                found[name].append(sent.at - self._began(sent.at))
        return found

    def _began(self, at: float) -> float:
        return max(((since, began) for since, began in self._moved if since <= at))[1]

    def delay(self, name: str, at: float) -> float:
        """How long a process has lived with the promise due and its nudge not yet sent: the most.

        A nudge can only be late by the time in which somebody was there to send it.
        """
        due = self.due[name]
        spans = [min(died, at) - max(born, due) for born, died in self.lives]
        return max(0.0, *spans)


def at_random(chance: random.Random, count: int, seconds: float) -> Promises:
    """So many promises, due at random within so many seconds."""
    return Promises({name: 2.0 + chance.random() * seconds for name in names(chance, count)})


def in_rounds(chance: random.Random, rounds: int, each: int, apart: float) -> Promises:
    """So many promises in each round, all due at its beginning."""
    told = names(chance, rounds * each)
    return Promises({name: apart * (number // each) for number, name in enumerate(told)})


def keep(path: Path, promises: Promises, people: int) -> None:
    """Makes a database of so many reps whose next steps these promises are."""
    database, told = Database(f"sqlite:///{path}"), list(promises.due)
    upgrade(database)
    with database.work() as memory:
        boss = create_team(memory, TeamFacts("Storm", "en", "UTC", "EUR"), "Kim", BASE)
        boss.digest_due_at = None
        for number in range(people):
            _give_steps(memory, _rep(memory, boss.team_id, number), told[number::people], promises)
    database.close()


def introduce(api: BotApi, people: int) -> None:
    """Lets the bot write to the reps."""
    for number in range(people):
        api.user(FIRST_ACCOUNT + number, f"Rep {number}", wrote=True)


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in a database file, read beside the bot."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query).fetchall()


def in_flight(path: Path) -> Flying:
    """The promises that processes now dead had claimed and not marked, each with its claimer."""
    return {(name, owner) for name, owner in rows(path, f"{PROMISE_OF} and outbox.owner != ''")}


def repeated(path: Path) -> set[str]:
    """The promises whose messages are marked as possibly repeated."""
    return {name for name, _owner in rows(path, f"{PROMISE_OF} and outbox.repeated")}


def whole(path: Path) -> Mapping[str, Sequence[tuple[Any, ...]]]:
    """What SQLite's own checks say of a file: both empty where it is in order."""
    integrity = [row for row in rows(path, "pragma integrity_check") if row != ("ok",)]
    return {"integrity": integrity, "foreign keys": rows(path, "pragma foreign_key_check")}


def _pairs(text: str) -> set[str]:
    words = text.replace(":", " ").replace("?", " ").replace(",", " ").replace(".", " ").split()
    return {f"{one} {other}" for one, other in itertools.pairwise(words)}


def _rep(memory: UnitOfWork, team_id: int, number: int) -> Member:
    rep = add_member(memory, memory.members.get_team(team_id), f"Rep {number}", Role.REP, BASE)
    rep.digest_due_at, rep.nudges_a_day = None, 1000
    account = str(FIRST_ACCOUNT + number)
    memory.members.save_identity(
        Identity(
            team_id=team_id,
            member_id=rep.id,
            platform="telegram",
            account_id=account,
            address=account,
            last_active_at=BASE,
        )
    )
    return rep


def _give_steps(
    memory: UnitOfWork, owner: Member, customers: Sequence[str], promises: Promises
) -> None:
    before = BASE - timedelta(hours=1)
    funnel, calendar = funnel_of(memory.members.get_team(owner.team_id)), calendar_of(owner)
    for name in customers:
        customer = memory.customers.add(
            Customer(
                team_id=owner.team_id, name=name, name_key=make_name_key(name), created_at=before
            )
        )
        deal = memory.deals.add(
            Deal(
                team_id=owner.team_id,
                customer_id=customer.id,
                owner_id=owner.id,
                stage="qualified",
                next_step="call",
                next_step_at=BASE + timedelta(seconds=promises.due[name]),
                stage_since=before,
                last_activity_at=before,
                created_at=before,
                customer=customer,
            )
        )
        add_next_step(memory, deal)
        schedule_attention(deal, funnel, calendar, before)
