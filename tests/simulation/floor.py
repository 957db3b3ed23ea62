"""The floor on its first morning: teams in five zones, their reps with deals in every stage."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from handlers.contract.desk import calendar_of, funnel_of, next_digest
from handlers.deals.attention import schedule_attention
from handlers.deals.find_duplicate import make_name_key
from handlers.team.create_team import TeamFacts, add_member, create_team
from kb.states import EventKind
from storage.engine import Database
from storage.tables.people_and_deals import Customer, Deal, Identity, Member, Role
from storage.unit_of_work import UnitOfWork
from tests.bench.sales_floor import STAGES, names
from tests.office import PLATFORM
from tests.steps import add_next_step

BEGIN = datetime(2026, 10, 5, 3, tzinfo=UTC)  # both Berlin and New York change their clocks in it
ZONES = (
    ("Europe/Berlin", "DE", "EUR"),
    ("Asia/Shanghai", "CN", "CNY"),
    ("America/New_York", "US", "USD"),
    ("Europe/London", "GB", "GBP"),
    ("Australia/Sydney", "AU", "AUD"),
)
BOOKED = 0.6  # of the deals have a next step on the first morning
REPS_OF_A_MANAGER = 10


@dataclass(frozen=True)
class Size:
    """How much is simulated."""

    reps: int
    deals: int
    days: int = 31
    seed: int = 1


@dataclass(frozen=True)
class Worker:
    """A rep or a manager: their account is `member-<name>`."""

    member_id: int
    name: str
    is_manager: bool = False


def founded(database: Database, size: Size) -> list[Worker]:
    """Makes the teams, everybody in them and their deals."""
    chance = random.Random(size.seed)
    customers = names(chance, size.deals)
    workers: list[Worker] = []
    with database.work() as memory:
        teams = min(len(ZONES), max(1, size.reps // 4))
        for number, (zone, country, currency) in enumerate(ZONES[:teams]):
            facts = TeamFacts(f"Floor {number}", "en", zone, currency, country)
            admin = create_team(memory, facts, f"Admin{number}", BEGIN)
            admin.digest_due_at = None
            reps = range(number, size.reps, teams)
            workers += _hired(
                memory, admin, reps, [customers[n :: size.reps] for n in reps], chance
            )
    return workers


def _hired(
    memory: UnitOfWork,
    admin: Member,
    numbers: range,
    customers: list[list[str]],
    chance: random.Random,
) -> list[Worker]:
    team = memory.members.get_team(admin.team_id)
    workers: list[Worker] = []
    boss: Member | None = None
    for place, (number, theirs) in enumerate(zip(numbers, customers, strict=True)):
        if boss is None or place % REPS_OF_A_MANAGER == 0:
            boss = add_member(memory, team, f"Boss{number}", Role.MANAGER, BEGIN)
            workers.append(_introduced(memory, boss, is_manager=True))
        rep = add_member(memory, team, f"Rep{number}", Role.REP, BEGIN, boss.id)
        workers.append(_introduced(memory, rep))
        for name in theirs:
            _given(memory, rep, name, chance)
    return workers


def _introduced(memory: UnitOfWork, member: Member, *, is_manager: bool = False) -> Worker:
    member.digest_due_at = next_digest(member, BEGIN)
    memory.members.save_identity(
        Identity(
            team_id=member.team_id,
            member_id=member.id,
            platform=PLATFORM,
            account_id=f"member-{member.name}",
            address=member.name,
            last_active_at=BEGIN,
        )
    )
    return Worker(member.id, member.name, is_manager)


def _given(memory: UnitOfWork, owner: Member, name: str, chance: random.Random) -> None:
    """A deal that was touched in the last days; more often than not its next step is booked."""
    calendar = calendar_of(owner)
    touched = _minute(BEGIN - timedelta(days=chance.uniform(0, 6)))
    step = None
    if chance.random() < BOOKED:
        step = calendar.next_working(_minute(BEGIN + timedelta(days=chance.uniform(0.2, 14))))
        step += timedelta(minutes=chance.randrange(0, 480, 15))
    customer = memory.customers.add(
        Customer(team_id=owner.team_id, name=name, name_key=make_name_key(name), created_at=touched)
    )
    deal = memory.deals.add(
        Deal(
            team_id=owner.team_id,
            customer_id=customer.id,
            owner_id=owner.id,
            stage=chance.choice(STAGES),
            amount=Decimal(chance.randrange(1, 100) * 1000),
            next_step="call them" if step else "",
            next_step_at=step,
            stage_since=touched,
            last_activity_at=touched,
            created_at=touched,
            customer=customer,
        )
    )
    add_next_step(memory, deal)
    memory.deals.change(deal, {"status": "live"}, kind=EventKind.CREATED, by=owner.id, at=touched)
    schedule_attention(deal, funnel_of(memory.members.get_team(owner.team_id)), calendar, BEGIN)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
