"""Steps: rows of their own, several a deal; each deal's next step becomes the first of them"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("anyway", sa.Boolean(), nullable=False),
        sa.Column("ring_at", UTCDateTime(), nullable=True),
        sa.Column("rang_for", UTCDateTime(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_step_team_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_step_deal_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_step_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    op.create_index(op.f("ix_step_team_id"), "step", ["team_id"])
    op.create_index(op.f("ix_step_ring_at"), "step", ["ring_at"])
    op.create_index(op.f("ix_step_deal_id_state"), "step", ["deal_id", "state"])
    op.create_index(op.f("ix_step_member_id_state"), "step", ["member_id", "state"])
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.alter_column("deal_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("step_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("carrier_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_nudge_step_id"), "step", ["step_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_nudge_carrier_id"), "nudge", ["carrier_id"], ["id"])
        batch_op.create_index(op.f("ix_nudge_carrier_id"), ["carrier_id"])
        batch_op.create_index(op.f("ix_nudge_step_id_answered_at"), ["step_id", "answered_at"])
    _make_a_step_of_each_next_step()


def _make_a_step_of_each_next_step() -> None:
    """A deal's next step becomes its open step; it rings unless it rang or came due before."""
    deal = sa.table(
        "deal",
        *(sa.column(name) for name in ("id", "team_id", "owner_id", "next_step", "status")),
        *(sa.column(name) for name in ("attention_kind",)),
        *(
            sa.column(name, UTCDateTime())
            for name in ("next_step_at", "attention_at", "last_activity_at")
        ),
    )
    nudge = sa.table(
        "nudge", *(sa.column(name) for name in ("kind", "deal_id", "step_id", "answered_at"))
    )
    step = sa.table(
        "step",
        *(sa.column(name) for name in ("id", "team_id", "deal_id", "member_id", "text", "state")),
        sa.column("anyway", sa.Boolean()),
        *(sa.column(name, UTCDateTime()) for name in ("at", "ring_at", "rang_for", "made_at")),
    )
    # What a sweep has yet to look at: the step's own moment, or a moment before it.
    waits = sa.and_(deal.c.status == "live", deal.c.attention_at <= deal.c.next_step_at)
    ring_at = sa.case((waits, deal.c.next_step_at), else_=sa.null())
    rang_for = sa.case((waits, sa.null()), else_=deal.c.next_step_at)
    rows = sa.select(
        deal.c.team_id,
        deal.c.id,
        deal.c.owner_id,
        deal.c.next_step,
        deal.c.next_step_at,
        sa.literal("open"),
        sa.false(),
        ring_at,
        rang_for,
        deal.c.last_activity_at,
    ).where(deal.c.next_step_at.is_not(None))
    names = (
        "team_id", "deal_id", "member_id", "text", "at", "state", "anyway", "ring_at",
        "rang_for", "made_at",
    )  # fmt: skip
    op.execute(step.insert().from_select(names, rows))
    of_deal = sa.select(step.c.id).where(step.c.deal_id == nudge.c.deal_id).scalar_subquery()
    unanswered = nudge.update().where(nudge.c.kind == "step", nudge.c.answered_at.is_(None))
    op.execute(unanswered.values(step_id=of_deal))


def downgrade() -> None:
    """Takes it back; the nearest step of a deal still stands on the deal."""
    op.execute(sa.text("DELETE FROM outbox WHERE kind = 'nudge' AND subject_id IN"
                       " (SELECT id FROM nudge WHERE deal_id IS NULL)"))  # fmt: skip
    op.execute(sa.text("DELETE FROM nudge WHERE deal_id IS NULL"))
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_nudge_step_id_answered_at"))
        batch_op.drop_index(op.f("ix_nudge_carrier_id"))
        batch_op.drop_constraint(op.f("fk_nudge_carrier_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_nudge_step_id"), type_="foreignkey")
        batch_op.drop_column("carrier_id")
        batch_op.drop_column("step_id")
        batch_op.alter_column("deal_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("step")
