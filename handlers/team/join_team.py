"""The ways into a team: an invite, a code that links a second account, and the team's workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.numbers import get_territory_currencies

from handlers.contract.desk import RANKS, Desk, Lobby, next_digest
from handlers.contract.request import Account
from handlers.contract.words import choose_language, choose_words
from handlers.reading import clean_text
from handlers.team.create_team import TeamFacts, add_member, create_team
from handlers.team.time_zones import find_country, find_zone
from storage.tables.people_and_deals import Identity, Invite, Member, Role
from storage.unit_of_work import UnitOfWork

CURRENCY = {"en": "EUR", "zh": "CNY"}  # where a zone names no country
Tenant = tuple[str, str]  # a platform's organisation and workspace


@dataclass(frozen=True)
class Newcomer:
    """A person of a workspace who is not a member yet. `language` is an IETF tag, `time_zone` IANA.

    `full` says that they are a full member there: no guest, and nobody from elsewhere; `admin`
    that they run the workspace.
    """

    name: str
    language: str
    time_zone: str
    full: bool
    admin: bool = False


def redeem(room: Lobby, secret: str) -> tuple[Member, bool] | None:
    """Redeems an invite or link code: the account's member, and whether it is one that existed.

    None when the secret is unknown, used up, revoked, too old, or its maker has left or may not
    give that role any more.
    """
    invite = room.memory.invites.redeem(secret[:100], room.now)
    if invite is None:
        return None
    maker = room.memory.members.get(invite.team_id, invite.made_by_id)
    if maker is None or (invite.member_id is None and invite.role not in list_roles_given(maker)):
        return None
    member = _find_or_add_member(room, invite)
    if member is None:
        return None
    link_account(room, member)
    kind = "joined" if invite.member_id is None else "account linked"
    room.memory.members.add_audit(member.team_id, member.id, kind, room.now, invite=invite.id)
    return member, invite.member_id is not None


def list_roles_given(maker: Member) -> list[Role]:
    """The roles that a member may invite others to: from manager on, those up to their own."""
    if maker.role == Role.REP:
        return []
    return [role for role in RANKS if RANKS[role] <= RANKS[maker.role]]


def spend(room: Lobby | Desk, secret: str) -> bool:
    """Ends the invite or link code of a secret that others have read; whether it was a live one."""
    invite = room.memory.invites.find_valid(secret[:100], room.now)
    if invite is None:
        return False
    room.memory.invites.revoke(invite.team_id, invite.id, room.now)
    room.memory.members.add_audit(
        invite.team_id, None, "invite revoked", room.now, invite=invite.id, why="shown in a group"
    )
    return True


def link_account(room: Lobby, member: Member) -> None:
    """Makes this account one of the member's from now on."""
    _save_identity(room.memory, room.account, member, room.now)


def join_by_workspace(
    memory: UnitOfWork, account: Account, newcomer: Newcomer, tenant: Tenant, now: datetime
) -> str:
    """Makes a full member of a team's workspace its rep; the team's name, or "" where not.

    The workspace must have a team whose admin lets its people in. An account that has ever been a
    member's is not let in by this: who was removed stays out.
    """
    workspace = memory.workspaces.find(account.platform, *tenant)
    known = memory.members.find_identity(account.platform, account.id)
    if workspace is None or workspace.team_id is None or known is not None:
        return ""
    if not newcomer.full or not workspace.members_join:
        return ""
    team = memory.members.get_team(workspace.team_id)
    name = clean_text(newcomer.name, 200) or clean_text(account.name, 200) or team.name
    managers = [each for each in memory.members.list_active(team.id) if each.role == Role.MANAGER]
    manager = managers[0].id if len(managers) == 1 else None
    member = add_member(memory, team, name, Role.REP, now, manager)
    _apply_profile(member, newcomer, now)
    _save_identity(memory, account, member, now)
    memory.members.add_audit(team.id, member.id, "joined", now, workspace=workspace.id)
    return team.name


