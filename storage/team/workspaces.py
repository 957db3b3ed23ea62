"""The workspaces that have installed us: whose they are, and the token we have there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from storage.tables.workspaces import Workspace


class Workspaces:
    """Queries on workspaces. Each names the platform, the organisation and the workspace."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find_exact(self, platform: str, enterprise_id: str, workspace_id: str) -> Workspace | None:
        """The row of this very installation, also one that has been taken away."""
        query = select(Workspace).where(
            Workspace.platform == platform,
            Workspace.enterprise_id == enterprise_id,
            Workspace.workspace_id == workspace_id,
        )
        return self._session.exec(query).first()

    def find(self, platform: str, enterprise_id: str, workspace_id: str) -> Workspace | None:
        """The present installation for a workspace: its own, else its organisation's.

        A payload may leave out the organisation; a workspace's id is enough to know it.
        """
        if workspace_id:
            query = select(Workspace).where(
                Workspace.platform == platform,
                Workspace.workspace_id == workspace_id,
                col(Workspace.removed_at).is_(None),
            )
            own = self._session.exec(query.order_by(col(Workspace.id))).first()
            if own is not None:
                return own
        whole = self.find_exact(platform, enterprise_id, "") if enterprise_id else None
        return whole if whole is not None and whole.removed_at is None else None

    def list_of_team(self, team_id: int) -> Sequence[Workspace]:
        """The present workspaces of a team."""
        query = select(Workspace).where(
            Workspace.team_id == team_id, col(Workspace.removed_at).is_(None)
        )
        return self._session.exec(query.order_by(col(Workspace.id))).all()

    def save(self, workspace: Workspace) -> Workspace:
        """Keeps an installation, a new one or one made again; its team and rule stay."""
        known = self.find_exact(workspace.platform, workspace.enterprise_id, workspace.workspace_id)
        if known is None:
            self._session.add(workspace)
            self._session.flush()
            return workspace
        known.name, known.token = workspace.name, workspace.token
        known.bot_user_id, known.removed_at = workspace.bot_user_id, None
        known.installed_at = workspace.installed_at
        known.installed_by = workspace.installed_by or known.installed_by
        return known

    def remove(self, platform: str, enterprise_id: str, workspace_id: str, at: datetime) -> None:
        """Forgets the token at once; whose the workspace was is kept, so that it can return."""
        gone = update(Workspace).where(
            col(Workspace.platform) == platform,
            col(Workspace.enterprise_id) == enterprise_id,
            col(Workspace.workspace_id) == workspace_id,
        )
        self._session.exec(gone.values(token="", removed_at=at))
