"""The table of the workspaces that have installed us, where a platform has such."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Workspace(SQLModel, table=True):
    """One workspace on one platform, and the team its people belong to, once there is one.

    `enterprise_id` is the organisation it is part of, or empty; an installation for a whole
    organisation has no `workspace_id`. `token` is encrypted, and empty where the token stands in
    the settings or has been taken away (`removed_at`). `installed_by` is an account there.
    `members_join` lets its full members join the team by writing to us.
    """

    __table_args__ = (UniqueConstraint("platform", "enterprise_id", "workspace_id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    platform: str = Field(max_length=20)
    enterprise_id: str = Field(default="", max_length=30)
    workspace_id: str = Field(default="", max_length=30)
    name: str = Field(default="", max_length=200)
    token: str = Field(default="", sa_type=Text)
    bot_user_id: str = Field(default="", max_length=30)
    installed_by: str = Field(default="", max_length=30)
    members_join: bool = Field(default=True)
    installed_at: datetime
    removed_at: datetime | None = Field(default=None)
