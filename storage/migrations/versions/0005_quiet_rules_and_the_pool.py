"""Quiet rules and the pool"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "mutedrule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("acted", sa.Integer(), nullable=False),
        sa.Column("muted_at", UTCDateTime(), nullable=False),
        sa.Column("back_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_mutedrule_team_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mutedrule_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutedrule")),
        sa.UniqueConstraint("member_id", "rule", name=op.f("uq_mutedrule_member_id_rule")),
    )
    op.create_index(op.f("ix_mutedrule_team_id"), "mutedrule", ["team_id"])
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("rule", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.create_index(op.f("ix_nudge_member_id_made_at"), ["member_id", "made_at"])
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("pool_days", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("week_day", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pool_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("pool_warned_at", UTCDateTime(), nullable=True))
        batch_op.create_index(op.f("ix_deal_status_pool_at"), ["status", "pool_at"])
    _name_the_rules()


def _name_the_rules() -> None:
    """A nudge made before says as its rule what it was for; a stall's stage is the deal's own."""
    nudge = sa.table("nudge", *(sa.column(name) for name in ("kind", "rule", "deal_id")))
    deal = sa.table("deal", sa.column("id"), sa.column("stage"))
    stage = sa.select(deal.c.stage).where(deal.c.id == nudge.c.deal_id).scalar_subquery()
    op.execute(nudge.update().values(rule=nudge.c.kind))
    stalled = nudge.update().where(nudge.c.kind == "stall")
    op.execute(stalled.values(rule=sa.literal("stall:", sa.String()) + stage))


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_deal_status_pool_at"))
        batch_op.drop_column("pool_warned_at")
        batch_op.drop_column("pool_at")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("week_day")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("pool_days")
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_nudge_member_id_made_at"))
        batch_op.drop_column("rule")
    op.drop_index(op.f("ix_mutedrule_team_id"), table_name="mutedrule")
    op.drop_table("mutedrule")
