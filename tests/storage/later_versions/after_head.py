"""A migration as they will come: it builds anew two tables that other rows name."""

import sqlalchemy as sa
from alembic import op

revision = "after_head"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    motto = sa.Column("motto", sa.String(20), nullable=False, server_default="onward")
    with op.batch_alter_table("team") as batch:
        batch.add_column(motto)
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300))
    with op.batch_alter_table("member") as batch:
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300))


def downgrade() -> None:
    op.drop_column("team", "motto")
