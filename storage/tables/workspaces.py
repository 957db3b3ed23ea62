"""The table of the workspaces that have installed us, where a platform has such."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Workspace(SQLModel, table=True):
    """One workspace on one platform, and the team its people belong to, once there is one.

    An installation for a whole organisation has no `workspace_id`.
    """

    __table_args__ = (UniqueConstraint("platform", "enterprise_id", "workspace_id"),)

    id: int = Field(default=None, primary_key=True)
    # None until somebody there makes a team.
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    platform: str = Field(max_length=20)
    # The organisation it is part of, or empty.
    enterprise_id: str = Field(default="", max_length=30)
    workspace_id: str = Field(default="", max_length=30)  # the platform's own id
    name: str = Field(default="", max_length=200)
    # Encrypted; empty where it stands in the settings or has been taken away.
    token: str = Field(default="", sa_type=Text)
    bot_user_id: str = Field(default="", max_length=30)  # our own account there
    installed_by: str = Field(default="", max_length=30)  # an account there
    members_join: bool = Field(default=True)  # full members join the team by writing to us
    installed_at: datetime
    removed_at: datetime | None = Field(default=None)
