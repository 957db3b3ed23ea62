"""Workspaces"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("enterprise_id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("bot_user_id", sa.String(length=30), nullable=False),
        sa.Column("installed_by", sa.String(length=30), nullable=False),
        sa.Column("members_join", sa.Boolean(), nullable=False),
        sa.Column("installed_at", UTCDateTime(), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_workspace_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint(
            "platform",
            "enterprise_id",
            "workspace_id",
            name=op.f("uq_workspace_platform_enterprise_id_workspace_id"),
        ),
    )
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workspace_team_id"), ["team_id"], unique=False)


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("workspace")
