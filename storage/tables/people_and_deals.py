"""The tables of a team's people and deals, in DESIGN's words; every row names its team.

Instants are aware UTC. What is sent, received and remembered about messages stands in
`storage/tables/messages.py`, cards and look-ups in `storage/tables/cards.py`, what belongs to the
funnel's playbook in `storage/tables/playbook.py`, to its figures in `storage/tables/figures.py`.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from kb.states import DealStatus
from storage.tables.columns import Exact, state_of


class Role(StrEnum):
    """What a member may do and see; each role may all that the one before it may."""

    REP = "rep"  # their own deals
    MANAGER = "manager"  # also those of the members below them, and the team's cards
    ADMIN = "admin"  # the whole team: its people, settings and funnels


class Team(SQLModel, table=True):
    """One customer organisation. `cards_version` grows with every change to its cards.

    `patience` is what it has learned of its stages (working days, by stage key) at `patience_at`.
    `pipelines` is JSON, by pipeline key: the team's own funnels as `kb/funnel/stages/pipelines.py`
    reads them; where it says nothing of "main", that is the template `funnel`. After `pool_days`
    working days untouched a lead goes back to the team's pool; 0 is never.
    """

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    language: str = Field(default="en", max_length=8)
    time_zone: str = Field(default="UTC", max_length=64)
    currency: str = Field(default="EUR", max_length=3)
    country: str = Field(default="", max_length=2)
    funnel: str = Field(default="odds6", max_length=40)
    pipelines: str = Field(default="", sa_type=Text)
    cards_version: int = Field(default=1)
    patience: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    patience_at: datetime | None = Field(default=None)
    pool_days: int = Field(default=0)
    created_at: datetime


class Member(SQLModel, table=True):
    """A person in a team. `role` is rep, manager or admin; `removed_at` ends all access.

    `work_days` are the digits of the working weekdays, Monday 0: "01234". `digest_on` is the
    local date of the last morning digest. `deal_in_hand_id` is the deal last touched. `country`
    (ISO 3166 alpha-2) is the one whose public holidays are off; from `away_from` to `away_until`,
    both local days among them, the member is away. More than `nudges_a_day` wait for the digest.
    A manager's week comes on `week_day` (Monday 0), or the next working day; -1 is never.
    `pictures` are drawn light or dark.
    """

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    name: str = Field(max_length=200)
    role: Role = Field(default=Role.REP, sa_type=state_of(Role))
    manager_id: int | None = Field(default=None, foreign_key="member.id")
    language: str = Field(default="en", max_length=8)
    time_zone: str = Field(default="UTC", max_length=64)
    work_start: str = Field(default="09:00", max_length=5)
    work_end: str = Field(default="18:00", max_length=5)
    work_days: str = Field(default="01234", max_length=7)
    country: str = Field(default="", max_length=2)
    away_from: date | None = Field(default=None)
    away_until: date | None = Field(default=None)
    digest_hour: int = Field(default=8)
    pictures: str = Field(default="light", max_length=8)
    nudges_a_day: int = Field(default=5)
    week_day: int = Field(default=0)
    digest_due_at: datetime | None = Field(default=None, index=True)
    deal_in_hand_id: int | None = Field(default=None)
    created_at: datetime
    removed_at: datetime | None = Field(default=None)


class Identity(SQLModel, table=True):
    """One account of a member on one platform. `address` is its private chat there.

    `reachable` is false once the platform says that the chat is blocked or gone.
    """

    __table_args__ = (UniqueConstraint("platform", "account_id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    platform: str = Field(max_length=20)
    account_id: str = Field(max_length=100)
    address: str = Field(default="", max_length=100)
    reachable: bool = Field(default=True)
    last_active_at: datetime


class Customer(SQLModel, table=True):
    """The company or person sold to. `name_key` is the folded name, for finding doubles.

    `industry` is a short word such as manufacturing or retail, the same in every language.
    """

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    name: str = Field(max_length=200)
    name_key: str = Field(max_length=200, index=True)
    industry: str = Field(default="", max_length=40)
    created_at: datetime


class Contact(SQLModel, table=True):
    """A person at a customer. `phone` is E.164; `role` and `attitude` are in their own words."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    name: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=20, index=True)
    email: str = Field(default="", max_length=254, index=True)
    role: str = Field(default="", max_length=100)
    attitude: str = Field(default="", max_length=100)
    created_at: datetime


