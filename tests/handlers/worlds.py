"""Small worlds full of secrets: teams, their people and deals, each word of them one of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from handlers.contract.request import Account
from handlers.deals.find_duplicate import make_name_key
from handlers.team.create_team import add_member
from kb.states import CardState, EventKind
from storage.engine import Database
from storage.tables.cards import Card, Gap, LookUp, Phrasing
from storage.tables.messages import Nudge, Outbox
from storage.tables.people_and_deals import (
    Contact,
    Customer,
    Deal,
    Identity,
    Invite,
    Member,
    Role,
    Team,
)
from storage.team.invites import hash_secret
from storage.unit_of_work import UnitOfWork
from tests.handlers.who_knows import Person, Secret, World
from tests.steps import add_next_step

PLATFORM = "terminal"
COMPANIES = ("Acme", "Borealis", "Cobalt", "Dynamo", "Everest", "Falcon", "Granite", "Horizon")
TeamShape = tuple[int, ...]  # one number a manager: how many reps that manager has


@dataclass
class Builder:
    """Builds a world, row by row, in one transaction."""

    memory: UnitOfWork
    now: datetime
    world: World = field(default_factory=World)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def team(self, shape: TeamShape) -> None:
        """A team: its admin, its managers with their reps, and a deal and more for each of them."""
        made = self.memory.members.add_team(
            Team(name="", currency="EUR", country="DE", created_at=self.now)
        )
        made.name = f"Team {self.word(made.id)}"
        self._card(made)
        self._person(made, "admin", None)
        for reps in shape:
            manager = self._person(made, "manager", None)
            below = [self._person(made, "rep", manager) for _rep in range(reps)]
            led = Person(
                manager.id, made.id, "manager", _account(manager), frozenset(m.id for m in below)
            )
            self.world.people.append(_with_self(led))
            self.world.people += [_with_self(_person(each)) for each in below]
        self._invite(made)

    def word(self, team: int, owner: int | None = None, *, gap: bool = False) -> str:
        """A new secret word."""
        word = f"zq{next(self._numbers):04d}x"
        self.world.secrets.append(Secret(word, team, owner, gap))
        return word

    def number(self, team: int, owner: int) -> int:
        """A new secret number of seven digits."""
        number = 7_013_000 + 1_117 * next(self._numbers)
        self.world.secrets.append(Secret(str(number), team, owner))
        return number

    def _person(self, team: Team, role: str, manager: Member | None) -> Member:
        name = f"{role.title()} {self.word(team.id)}"
        boss = manager.id if manager is not None else None
        member = add_member(self.memory, team, name, Role(role), self.now, boss)
        account = _account(member)
        self.memory.members.save_identity(
            Identity(
                team_id=team.id,
                member_id=member.id,
                platform=PLATFORM,
                account_id=account.id,
                address=account.address,
                last_active_at=self.now,
            )
        )
        if role == "admin":
            self.world.people.append(_with_self(_person(member)))
        self._deal(team, member)
        return member

    def _deal(self, team: Team, owner: Member) -> None:
        def word() -> str:
            return self.word(team.id, owner.id)

        name = f"{COMPANIES[owner.id % len(COMPANIES)]} {word()}"
        customer = self.memory.customers.add(
            Customer(team_id=team.id, name=name, name_key=make_name_key(name), created_at=self.now)
        )
        phone = f"+4930{self.number(team.id, owner.id)}"
        self.memory.customers.add_contact(
            Contact(
                team_id=team.id,
                customer_id=customer.id,
                name=f"Jane {word()}",
                phone=phone,
                email=f"{word()}@example.com",
                created_at=self.now,
            )
        )
        before = self.now - timedelta(days=9)
        deal = self.memory.deals.add(
            Deal(
                team_id=team.id,
                customer_id=customer.id,
                owner_id=owner.id,
                stage="negotiation",
                amount=Decimal(self.number(team.id, owner.id)),
                next_step=f"call {word()}",
                next_step_at=self.now + timedelta(days=1),
                stage_since=before,
                last_activity_at=before,
                created_at=before,
                customer=customer,
            )
        )
        add_next_step(self.memory, deal)
        owner.deal_in_hand_id = deal.id
        self.world.names.append(name)
        self.world.phones.append(phone)
        self._around(deal, owner, word())

    def _around(self, deal: Deal, owner: Member, word: str) -> None:
        """A note, a nudge that was sent, a look-up and a choice that is still open."""
        memory, now, team = self.memory, self.now, deal.team_id
        memory.deals.change(
            deal, {"source": "event"}, kind=EventKind.NOTED, by=owner.id, at=now, note=word
        )
        nudge = memory.nudges.make(
            Nudge(
                team_id=team,
                deal_id=deal.id,
                member_id=owner.id,
                key=f"stall:{deal.id}:0:1",
                kind="stall",
                made_at=now,
            )
        )
        assert nudge is not None
        memory.outbox.put(
            Outbox(
                team_id=team,
                member_id=owner.id,
                key=f"nudge:{nudge.id}",
                kind="nudge",
                subject_id=nudge.id,
                due_at=now + timedelta(days=2),
            )
        )
        self._missing(deal, owner)
        draft = {"command": "note", "rest": word, "text": word}
        memory.drafts.save(PLATFORM, _account(owner).id, "pick", draft, now, team, owner.id)

    def _missing(self, deal: Deal, owner: Member) -> None:
        """What the owner looked up and nothing was found for, and the card they propose for it."""
        memory, now, team = self.memory, self.now, deal.team_id
        query = f"but {self.word(team, owner.id, gap=True)}"
        gap = memory.gaps.add(
            Gap(team_id=team, query=query, first_member_id=owner.id, first_at=now, last_at=now)
        )
        asked = LookUp(team_id=team, member_id=owner.id, deal_id=deal.id, query=query, at=now)
        asked.gap_id = gap.id
        memory.lookups.add(asked)
        word = self.word(team, owner.id, gap=True)
        draft = Card(
            team_id=team,
            key=f"own-{owner.id}",
            language="en",
            objection=f"Unheard of {word}",
            say=f"Say {word}",
            state=CardState.DRAFT,
            made_by_id=owner.id,
            changed_at=now,
        )
        memory.cards.add([draft], by=owner.id)

    def _card(self, team: Team) -> None:
        word = self.word(team.id)
        card = Card(
            team_id=team.id,
            key="price",
            language="en",
            objection="Too expensive",
            say=f"Say {word}",
            changed_at=self.now,
            phrasings=[Phrasing(team_id=team.id, text="too expensive")],
        )
        self.memory.cards.add([card])

    def _invite(self, team: Team) -> None:
        admin = self.world.of(team.id, "admin")[0]
        self.memory.invites.add(
            Invite(
                team_id=team.id,
                made_by_id=admin.id,
                role=Role.ADMIN,
                secret_hash=hash_secret(f"secret {team.id}"),
                expires_at=self.now + timedelta(days=7),
                created_at=self.now,
            )
        )


def build(database: Database, shapes: list[TeamShape], now: datetime) -> World:
    """A world with a team of each shape."""
    with database.work() as memory:
        builder = Builder(memory, now)
        for shape in shapes:
            builder.team(shape)
    return builder.world


def _account(member: Member) -> Account:
    return Account(PLATFORM, f"member-{member.id}", member.name, "en", str(member.id))


def _person(member: Member) -> Person:
    return Person(member.id, member.team_id, member.role, _account(member))


def _with_self(person: Person) -> Person:
    below = person.below | {person.id}
    return Person(person.id, person.team, person.role, person.account, below)
