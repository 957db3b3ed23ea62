"""The tables of the playbook: who decides, what is said later, what happy customers gave."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Stake(SQLModel, table=True):
    """What a person at the customer has to do with one deal."""

    __table_args__ = (UniqueConstraint("deal_id", "contact_id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    deal_id: int = Field(foreign_key="deal.id")
    contact_id: int = Field(foreign_key="contact.id", index=True)
    # Decides, buys, influences, uses or blocks; empty while not known.
    part: str = Field(default="", max_length=20)
    # Supportive, neutral or against; empty while not known.
    attitude: str = Field(default="", max_length=20)
    created_at: datetime


class Occasion(SQLModel, table=True):
    """Something to be said about a deal once, later, whatever its stage's patience."""

    __table_args__ = (UniqueConstraint("deal_id", "kind"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    deal_id: int = Field(foreign_key="deal.id")
    # Winback, discount, slip, delivery, satisfaction, proof or referral; one of each a deal.
    kind: str = Field(max_length=20)
    # None once it has been said, or is not to be said any more.
    due_at: datetime | None = Field(default=None, index=True)
    made_at: datetime


class Proof(SQLModel, table=True):
    """What a happy customer said, to be shown to others."""

    __table_args__ = (Index(None, "team_id", "category"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    deal_id: int = Field(foreign_key="deal.id", index=True)
    member_id: int = Field(foreign_key="member.id")  # who wrote it down
    industry: str = Field(default="", max_length=40)  # as in Customer
    # The kind of objection it answers, as on a card.
    category: str = Field(default="", max_length=40)
    quote: str = Field(max_length=600)  # the customer's words
    # Named, anonymous or internal (never to be shared).
    permission: str = Field(default="internal", max_length=20)
    said_on: date  # local day
    created_at: datetime
    withdrawn_at: datetime | None = Field(default=None)


class FunnelChange(SQLModel, table=True):
    """An append-only fact about a team's funnels: who changed what."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id")
    kind: str = Field(max_length=20)  # what was changed
    at: datetime
    before: str = Field(default="", sa_type=Text)  # `Team.pipelines` as it was
    after: str = Field(default="", sa_type=Text)  # `Team.pipelines` as it became
    # The change that this one takes back.
    undoes_id: int | None = Field(default=None, foreign_key="funnelchange.id", unique=True)
