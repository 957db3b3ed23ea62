"""A team at work, for the benches to measure: reps with accounts, and their deals."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.clock import SystemClock
from bot.telegram.inbound import PLATFORM
from handlers.deals.find_duplicate import make_name_key
from handlers.team.create_team import TeamFacts, add_member, create_team
from kb.states import EventKind
from storage.engine import Database
from storage.migrate import upgrade
from storage.tables.people_and_deals import Customer, Deal, Identity, Member, Role
from storage.unit_of_work import UnitOfWork
from tests.steps import add_next_step

FACTS = TeamFacts("Bench", "en", "Europe/Berlin", "EUR", "DE")
FIRST_ACCOUNT = 1001
STAGES = ("opportunity", "qualified", "demo", "decider", "negotiation")
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwz", "aeiou"


@dataclass(frozen=True)
class Rep:
    """One rep: the number of their account, and the customers they have deals with."""

    account_id: int
    customers: tuple[str, ...]


def on_telegram(account: int) -> tuple[str, str, str]:
    """A rep's platform, account and address."""
    return PLATFORM, str(account), str(account)


def founded(
    path: Path,
    people: int,
    customers: int,
    known_as: Callable[[int], tuple[str, str, str]] = on_telegram,
) -> list[Rep]:
    """Makes a database file with a team of so many reps that share so many customers."""
    database, now = Database(f"sqlite:///{path}"), SystemClock().now()
    upgrade(database)
    everyone = names(random.Random(1), customers)
    with database.work() as memory:
        boss = create_team(memory, FACTS, "Kim", now)
        team = memory.members.get_team(boss.team_id)
        members = [add_member(memory, team, f"Rep {n}", Role.REP, now) for n in range(people)]
        owned = [everyone[n::people] for n in range(people)]
        for number, (member, theirs) in enumerate(zip(members, owned, strict=True)):
            _introduce(memory, member, known_as(FIRST_ACCOUNT + number), now)
            _give_deals(memory, member, theirs, now)
        boss.digest_due_at = None
    database.close()
    return [Rep(FIRST_ACCOUNT + n, tuple(theirs)) for n, theirs in enumerate(owned)]


def names(chance: random.Random, count: int) -> list[str]:
    """So many names, each unlike the others: Kavumeto Rilobano."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[f"{_word(chance)} {_word(chance)}"] = None
    return list(found)


def _word(chance: random.Random) -> str:
    pairs = (chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(4))
    return "".join(pairs).capitalize()


def _introduce(
    memory: UnitOfWork, member: Member, known_as: tuple[str, str, str], now: datetime
) -> None:
    # A digest would be one more message in the middle of what is measured.
    member.digest_due_at = None
    platform, account, address = known_as
    memory.members.save_identity(
        Identity(
            team_id=member.team_id,
            member_id=member.id,
            platform=platform,
            account_id=account,
            address=address,
            last_active_at=now,
        )
    )


def _give_deals(memory: UnitOfWork, owner: Member, customers: list[str], now: datetime) -> None:
    """Deals in every open stage: every other one has a next step, those between have stalled."""
    for number, name in enumerate(customers):
        key = make_name_key(name)
        customer = memory.customers.add(
            Customer(team_id=owner.team_id, name=name, name_key=key, created_at=now)
        )
        step = now + timedelta(days=number % 7 + 1) if number % 2 else None
        touched = now if step else now - timedelta(days=60)
        deal = memory.deals.add(
            Deal(
                team_id=owner.team_id,
                customer_id=customer.id,
                owner_id=owner.id,
                stage=STAGES[number % len(STAGES)],
                amount=Decimal(1000 * (number + 1)),
                next_step="send the offer" if step else "",
                next_step_at=step,
                stage_since=touched,
                last_activity_at=touched,
                created_at=touched,
                customer=customer,
            )
        )
        add_next_step(memory, deal)
        memory.deals.change(deal, {"status": "live"}, kind=EventKind.CREATED, by=owner.id, at=now)
