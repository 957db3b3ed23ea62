"""The tables of the playbook: who decides, what is said later, what happy customers gave."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Stake(SQLModel, table=True):
    """What a person at the customer has to do with one deal.

    `part` is decides, buys, influences, uses or blocks; `attitude` is supportive, neutral or
    against; either is empty while it is not known.
    """

    __table_args__ = (UniqueConstraint("deal_id", "contact_id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    deal_id: int = Field(foreign_key="deal.id")
    contact_id: int = Field(foreign_key="contact.id", index=True)
    part: str = Field(default="", max_length=20)
    attitude: str = Field(default="", max_length=20)
    created_at: datetime


class Occasion(SQLModel, table=True):
    """Something to be said about a deal once, later, whatever its stage's patience.

    `kind` is winback, discount, delivery, satisfaction, proof or referral; a deal has one of each
    at most. `due_at` is when, and empty once it has been said or is not to be said any more.
    """

    __table_args__ = (UniqueConstraint("deal_id", "kind"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    deal_id: int = Field(foreign_key="deal.id")
    kind: str = Field(max_length=20)
    due_at: datetime | None = Field(default=None, index=True)
    made_at: datetime


class Proof(SQLModel, table=True):
    """What a happy customer said, to be shown to others.

    `industry` is as in Customer, `category` the kind of objection it answers, as on a card.
    `permission` is named, anonymous or internal (never to be shared). `said_on` is the local day.
    """

    __table_args__ = (Index(None, "team_id", "category"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    deal_id: int = Field(foreign_key="deal.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    industry: str = Field(default="", max_length=40)
    category: str = Field(default="", max_length=40)
    quote: str = Field(max_length=600)
    permission: str = Field(default="internal", max_length=20)
    said_on: date
    created_at: datetime
    withdrawn_at: datetime | None = Field(default=None)


class FunnelChange(SQLModel, table=True):
    """An append-only fact about a team's funnels: who changed what, and how they stood around it.

    `before` and `after` are `Team.pipelines` as it was; `undoes_id` names the change taken back.
    """

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id")
    kind: str = Field(max_length=20)
    at: datetime
    before: str = Field(default="", sa_type=Text)
    after: str = Field(default="", sa_type=Text)
    undoes_id: int | None = Field(default=None, foreign_key="funnelchange.id", unique=True)
