"""Invites and one-time link codes: kept hashed, redeemed by one atomic update."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from storage.tables.people_and_deals import Invite, Role


def hash_secret(secret: str) -> str:
    """SHA-256 of a secret; a 128-bit random secret needs no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Invites:
    """Queries on invites."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, invite: Invite) -> Invite:
        """Keeps a new invite."""
        self._session.add(invite)
        self._session.flush()
        return invite

    def get(self, team_id: int, invite_id: int) -> Invite | None:
        """An invite or link code of the team."""
        invite = self._session.get(Invite, invite_id)
        return invite if invite is not None and invite.team_id == team_id else None

    def find_valid(self, secret: str, now: datetime) -> Invite | None:
        """The invite behind a secret, if it can still be used; it is not used up by looking."""
        query = select(Invite).where(
            Invite.secret_hash == hash_secret(secret),
            Invite.uses_left > 0,
            Invite.expires_at > now,
            col(Invite.revoked_at).is_(None),
        )
        return self._session.exec(query).first()

    def redeem(self, secret: str, now: datetime) -> Invite | None:
        """Takes one use of the invite, or None; two at once never share the last use."""
        taken = (
            update(Invite)
            .where(
                col(Invite.secret_hash) == hash_secret(secret),
                col(Invite.uses_left) > 0,
                col(Invite.expires_at) > now,
                col(Invite.revoked_at).is_(None),
            )
            .values(uses_left=col(Invite.uses_left) - 1)
            .returning(col(Invite.id))
        )
        found = self._session.exec(taken).first()
        if found is None:
            return None
        invite = self._session.get_one(Invite, found[0])
        self._session.refresh(invite)
        return invite

    def list_open(self, team_id: int, now: datetime) -> Sequence[Invite]:
        """The team's invites that can still be used, link codes left out."""
        query = select(Invite).where(
            Invite.team_id == team_id,
            Invite.uses_left > 0,
            Invite.expires_at > now,
            col(Invite.revoked_at).is_(None),
            col(Invite.member_id).is_(None),
        )
        return self._session.exec(query.order_by(col(Invite.id))).all()

    def revoke(self, team_id: int, invite_id: int, now: datetime) -> bool:
        """Ends an invite of the team."""
        change = update(Invite).where(
            col(Invite.id) == invite_id,
            col(Invite.team_id) == team_id,
            col(Invite.revoked_at).is_(None),
        )
        return bool(self._session.exec(change.values(revoked_at=now)).rowcount)

    def revoke_made_by(
        self, team_id: int, maker_id: int, now: datetime, *, keep: Collection[Role] = ()
    ) -> int:
        """Ends a member's open invites but those for the roles in `keep`; returns how many."""
        change = update(Invite).where(
            col(Invite.team_id) == team_id,
            col(Invite.made_by_id) == maker_id,
            col(Invite.member_id).is_(None),
            col(Invite.role).not_in(keep),
            col(Invite.uses_left) > 0,
            col(Invite.expires_at) > now,
            col(Invite.revoked_at).is_(None),
        )
        return int(self._session.exec(change.values(revoked_at=now)).rowcount)
