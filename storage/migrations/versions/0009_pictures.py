"""Pictures"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    pictures = sa.Column("pictures", sa.String(length=8), nullable=False, server_default="light")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(pictures)


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("pictures")