def create_by_workspace(
    memory: UnitOfWork, account: Account, newcomer: Newcomer, tenant: Tenant, now: datetime
) -> None:
    """After an installation: makes the workspace's team, with whoever installed as its admin.

    A workspace that has had a team keeps it; then the installer only joins that.
    """
    workspace = memory.workspaces.find_exact(account.platform, *tenant)
    if workspace is None:
        return
    if workspace.team_id is not None:
        join_by_workspace(memory, account, newcomer, tenant, now)
        return
    words = choose_words(newcomer.language)
    name = clean_text(newcomer.name, 200) or words.line("team.onboarding.unnamed")
    zone = find_zone(newcomer.time_zone) or "UTC"
    country = find_country(zone)
    facts = TeamFacts(
        clean_text(workspace.name, 200) or words.line("platforms.terminal.team_of", name=name),
        words.language,
        zone,
        _find_currency(country, now, CURRENCY[words.language]),
        country,
    )
    member = create_team(memory, facts, name, now)
    _save_identity(memory, account, member, now)
    workspace.team_id = member.team_id
    memory.members.add_audit(
        member.team_id, member.id, "workspace installed", now, workspace=workspace.id
    )


def claim_workspace(memory: UnitOfWork, account: Account, tenant: Tenant, now: datetime) -> None:
    """Gives a workspace without a team to the team whose admin this account has become."""
    workspace = memory.workspaces.find(account.platform, *tenant)
    identity = memory.members.find_identity(account.platform, account.id)
    if workspace is None or workspace.team_id is not None or identity is None:
        return
    member = memory.members.get(identity.team_id, identity.member_id)
    if member is not None and member.role == Role.ADMIN:
        workspace.team_id = member.team_id
        memory.members.add_audit(
            member.team_id, member.id, "workspace claimed", now, workspace=workspace.id
        )


def review_account(memory: UnitOfWork, account: Account, *, full: bool, now: datetime) -> bool:
    """After their workspace was asked: suspends or restores an account; whether that changed it.

    `full`: they are a full member there. Whoever was invited stays, as a guest too. A suspended
    account is a stranger's; its member's deals and past stay where they are.
    """
    identity = memory.members.find_identity(account.platform, account.id)
    if identity is None:
        return False
    identity.checked_at = now
    invited = memory.members.was_invited(identity.team_id, identity.member_id)
    suspended = not full and not invited
    if suspended == identity.suspended:
        return False
    identity.suspended, identity.reachable = suspended, not suspended
    if not suspended:
        memory.outbox.revive(identity.team_id, identity.member_id, now)
    kind = "account suspended" if suspended else "account restored"
    memory.members.add_audit(identity.team_id, identity.member_id, kind, now, account=account.id)
    return True


def _find_currency(country: str, now: datetime, otherwise: str) -> str:
    """A country's currency today; `otherwise` where there is no country."""
    if not country:
        return otherwise
    return next(iter(get_territory_currencies(country, now.date())), otherwise)


def _apply_profile(member: Member, newcomer: Newcomer, now: datetime) -> None:
    """Takes over what the workspace knows of a person: their language and where they live."""
    if newcomer.language:
        member.language = choose_language(newcomer.language)
    zone = find_zone(newcomer.time_zone)
    if zone is not None:
        member.time_zone, member.country = zone, find_country(zone)
        member.digest_due_at = next_digest(member, now)


def _save_identity(memory: UnitOfWork, account: Account, member: Member, now: datetime) -> None:
    memory.members.save_identity(
        Identity(
            team_id=member.team_id,
            member_id=member.id,
            platform=account.platform,
            account_id=account.id,
            address=account.address,
            last_active_at=now,
            checked_at=now,
        )
    )


def _find_or_add_member(room: Lobby, invite: Invite) -> Member | None:
    members = room.memory.members
    if invite.member_id is not None:
        return members.get(invite.team_id, invite.member_id)
    maker = members.get(invite.team_id, invite.made_by_id)
    manager = maker.id if maker is not None and maker.role == Role.MANAGER else None
    if manager is None:
        managers = [
            each for each in members.list_active(invite.team_id) if each.role == Role.MANAGER
        ]
        manager = managers[0].id if len(managers) == 1 and invite.role == Role.REP else None
    name = clean_text(room.account.name, 200) or room.words.line("team.onboarding.unnamed")
    team = members.get_team(invite.team_id)
    return add_member(room.memory, team, name, invite.role, room.now, manager)