class Deal(SQLModel, table=True):
    """A chance to sell to a customer; a lead is a deal in the first stage of its `pipeline`.

    A stage's key is one team's alone and never means another stage, whatever pipeline it is in.

    `status` is live, won, lost, parked, pooled (a lead its owner left untouched: anybody may take
    it) or withdrawn (its making was undone). `attention_at` is when it next deserves a nudge and
    `attention_kind` why (step, stall, unpark), `pool_at` when the pool's rule looks at it next;
    they are recomputed by the funnel's rules at every change. `pool_warned_at` is when its owner
    was last told that it goes to the pool. `nudges_sent` counts since the last activity.
    `competitor` is whom the customer also talks to; `budget`, `procurement` (the step their buying
    has reached) and `discount` are in the rep's words, the last good until the local day
    `discount_until`. `satisfaction` is what the customer said after the win, 0 to 10, and
    `referred_by_id` the deal that this one was recommended from. `rhythm` is how many working days
    may pass without activity where that differs from the stage's patience: 0 where it doesn't,
    NEVER for a deal whose owner wants no nudge but for its next step.
    `own_odds` is the chance in percent that its owner sees.
    """

    __table_args__ = (
        Index(None, "status", "attention_at"),
        Index(None, "status", "pool_at"),
        Index(None, "team_id", "last_activity_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    owner_id: int = Field(foreign_key="member.id", index=True)
    pipeline: str = Field(default="main", max_length=20)
    stage: str = Field(max_length=40)
    status: DealStatus = Field(default=DealStatus.LIVE, sa_type=state_of(DealStatus))
    amount: Decimal | None = Field(default=None, sa_type=Exact)
    currency: str = Field(default="EUR", max_length=3)
    source: str = Field(default="", max_length=40)
    competitor: str = Field(default="", max_length=80)
    budget: str = Field(default="", max_length=120)
    procurement: str = Field(default="", max_length=120)
    discount: str = Field(default="", max_length=80)
    discount_until: date | None = Field(default=None)
    satisfaction: int | None = Field(default=None)
    referred_by_id: int | None = Field(default=None, index=True)
    next_step: str = Field(default="", max_length=500)
    next_step_at: datetime | None = Field(default=None)
    parked_until: date | None = Field(default=None)
    lost_reason: str = Field(default="", max_length=40)
    stage_since: datetime
    last_activity_at: datetime
    attention_at: datetime | None = Field(default=None)
    attention_kind: str = Field(default="", max_length=20)
    nudges_sent: int = Field(default=0)
    pool_at: datetime | None = Field(default=None)
    pool_warned_at: datetime | None = Field(default=None)
    rhythm: int = Field(default=0)
    own_odds: int | None = Field(default=None)
    created_at: datetime
    customer: Customer = Relationship(sa_relationship_kwargs={"lazy": "joined"})


class Event(SQLModel, table=True):
    """An append-only fact about a deal: who did what, when, from where.

    `before` and `after` hold the deal's columns that it changed, so that the state can be rebuilt
    and the act undone by a compensating event, which names it in `undoes_id`.
    """

    __table_args__ = (Index(None, "deal_id", "id"), Index(None, "team_id", "at"))

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    deal_id: int = Field(foreign_key="deal.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    kind: str = Field(max_length=20)
    at: datetime
    platform: str = Field(default="", max_length=20)
    note: str = Field(default="", max_length=4000)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    undoes_id: int | None = Field(default=None, foreign_key="event.id", unique=True)


class Invite(SQLModel, table=True):
    """A way in: to a team with a role, or (with `member_id`) a second account of one member.

    Only the secret's SHA-256 is kept. `uses_left` is taken down by one atomic update.
    """

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    made_by_id: int = Field(foreign_key="member.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    role: Role = Field(default=Role.REP, sa_type=state_of(Role))
    secret_hash: str = Field(max_length=64, unique=True)
    uses_left: int = Field(default=1)
    expires_at: datetime
    revoked_at: datetime | None = Field(default=None)
    created_at: datetime


class Audit(SQLModel, table=True):
    """An append-only fact about people and access: invited, joined, role changed, removed."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id")
    kind: str = Field(max_length=40)
    at: datetime
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
