"""Deals with the day on which they should be signed"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("close_date", sa.Date(), nullable=True))


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.drop_column("close_date")
