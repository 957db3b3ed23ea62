"""The people of a made-up team: an admin, two managers, and the reps below them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.team.create_team import TeamFacts, add_member, create_team
from storage.engine import Database
from storage.tables.people_and_deals import Member, Role
from storage.tables.people_and_deals import Team as TeamRow
from storage.unit_of_work import UnitOfWork

NAMES = ("Ann", "Bo", "Cleo", "Dan", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kai", "Lou")
MANAGERS = ("Mia", "Max")


@dataclass(frozen=True)
class Team:
    """The ids of the people: `reps` in order, the first half of them below the first manager."""

    id: int
    admin: int
    managers: tuple[int, ...]
    reps: tuple[int, ...]
    cards: tuple[int, ...]

    def below(self, manager: int) -> tuple[int, ...]:
        """The reps of a manager."""
        return self.reps[self.managers.index(manager) :: len(self.managers)]


def founded(database: Database, reps: int, language: str, at: datetime, cards: bool) -> Team:
    """Makes the team with its people; the starter cards only where they are wanted."""
    currency, zone = ("CNY", "Asia/Shanghai") if language == "zh" else ("EUR", "Europe/Berlin")
    facts = TeamFacts("World", language, zone, currency, "CN" if language == "zh" else "DE")
    with database.work() as memory:
        team, admin = _team(memory, facts, at, cards)
        managers = [add_member(memory, team, name, Role.MANAGER, at) for name in MANAGERS]
        staff = [
            add_member(memory, team, _name(n), Role.REP, at, managers[n % 2].id)
            for n in range(reps)
        ]
        for member in (admin, *managers, *staff):
            member.digest_due_at = None
        shelf = tuple(card.id for card in memory.cards.list_all(team.id)[:8])
        return Team(
            team.id, admin.id, tuple(m.id for m in managers), tuple(m.id for m in staff), shelf
        )


def _team(
    memory: UnitOfWork, facts: TeamFacts, at: datetime, cards: bool
) -> tuple[TeamRow, Member]:
    if cards:
        admin = create_team(memory, facts, "Kim", at)
        return memory.members.get_team(admin.team_id), admin
    team = memory.members.add_team(
        TeamRow(
            name=facts.name,
            language=facts.language,
            time_zone=facts.time_zone,
            currency=facts.currency,
            country=facts.country,
            created_at=at,
        )
    )
    return team, add_member(memory, team, "Kim", Role.ADMIN, at)


def _name(number: int) -> str:
    return NAMES[number] if number < len(NAMES) else f"Rep {number}"
