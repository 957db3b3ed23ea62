"""Accounts that are suspended, and when their platform was last asked about them"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("checked_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_column("checked_at")
        batch_op.drop_column("suspended")
