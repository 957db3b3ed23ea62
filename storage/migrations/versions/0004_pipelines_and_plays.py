"""Pipelines and plays"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "funnelchange",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_funnelchange_member_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_funnelchange_team_id")),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["funnelchange.id"], name=op.f("fk_funnelchange_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funnelchange")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_funnelchange_undoes_id")),
    )
    with op.batch_alter_table("funnelchange", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funnelchange_team_id"), ["team_id"], unique=False)

    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_occasion_deal_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_occasion_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
        sa.UniqueConstraint("deal_id", "kind", name=op.f("uq_occasion_deal_id_kind")),
    )
    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occasion_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_occasion_team_id"), ["team_id"], unique=False)

    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("industry", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("quote", sa.String(length=600), nullable=False),
        sa.Column("permission", sa.String(length=20), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_proof_deal_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_proof_member_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_proof_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proof_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proof_team_id_category"), ["team_id", "category"], unique=False
        )

    op.create_table(
        "stake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("attitude", sa.String(length=20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_stake_contact_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_stake_deal_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_stake_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stake")),
        sa.UniqueConstraint("deal_id", "contact_id", name=op.f("uq_stake_deal_id_contact_id")),
    )
    with op.batch_alter_table("stake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stake_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stake_team_id"), ["team_id"], unique=False)

    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("pipeline", sa.String(length=20), nullable=False, server_default="main")
        )
        batch_op.add_column(
            sa.Column("budget", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("procurement", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("discount", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("discount_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("satisfaction", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("referred_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_deal_referred_by_id"), ["referred_by_id"], unique=False
        )

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pipelines", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("pipelines")

    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_referred_by_id"))
        batch_op.drop_column("referred_by_id")
        batch_op.drop_column("satisfaction")
        batch_op.drop_column("discount_until")
        batch_op.drop_column("discount")
        batch_op.drop_column("procurement")
        batch_op.drop_column("budget")
        batch_op.drop_column("pipeline")

    with op.batch_alter_table("stake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stake_team_id"))
        batch_op.drop_index(batch_op.f("ix_stake_contact_id"))

    op.drop_table("stake")
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proof_team_id_category"))
        batch_op.drop_index(batch_op.f("ix_proof_deal_id"))

    op.drop_table("proof")
    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occasion_team_id"))
        batch_op.drop_index(batch_op.f("ix_occasion_due_at"))

    op.drop_table("occasion")
    with op.batch_alter_table("funnelchange", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funnelchange_team_id"))

    op.drop_table("funnelchange")
