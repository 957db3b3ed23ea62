"""The life of a card"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REVIEW = timedelta(days=90)


def upgrade() -> None:
    """Makes the change."""
    op.create_table(
        "card_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_change_card_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_card_change_member_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_card_change_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_change")),
    )
    with op.batch_alter_table("card_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_card_change_card_id_id"), ["card_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_card_change_team_id"), ["team_id"], unique=False)

    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_member_id", sa.Integer(), nullable=False),
        sa.Column("first_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("filled_at", UTCDateTime(), nullable=True),
        sa.Column("raise_at", UTCDateTime(), nullable=True),
        sa.Column("raised_at", UTCDateTime(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_gap_card_id")),
        sa.ForeignKeyConstraint(
            ["first_member_id"], ["member.id"], name=op.f("fk_gap_first_member_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_gap_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
    )
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_gap_team_id_state"), ["team_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_gap_raise_at"), ["raise_at"], unique=False)

    op.create_table(
        "learned_phrasing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("text_key", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("before", sa.Float(), nullable=False),
        sa.Column("lookup_id", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_learned_phrasing_card_id")),
        sa.ForeignKeyConstraint(
            ["lookup_id"], ["look_up.id"], name=op.f("fk_learned_phrasing_lookup_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_learned_phrasing_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_phrasing")),
        sa.UniqueConstraint(
            "team_id",
            "card_id",
            "text_key",
            name=op.f("uq_learned_phrasing_team_id_card_id_text_key"),
        ),
    )
    with op.batch_alter_table("learned_phrasing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learned_phrasing_card_id"), ["card_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_learned_phrasing_lookup_id"), ["lookup_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_learned_phrasing_team_id"), ["team_id"], unique=False)

    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.add_column(sa.Column("industries", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("angles", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("proof_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("internal", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("review_days", sa.Integer(), nullable=False, server_default="90")
        )
        batch_op.add_column(sa.Column("review_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("verified_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index(batch_op.f("ix_card_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_card_team_id_review_at"), ["team_id", "review_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_card_team_id_version"), ["team_id", "version"], unique=False
        )
        batch_op.create_foreign_key(batch_op.f("fk_card_owner_id"), "member", ["owner_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_card_merged_into_id"), "card", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("industry", sa.String(length=40), nullable=False, server_default="")
        )

    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("competitor", sa.String(length=80), nullable=False, server_default="")
        )

    with op.batch_alter_table("look_up", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stage", sa.String(length=40), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("tier", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("at_angle", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("top_card_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("gap_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("wrapped_at", UTCDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_look_up_gap_id"), ["gap_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_look_up_team_id_used_card_id"), ["team_id", "used_card_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_look_up_team_id_landed_at_used_card_id"),
            ["team_id", "landed", "at", "used_card_id"],
            unique=False,
        )
        batch_op.create_foreign_key(batch_op.f("fk_look_up_gap_id"), "gap", ["gap_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_look_up_top_card_id"), "card", ["top_card_id"], ["id"]
        )

    _review_from_the_last_change()
    _begin_the_history()


def _review_from_the_last_change() -> None:
    card = sa.table(
        "card",
        sa.column("id", sa.Integer),
        sa.column("changed_at", UTCDateTime),
        sa.column("verified_at", UTCDateTime),
        sa.column("review_at", UTCDateTime),
    )
    connection = op.get_bind()
    for number, at in connection.execute(sa.select(card.c.id, card.c.changed_at)).all():
        review = {"verified_at": at, "review_at": at + REVIEW}
        connection.execute(card.update().where(card.c.id == number).values(review))


def _begin_the_history() -> None:
    """Writes down what each card is now, so that its first change from now on can be undone."""
    columns = ("key", "language", "category", "objection", "ask", "say", "proof", "state")
    card = sa.table(
        "card",
        *(sa.column(name, sa.Integer) for name in ("id", "team_id", "made_by_id")),
        *(sa.column(name, sa.String) for name in columns),
        sa.column("stages", sa.JSON),
        sa.column("changed_at", UTCDateTime),
    )
    phrasing = sa.table(
        "phrasing",
        *(sa.column(name, sa.Integer) for name in ("id", "card_id")),
        sa.column("text", sa.String),
    )
    change = sa.table(
        "card_change",
        *(sa.column(name, sa.Integer) for name in ("team_id", "card_id", "member_id")),
        sa.column("kind", sa.String),
        sa.column("at", UTCDateTime),
        sa.column("content", sa.JSON),
    )
    lists: dict[str, list[str]] = {"industries": [], "angles": [], "internal": []}
    connection = op.get_bind()
    for row in connection.execute(sa.select(card).order_by(card.c.id)).all():
        said = sa.select(phrasing.c.text).where(phrasing.c.card_id == row.id)
        texts = list(connection.execute(said.order_by(phrasing.c.id)).scalars())
        kept = {name: getattr(row, name) for name in (*columns, "stages")}
        new = {"proof_on": None, "owner_id": None, "review_days": REVIEW.days, "phrasings": texts}
        content = kept | lists | new
        made = {"team_id": row.team_id, "card_id": row.id, "member_id": row.made_by_id}
        made |= {"kind": "made", "at": row.changed_at, "content": content}
        connection.execute(change.insert().values(made))


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("look_up", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_look_up_top_card_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_look_up_gap_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_look_up_team_id_landed_at_used_card_id"))
        batch_op.drop_index(batch_op.f("ix_look_up_team_id_used_card_id"))
        batch_op.drop_index(batch_op.f("ix_look_up_gap_id"))
        batch_op.drop_column("wrapped_at")
        batch_op.drop_column("gap_id")
        batch_op.drop_column("top_card_id")
        batch_op.drop_column("at_angle")
        batch_op.drop_column("tier")
        batch_op.drop_column("stage")

    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.drop_column("competitor")

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("industry")

    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_card_merged_into_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_card_owner_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_card_team_id_version"))
        batch_op.drop_index(batch_op.f("ix_card_team_id_review_at"))
        batch_op.drop_index(batch_op.f("ix_card_owner_id"))
        batch_op.drop_column("version")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("verified_at")
        batch_op.drop_column("review_at")
        batch_op.drop_column("review_days")
        batch_op.drop_column("owner_id")
        batch_op.drop_column("internal")
        batch_op.drop_column("proof_on")
        batch_op.drop_column("angles")
        batch_op.drop_column("industries")

    with op.batch_alter_table("learned_phrasing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learned_phrasing_team_id"))
        batch_op.drop_index(batch_op.f("ix_learned_phrasing_lookup_id"))
        batch_op.drop_index(batch_op.f("ix_learned_phrasing_card_id"))

    op.drop_table("learned_phrasing")
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gap_raise_at"))
        batch_op.drop_index(batch_op.f("ix_gap_team_id_state"))
        batch_op.drop_index(batch_op.f("ix_gap_team_id"))

    op.drop_table("gap")
    with op.batch_alter_table("card_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_change_team_id"))
        batch_op.drop_index(batch_op.f("ix_card_change_card_id_id"))

    op.drop_table("card_change")
