"""The person at the terminal: any member in the database, or a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.contract.request import Account
from handlers.contract.words import choose_words
from handlers.team.create_team import TeamFacts, create_team
from storage.engine import Database
from storage.tables.people_and_deals import Identity, Member, Role
from storage.unit_of_work import UnitOfWork

PLATFORM = "terminal"


@dataclass(frozen=True)
class Person:
    """Somebody at the terminal; `role` and `team` are empty for a stranger."""

    account: Account
    name: str
    role: str = ""
    team: str = ""
    zone: str = "UTC"
    team_id: int = 0


def become(database: Database, name: str, language: str, now: datetime, team_id: int = 0) -> Person:
    """The member of that name, who gets a terminal account, or a stranger of that name.

    Members of the team `team_id` come first where several teams have one of the name.
    """
    with database.work() as memory:
        found = _find_member(memory, name.strip().casefold(), team_id)
        if found is None:
            account = Account(PLATFORM, f"stranger-{name.casefold()}"[:100], name, language)
            return _find_or_make_stranger(memory, account)
        account = _find_account(memory, found, language, now)
        return _make_person(memory, found, account)


def find_recipient_name(database: Database, account_id: str) -> str:
    """The name of the member behind an account, to say who a message is for."""
    with database.work() as memory:
        identity = memory.members.find_identity(PLATFORM, account_id)
        return memory.members.get_name(identity.team_id, identity.member_id) if identity else ""


def has_no_team(database: Database) -> bool:
    """Whether no team has been made yet."""
    with database.work() as memory:
        return not memory.members.list_teams()


def create_team_of_one(
    database: Database, name: str, language: str, zone: str, now: datetime
) -> None:
    """Makes a team of one: whoever sits here is its admin."""
    currency = "CNY" if language == "zh" else "EUR"
    with database.work() as memory:
        team_name = choose_words(language).line("platforms.terminal.team_of", name=name)
        create_team(memory, TeamFacts(team_name, language, zone, currency), name, now)


def find_first_rep_name(database: Database) -> str:
    """The name of the first rep, else of the first member: whom a newcomer plays."""
    with database.work() as memory:
        everyone = [
            member
            for team in memory.members.list_teams()
            for member in memory.members.list_active(team.id)
        ]
    reps = [member for member in everyone if member.role == Role.REP]
    return (reps or everyone)[0].name


def _find_member(memory: UnitOfWork, name: str, team_id: int) -> Member | None:
    teams = sorted(memory.members.list_teams(), key=lambda team: team.id != team_id)
    everyone = [member for team in teams for member in memory.members.list_active(team.id)]
    for fits in (str.__eq__, str.startswith):
        for member in everyone:
            if name and fits(member.name.casefold(), name):
                return member
    return None


def _find_account(memory: UnitOfWork, member: Member, language: str, now: datetime) -> Account:
    for identity in memory.members.list_identities(member.team_id, member.id):
        if identity.platform == PLATFORM:
            return Account(PLATFORM, identity.account_id, member.name, language, identity.address)
    account = Account(PLATFORM, f"member-{member.id}", member.name, language, str(member.id))
    memory.members.save_identity(
        Identity(
            team_id=member.team_id,
            member_id=member.id,
            platform=PLATFORM,
            account_id=account.id,
            address=account.address,
            last_active_at=now,
        )
    )
    return account


def _find_or_make_stranger(memory: UnitOfWork, account: Account) -> Person:
    """A stranger, unless this account has joined a team since."""
    identity = memory.members.find_identity(account.platform, account.id)
    member = memory.members.get(identity.team_id, identity.member_id) if identity else None
    return _make_person(memory, member, account) if member else Person(account, account.name)


def _make_person(memory: UnitOfWork, member: Member, account: Account) -> Person:
    team = memory.members.get_team(member.team_id)
    return Person(account, member.name, member.role, team.name, member.time_zone, team.id)
