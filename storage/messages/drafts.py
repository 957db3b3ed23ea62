"""What people have begun and not finished: forms being asked, choices to make."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, func, select

from storage.tables.messages import Draft

# Asked with every message, so made once: the library then need not compare it anew.
# An account's drafts of a kind, the newest first.
SELECT_LATEST_DRAFT = (
    select(Draft)
    .where(
        col(Draft.platform) == bindparam("platform"),
        col(Draft.account_id) == bindparam("account_id"),
        col(Draft.kind) == bindparam("kind"),
    )
    .order_by(col(Draft.id).desc())
)


class Drafts:
    """Queries on drafts; each belongs to one account and nobody else finds it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(
        self,
        platform: str,
        account_id: str,
        kind: str,
        data: dict[str, Any],
        at: datetime,
        team_id: int | None = None,
        member_id: int | None = None,
    ) -> Draft:
        """Keeps something begun, and gives it its id."""
        draft = Draft(
            platform=platform,
            account_id=account_id,
            kind=kind,
            data=data,
            created_at=at,
            team_id=team_id,
            member_id=member_id,
        )
        self._session.add(draft)
        self._session.flush()
        return draft

    def get(self, platform: str, account_id: str, draft_id: int) -> Draft | None:
        """A draft of this account."""
        draft = self._session.get(Draft, draft_id)
        if draft is None or (draft.platform, draft.account_id) != (platform, account_id):
            return None
        return draft

    def get_of_member(self, team_id: int, member_id: int, draft_id: int) -> Draft | None:
        """A draft of this member, begun on whichever of their accounts."""
        draft = self._session.get(Draft, draft_id)
        if draft is None or (draft.team_id, draft.member_id) != (team_id, member_id):
            return None
        return draft

    def find_latest(self, platform: str, account_id: str, kind: str) -> Draft | None:
        """The newest draft of a kind this account has: the form, the question it is being asked."""
        whose = {"platform": platform, "account_id": account_id, "kind": kind}
        return self._session.exec(SELECT_LATEST_DRAFT, params=whose).first()

    def count(self, platform: str, account_id: str, kind: str, since: datetime) -> int:
        """How many of a kind this account has had since then."""
        query = (
            select(func.count())
            .select_from(Draft)
            .where(
                Draft.platform == platform,
                Draft.account_id == account_id,
                Draft.kind == kind,
                Draft.created_at > since,
            )
        )
        return self._session.exec(query).one()

    def change(self, draft: Draft, data: dict[str, Any]) -> None:
        """Replaces what a draft holds."""
        draft.data = data
        self._session.add(draft)

    def drop(self, draft: Draft) -> None:
        """Forgets a draft."""
        self._session.delete(draft)

    def drop_all(self, platform: str, account_id: str, kind: str) -> None:
        """Forgets this account's drafts of a kind."""
        if self.find_latest(platform, account_id, kind) is None:
            return  # mostly there is none, and looking is quicker than deleting nothing
        gone = delete(Draft).where(
            col(Draft.platform) == platform,
            col(Draft.account_id) == account_id,
            col(Draft.kind) == kind,
        )
        self._session.exec(gone)

    def forget_member(self, team_id: int, member_id: int) -> None:
        """Forgets all that a member has begun."""
        gone = delete(Draft).where(col(Draft.team_id) == team_id, col(Draft.member_id) == member_id)
        self._session.exec(gone)

    def forget_before(self, at: datetime) -> None:
        """Forgets drafts older than this."""
        self._session.exec(delete(Draft).where(col(Draft.created_at) < at))
