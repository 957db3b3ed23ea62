"""Workspaces of a platform that the office's team is reached in."""

from __future__ import annotations

from handlers.contract.request import Account
from storage.tables.workspaces import Workspace
from storage.unit_of_work import UnitOfWork
from tests.office import Office

TENANT = ("", "T1")
ZOE = Account("slack", "T1.U7", "zoe", "zh", "U7")


def keep_workspace(
    memory: UnitOfWork, office: Office, team_id: int | None, *, members_join: bool = True
) -> Workspace:
    """A workspace called Harbour, of a team or of none yet."""
    return memory.workspaces.save(
        Workspace(
            platform="slack",
            workspace_id="T1",
            name="Harbour",
            team_id=team_id,
            members_join=members_join,
            installed_at=office.clock.now(),
        )
    )
