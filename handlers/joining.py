"""Redeems the two kinds of secrets: an invite makes a member, a link code adds an account."""

from __future__ import annotations

from handlers.desk import Lobby
from handlers.founding import welcome_member
from handlers.reading import clean_text
from storage.tables import Identity, Invite, Member


def redeem(room: Lobby, secret: str) -> tuple[Member, bool] | None:
    """The member this account is from now on, and whether it was linked to one there was.

    None when the secret is unknown, used up, revoked, too old, or its maker has left.
    """
    invite = room.memory.invites.redeem(secret[:100], room.now)
    if invite is None or room.memory.members.get(invite.team_id, invite.made_by_id) is None:
        return None
    member = _member(room, invite)
    if member is None:
        return None
    make_known(room, member)
    kind = "joined" if invite.member_id is None else "account linked"
    room.memory.members.audit(member.team_id, member.id, kind, room.now, invite=invite.id)
    return member, invite.member_id is not None


def make_known(room: Lobby, member: Member) -> None:
    """Makes this account one of the member's from now on."""
    account = room.account
    room.memory.members.known_as(
        Identity(
            team_id=member.team_id,
            member_id=member.id,
            platform=account.platform,
            account_id=account.id,
            address=account.address,
            last_active_at=room.now,
        )
    )


def _member(room: Lobby, invite: Invite) -> Member | None:
    members = room.memory.members
    if invite.member_id is not None:
        return members.get(invite.team_id, invite.member_id)
    maker = members.get(invite.team_id, invite.made_by_id)
    manager = maker.id if maker is not None and maker.role == "manager" else None
    if manager is None:
        managers = [each for each in members.active(invite.team_id) if each.role == "manager"]
        manager = managers[0].id if len(managers) == 1 and invite.role == "rep" else None
    name = clean_text(room.account.name, 200) or room.words.line("welcome.unnamed")
    team = members.team(invite.team_id)
    return welcome_member(room.memory, team, name, invite.role, room.now, manager)
