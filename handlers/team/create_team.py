"""Makes a team: the team itself, its first admin, and the starter cards in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.contract.desk import next_digest
from handlers.contract.words import LANGUAGES
from kb.objections.packs import load_pack
from storage.cards.cards import Starter
from storage.tables.people_and_deals import Member, Role, Team
from storage.unit_of_work import UnitOfWork

STARTER_REVIEW = timedelta(days=90)


@dataclass(frozen=True)
class TeamFacts:
    """What a new team is made of. `time_zone` is an IANA name, `currency` an ISO 4217 code.

    `funnel` is the ready funnel that their main pipeline begins as.
    """

    name: str
    language: str
    time_zone: str
    currency: str
    country: str = ""
    funnel: str = "odds6"


def create_team(memory: UnitOfWork, facts: TeamFacts, founder: str, now: datetime) -> Member:
    """Makes the team and gives back its founder, who is its admin."""
    team = memory.members.add_team(
        Team(
            name=facts.name,
            language=facts.language,
            time_zone=facts.time_zone,
            currency=facts.currency,
            country=facts.country,
            funnel=facts.funnel,
            created_at=now,
        )
    )
    member = add_member(memory, team, founder, Role.ADMIN, now)
    memory.cards.add_starters(team.id, make_starter_cards(now))
    memory.members.add_audit(team.id, member.id, "team made", now)
    return member


def add_member(
    memory: UnitOfWork, team: Team, name: str, role: Role, now: datetime, manager: int | None = None
) -> Member:
    """Makes a member with the team's language and zone, and their first digest's time."""
    member = memory.members.add_member(
        Member(
            team_id=team.id,
            name=name,
            role=role,
            manager_id=manager,
            language=team.language,
            time_zone=team.time_zone,
            country=team.country,
            created_at=now,
        )
    )
    member.digest_due_at = next_digest(member, now)
    return member


def make_starter_cards(now: datetime) -> list[Starter]:
    """The starter packs as cards of a team's own, which it may edit."""
    return [
        Starter(
            {
                "key": fact.key,
                "language": fact.language,
                "category": fact.category,
                "stages": list(fact.stages),
                "industries": list(fact.industries),
                "objection": fact.objection,
                "ask": fact.ask,
                "say": fact.say,
                "angles": list(fact.angles),
                "proof": fact.proof,
                "changed_at": now,
                "verified_at": now,
                "review_at": now + STARTER_REVIEW,
            },
            fact.phrasings,
        )
        for language in LANGUAGES
        for fact in load_pack(f"starter_{language}")
    ]
