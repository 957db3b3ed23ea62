"""Good manners"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    country = sa.Column("country", sa.String(length=2), nullable=False, server_default="")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(country)
        batch_op.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("nudges_a_day", sa.Integer(), nullable=False, server_default="5")
        )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("patience", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("patience_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rhythm", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("folded", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    team = sa.table("team", sa.column("id"), sa.column("country"))
    member = sa.table("member", sa.column("team_id"), sa.column("country"))
    of_team = sa.select(team.c.country).where(team.c.id == member.c.team_id).scalar_subquery()
    op.execute(member.update().values(country=of_team))


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.drop_column("folded")
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.drop_column("rhythm")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("patience_at")
        batch_op.drop_column("patience")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("nudges_a_day")
        batch_op.drop_column("away_until")
        batch_op.drop_column("away_from")
        batch_op.drop_column("country")
