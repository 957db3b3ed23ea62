"""People and deals for the tests of memory, and threads that act at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings

from storage.engine import Database
from storage.scope import Scope
from storage.tables.messages import Nudge, Outbox
from storage.tables.people_and_deals import Contact, Customer, Deal, Identity, Member, Team
from storage.unit_of_work import UnitOfWork

Result = TypeVar("Result")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Each example of a property works on the same database, with rows of its own.
examples_on_a_database = settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def add_team(memory: UnitOfWork, name: str = "North") -> Team:
    return memory.members.add_team(Team(name=name, created_at=NOW))


def add_member(memory: UnitOfWork, team: Team, name: str = "Ann", **columns: Any) -> Member:
    return memory.members.add_member(Member(team_id=team.id, name=name, created_at=NOW, **columns))


def add_customer(memory: UnitOfWork, team: Team, name: str = "Acme") -> Customer:
    return memory.customers.add(
        Customer(team_id=team.id, name=name, name_key=name.casefold(), created_at=NOW)
    )


def add_deal(memory: UnitOfWork, owner: Member, customer: Customer, **columns: Any) -> Deal:
    values: dict[str, Any] = {
        "team_id": owner.team_id,
        "owner_id": owner.id,
        "customer_id": customer.id,
        "customer": customer,
        "stage": "lead",
        "stage_since": NOW,
        "last_activity_at": NOW,
        "created_at": NOW,
    }
    return memory.deals.add(Deal(**(values | columns)))


def a_member(database: Database) -> Member:
    """The only member of a new team, kept."""
    with database.work() as memory:
        return add_member(memory, add_team(memory))


def a_deal(database: Database, **columns: Any) -> Deal:
    """The only deal of a new team, kept."""
    with database.work() as memory:
        team = add_team(memory)
        return add_deal(memory, add_member(memory, team), add_customer(memory, team), **columns)


def mine(memory: UnitOfWork, deal: Deal) -> Deal:
    """The deal as this transaction sees it."""
    found = memory.deals.get(Scope(deal.team_id), deal.id)
    assert found is not None
    return found


def deal_now(database: Database, deal: Deal) -> Deal:
    """The deal as it stands."""
    with database.work() as memory:
        return mine(memory, deal)


def a_deal_of(memory: UnitOfWork, deal: Deal, customer: str, **columns: Any) -> Deal:
    """Another deal of the same owner."""
    team = memory.members.get_team(deal.team_id)
    owner = memory.members.get(deal.team_id, deal.owner_id)
    assert owner is not None
    return add_deal(memory, owner, add_customer(memory, team, customer), **columns)


def contact_at(memory: UnitOfWork, deal: Deal, **columns: Any) -> Contact:
    return memory.customers.add_contact(
        Contact(team_id=deal.team_id, customer_id=deal.customer_id, created_at=NOW, **columns)
    )


def account_of(member: Member, account_id: str, **columns: Any) -> Identity:
    values: dict[str, Any] = {
        "team_id": member.team_id,
        "member_id": member.id,
        "platform": "telegram",
        "account_id": account_id,
        "last_active_at": NOW,
    }
    return Identity(**(values | columns))


def message_to(member: Member, key: str, due_at: datetime = NOW, **columns: Any) -> Outbox:
    return Outbox(
        team_id=member.team_id,
        member_id=member.id,
        key=key,
        kind="nudge",
        due_at=due_at,
        **columns,
    )


def nudge_on(deal: Deal, key: str, kind: str = "stall", n: int = 1) -> Nudge:
    return Nudge(
        team_id=deal.team_id,
        deal_id=deal.id,
        member_id=deal.owner_id,
        key=key,
        kind=kind,
        rule=kind,
        n=n,
        made_at=NOW,
    )


class Undone(Exception):
    """Leaves a transaction so that nothing of it is kept."""


@contextmanager
def not_kept(database: Database) -> Iterator[UnitOfWork]:
    """A transaction whose work is undone at the end, whatever it did."""
    try:
        with database.work() as memory:
            yield memory
            raise Undone
    except Undone:
        pass


def at_once(jobs: Sequence[Callable[[], Result]]) -> list[Result]:
    """Runs each job in its own thread, all from the same moment; their results in order."""
    ready = threading.Barrier(len(jobs))

    def _run(job: Callable[[], Result]) -> Result:
        ready.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(_run, jobs))
