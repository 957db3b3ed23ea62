"""Teams, their members, and the accounts those are known by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select, update

from storage.messages.outbox import OutboxRows
from storage.scope import Scope
from storage.tables.people_and_deals import Audit, Identity, Member, Role, Team

# Asked with every message, so made once: the library then need not compare it anew.
# The identity of an account on a platform.
SELECT_IDENTITY = select(Identity).where(
    col(Identity.platform) == bindparam("platform"),
    col(Identity.account_id) == bindparam("account_id"),
)

# When the next morning digest of any present member is due.
SELECT_NEXT_DIGEST_TIME = select(func.min(Member.digest_due_at)).where(
    col(Member.removed_at).is_(None)
)
# Present members of any team whose morning digest is due, longest due first.
SELECT_DUE_DIGESTS = (
    select(Member)
    .where(col(Member.digest_due_at) <= bindparam("now"), col(Member.removed_at).is_(None))
    .order_by(col(Member.digest_due_at))
    .limit(bindparam("limit"))
)


class Members:
    """Queries on teams, members and identities."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._outbox = OutboxRows(session)
        # Team and id of each member removed in this transaction.
        self.uncommitted_removals: list[tuple[int, int]] = []

    def add_team(self, team: Team) -> Team:
        """Keeps a new team, and gives it its id."""
        self._session.add(team)
        self._session.flush()
        return team

    def get_team(self, team_id: int) -> Team:
        """The team of this id; it must exist."""
        return self._session.get_one(Team, team_id)

    def list_teams(self) -> Sequence[Team]:
        """Every team, for the processes' own sweeps; no handler may ask this."""
        return self._session.exec(select(Team).order_by(col(Team.id))).all()

    def add_member(self, member: Member) -> Member:
        """Keeps a new member, and gives it its id."""
        self._session.add(member)
        self._session.flush()
        return member

    def get(self, team_id: int, member_id: int) -> Member | None:
        """A member of the team who has not been removed."""
        member = self._session.get(Member, member_id)
        if member is None or member.team_id != team_id or member.removed_at is not None:
            return None
        return member

    def get_name(self, team_id: int, member_id: int) -> str:
        """A member's name, also after they left; empty for another team's."""
        member = self._session.get(Member, member_id)
        return member.name if member is not None and member.team_id == team_id else ""

    def list_active(self, team_id: int) -> Sequence[Member]:
        """The team's present members, oldest first."""
        query = select(Member).where(Member.team_id == team_id, col(Member.removed_at).is_(None))
        return self._session.exec(query.order_by(col(Member.id))).all()

    def get_scope(self, member: Member) -> Scope:
        """Whose deals the member may read: a rep their own, a manager also all below them.

        An admin reads the whole team's.
        """
        match member.role:
            case Role.ADMIN:
                return Scope(member.team_id)
            case Role.MANAGER:
                return Scope(member.team_id, self._find_ids_below(member))
            case Role.REP:
                return Scope(member.team_id, frozenset({member.id}))
            case _:
                assert_never(member.role)

    def _find_ids_below(self, manager: Member) -> frozenset[int]:
        """The ids of the manager and of everybody below them, at any depth."""
        everyone = self._session.exec(
            select(Member.id, Member.manager_id).where(Member.team_id == manager.team_id)
        ).all()
        found, reached = {manager.id}, {manager.id}
        while reached:
            reached = {who for who, boss in everyone if boss in reached} - found
            found |= reached
        return frozenset(found)

    def count_admins(self, team_id: int) -> int:
        """How many admins the team has."""
        query = select(func.count()).select_from(Member)
        query = query.where(Member.team_id == team_id, Member.role == Role.ADMIN)
        return self._session.exec(query.where(col(Member.removed_at).is_(None))).one()

    def change_role(self, member: Member, role: Role) -> bool:
        """Gives the member a role, unless that would leave the team without an admin."""
        return self._change_keeping_an_admin(member, {"role": role}, keeps_admin=role == Role.ADMIN)

    def remove(self, member: Member, at: datetime) -> bool:
        """Ends the member's access at once, unless they are the team's last admin."""
        removed = self._change_keeping_an_admin(member, {"removed_at": at}, keeps_admin=False)
        if removed:
            self.uncommitted_removals.append((member.team_id, member.id))
        return removed

    def was_invited(self, team_id: int, member_id: int) -> bool:
        """Whether the member came in, or an account of theirs, by an invite or a link code."""
        query = select(Audit).where(
            Audit.team_id == team_id,
            Audit.member_id == member_id,
            col(Audit.kind).in_(("joined", "account linked")),
        )
        return any("invite" in fact.data for fact in self._session.exec(query))

    def _change_keeping_an_admin(
        self, member: Member, values: dict[str, Any], *, keeps_admin: bool
    ) -> bool:
        # The last-admin rule stands in the statement itself: two admins who demote each other at
        # the same moment must not both succeed. PostgreSQL needs the rows locked for that.
        others = select(Member.id).where(
            Member.team_id == member.team_id,
            Member.role == Role.ADMIN,
            col(Member.removed_at).is_(None),
        )
        admins = set(self._session.exec(others.order_by(col(Member.id)).with_for_update()).all())
        if not keeps_admin and admins == {member.id}:
            return False
        change = update(Member).where(col(Member.id) == member.id).values(**values)
        self._session.exec(change)
        self._session.refresh(member)
        return True

    def find_identity(self, platform: str, account_id: str) -> Identity | None:
        """The identity of an account, whoever it belongs to."""
        account = {"platform": platform, "account_id": account_id}
        return self._session.exec(SELECT_IDENTITY, params=account).first()

    def list_identities(self, team_id: int, member_id: int) -> Sequence[Identity]:
        """A member's accounts, the one last active first."""
        query = select(Identity).where(Identity.team_id == team_id, Identity.member_id == member_id)
        order = (col(Identity.last_active_at).desc(), col(Identity.id))
        return self._session.exec(query.order_by(*order)).all()

    def save_identity(self, identity: Identity) -> Identity:
        """Keeps an identity; one the account had in another team or member moves here."""
        existing = self.find_identity(identity.platform, identity.account_id)
        if existing is None:
            self._session.add(identity)
            self._session.flush()
            return identity
        existing.team_id, existing.member_id = identity.team_id, identity.member_id
        existing.address, existing.reachable = identity.address, True
        existing.suspended, existing.checked_at = False, identity.checked_at
        existing.last_active_at = identity.last_active_at
        return existing

    def restore_reachability(self, platform: str, prefix: str, now: datetime) -> int:
        """Takes all accounts of this prefix for reachable once more; how many had not been.

        A workspace that sent us away, and with it all its people, has us back.
        """
        lost = select(Identity).where(
            Identity.platform == platform,
            col(Identity.account_id).startswith(prefix, autoescape=True),
            col(Identity.reachable).is_(False),
            col(Identity.suspended).is_(False),
        )
        found = self._session.exec(lost).all()
        for identity in found:
            identity.reachable = True
            self._outbox.revive(identity.team_id, identity.member_id, now)
        return len(found)

    def add_audit(
        self, team_id: int, member_id: int | None, kind: str, at: datetime, **data: Any
    ) -> Audit:
        """Writes an append-only fact about what a member did, or nobody, to more than a deal."""
        fact = Audit(team_id=team_id, member_id=member_id, kind=kind, at=at, data=data)
        self._session.add(fact)
        self._session.flush()
        return fact

    def get_audit(self, team_id: int, audit_id: int) -> Audit | None:
        """A fact of the team's audit."""
        fact = self._session.get(Audit, audit_id)
        return fact if fact is not None and fact.team_id == team_id else None

    def list_last_audits_by(self, team_id: int, member_id: int, limit: int = 10) -> Sequence[Audit]:
        """A member's newest facts of the audit, newest first."""
        query = select(Audit).where(Audit.team_id == team_id, Audit.member_id == member_id)
        return self._session.exec(query.order_by(col(Audit.id).desc()).limit(limit)).all()

    def list_due_digests(self, now: datetime, limit: int = 500) -> Sequence[Member]:
        """Present members whose morning digest is due."""
        return self._session.exec(SELECT_DUE_DIGESTS, params={"now": now, "limit": limit}).all()

    def next_digest_at(self) -> datetime | None:
        """When the next morning digest is due, for anybody."""
        return self._session.exec(SELECT_NEXT_DIGEST_TIME).one()
