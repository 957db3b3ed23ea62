"""Gaps without the time they were raised at, which nothing ever read"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.drop_column("raised_at")


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.add_column(sa.Column("raised_at", UTCDateTime(), nullable=True))
