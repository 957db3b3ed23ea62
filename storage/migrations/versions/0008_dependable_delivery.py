"""Dependable delivery"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    trouble = sa.Column("trouble", sa.String(length=100), nullable=False, server_default="")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wanted_at", UTCDateTime(), nullable=True))
        batch_op.add_column(trouble)
        batch_op.create_index(
            "ix_outbox_state_team_id_due_at", ["state", "team_id", "due_at"], unique=False
        )
    outbox = sa.table("outbox", sa.column("due_at"), sa.column("wanted_at"))
    op.execute(outbox.update().values(wanted_at=outbox.c.due_at))
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("platform", "key", name=op.f("uq_hold_platform_key")),
    )


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("hold")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state_team_id_due_at")
        batch_op.drop_column("trouble")
        batch_op.drop_column("wanted_at")
