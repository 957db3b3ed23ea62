"""The tables of a team's people and deals.

What is sent, received and remembered about messages stands in
`storage/tables/messages.py`, cards and look-ups in `storage/tables/cards.py`, what belongs to the
funnel's playbook in `storage/tables/playbook.py`, to its figures in `storage/tables/figures.py`.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from kb.states import DealStatus, EventKind
from storage.tables.columns import Exact, state_of


class Role(StrEnum):
    """What a member may do and see; each role may all that the one before it may."""

    REP = "rep"  # their own deals
    MANAGER = "manager"  # also those of the members below them, and the team's cards
    ADMIN = "admin"  # the whole team: its people, settings and funnels


class Team(SQLModel, table=True):
    """One customer organisation: a Slack workspace and/or a set of Telegram users."""

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)  # as its members named it
    # Of what is said to the team as a whole: "en" or "zh".
    language: str = Field(default="en", max_length=8)
    # IANA name; a new member's until they choose their own.
    time_zone: str = Field(default="UTC", max_length=64)
    currency: str = Field(default="EUR", max_length=3)  # ISO 4217: what sums are shown in
    # ISO 3166 alpha-2, or empty: whose public holidays a new member has off.
    country: str = Field(default="", max_length=2)
    # The template of the main funnel where `pipelines` has no "main".
    funnel: str = Field(default="odds6", max_length=40)
    # The team's own funnels by key, JSON as kb/funnel/stages/pipelines.py reads it.
    pipelines: str = Field(default="", sa_type=Text)
    cards_version: int = Field(default=1)  # grows by one with every change to the team's cards
    # Learned patience of its stages: working days by stage key.
    patience: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    patience_at: datetime | None = Field(default=None)  # when that was last learned
    # Working days after which an untouched lead goes to the team's pool; 0 is never.
    pool_days: int = Field(default=0)
    created_at: datetime


class Member(SQLModel, table=True):
    """A person in a team, the same one on every platform (see Identity)."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    name: str = Field(max_length=200)
    role: Role = Field(default=Role.REP, sa_type=state_of(Role))
    # Whom they report to, and who is told of their deals that slip.
    manager_id: int | None = Field(default=None, foreign_key="member.id")
    language: str = Field(default="en", max_length=8)  # "en" or "zh"
    time_zone: str = Field(default="UTC", max_length=64)  # IANA name
    work_start: str = Field(default="09:00", max_length=5)  # local time of day, HH:MM
    work_end: str = Field(default="18:00", max_length=5)  # local time of day, HH:MM
    # Digits of the working weekdays, Monday 0: "01234".
    work_days: str = Field(default="01234", max_length=7)
    # ISO 3166 alpha-2, or empty: whose public holidays are off.
    country: str = Field(default="", max_length=2)
    away_from: date | None = Field(default=None)  # first local day away
    away_until: date | None = Field(default=None)  # last local day away
    digest_hour: int = Field(default=8)  # local hour of the morning digest
    pictures: str = Field(default="light", max_length=8)  # how pictures are drawn: light or dark
    nudges_a_day: int = Field(default=5)  # further nudges of a day wait for the digest
    # Of a manager's weekly digest, Monday 0, or the next working day; -1 is never.
    week_day: int = Field(default=0)
    # When the next morning digest is due.
    digest_due_at: datetime | None = Field(default=None, index=True)
    # The deal last touched: what a line that names none is about.
    deal_in_hand_id: int | None = Field(default=None)
    created_at: datetime
    removed_at: datetime | None = Field(default=None)  # ends all access


class Identity(SQLModel, table=True):
    """One account of a member on one platform."""

    __table_args__ = (UniqueConstraint("platform", "account_id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    platform: str = Field(max_length=20)
    account_id: str = Field(max_length=100)  # the platform's own id of the account
    address: str = Field(default="", max_length=100)  # the account's private chat there
    # False once the platform says that the chat is blocked or gone.
    reachable: bool = Field(default=True)
    last_active_at: datetime  # the account last active gets the messages
    # The platform says that they are no full member any more, and nobody invited them: a stranger.
    suspended: bool = Field(default=False)
    checked_at: datetime | None = None  # when the platform was last asked about them


class Customer(SQLModel, table=True):
    """The company or person sold to."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    name: str = Field(max_length=200)
    name_key: str = Field(max_length=200, index=True)  # the folded name, for finding doubles
    # A short word such as manufacturing or retail, the same in every language.
    industry: str = Field(default="", max_length=40)
    created_at: datetime


class Contact(SQLModel, table=True):
    """A person at a customer."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    name: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=20, index=True)  # E.164
    email: str = Field(default="", max_length=254, index=True)
    role: str = Field(default="", max_length=100)  # what they do there, in the rep's words
    attitude: str = Field(default="", max_length=100)  # to us, in the rep's words
    created_at: datetime


class Deal(SQLModel, table=True):
    """A chance to sell to a customer; a lead is a deal in the first stage of its pipeline.

    What deserves attention and when (`attention_*`, `pool_at`) is computed anew by the funnel's
    rules at every change.
    """

    __table_args__ = (
        Index(None, "status", "attention_at"),
        Index(None, "status", "pool_at"),
        Index(None, "team_id", "last_activity_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    customer_id: int = Field(foreign_key="customer.id", index=True)
    owner_id: int = Field(foreign_key="member.id", index=True)  # the member whose deal it is
    pipeline: str = Field(default="main", max_length=20)  # key of the funnel it moves in
    # Key of the stage; a team's key never means another stage, whatever the pipeline.
    stage: str = Field(max_length=40)
    status: DealStatus = Field(default=DealStatus.LIVE, sa_type=state_of(DealStatus))
    amount: Decimal | None = Field(default=None, sa_type=Exact)  # what it is worth, in `currency`
    currency: str = Field(default="EUR", max_length=3)  # ISO 4217
    # Local day on which its owner expects it to be signed.
    close_date: date | None = Field(default=None)
    source: str = Field(default="", max_length=40)  # where the lead came from
    competitor: str = Field(default="", max_length=80)  # whom the customer also talks to
    budget: str = Field(default="", max_length=120)  # in the rep's words
    # The step their buying has reached, in the rep's words.
    procurement: str = Field(default="", max_length=120)
    discount: str = Field(default="", max_length=80)  # the last one offered, in the rep's words
    discount_until: date | None = Field(default=None)  # local day it is good until
    satisfaction: int | None = Field(default=None)  # what the customer said after the win, 0 to 10
    # The deal that this one was recommended from.
    referred_by_id: int | None = Field(default=None, index=True)
    next_step: str = Field(default="", max_length=500)  # what the rep will do next
    next_step_at: datetime | None = Field(default=None)  # when they will do it
    parked_until: date | None = Field(default=None)  # local day a parked deal wakes
    lost_reason: str = Field(default="", max_length=40)  # key of one of the funnel's reasons
    stage_since: datetime  # when it came into its stage
    last_activity_at: datetime  # when its owner last did something on it; patience counts from here
    attention_at: datetime | None = Field(default=None)  # when it next deserves a nudge
    attention_kind: str = Field(default="", max_length=20)  # why: step, stall, unpark or escalate
    nudges_sent: int = Field(default=0)  # since the last activity
    # When the pool's rule looks at it next; of a pooled lead, since when it is.
    pool_at: datetime | None = Field(default=None)
    # When its owner was last told that it goes to the pool.
    pool_warned_at: datetime | None = Field(default=None)
    # Working days it may be quiet: 0 as the stage says, NEVER (-1) for steps only.
    rhythm: int = Field(default=0)
    own_odds: int | None = Field(default=None)  # its owner's own chance of winning it, in percent
    created_at: datetime
    customer: Customer = Relationship(sa_relationship_kwargs={"lazy": "joined"})


class Event(SQLModel, table=True):
    """An append-only fact about a deal: who did what, when, from where."""

    __table_args__ = (Index(None, "deal_id", "id"), Index(None, "team_id", "at"))

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    deal_id: int = Field(foreign_key="deal.id")
    # Who did it; none where Repmate did.
    member_id: int | None = Field(default=None, foreign_key="member.id")
    kind: EventKind = Field(sa_type=state_of(EventKind))
    at: datetime
    platform: str = Field(default="", max_length=20)  # where it was done
    note: str = Field(default="", max_length=4000)  # what was said with it
    # The deal's columns that it changed, as they were (see event_values.py).
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    # The same columns, as they became.
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    # The event that this one takes back.
    undoes_id: int | None = Field(default=None, foreign_key="event.id", unique=True)


class Invite(SQLModel, table=True):
    """A way in: to a team with a role, or a second account of one member."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    made_by_id: int = Field(foreign_key="member.id")
    # Whose second account it lets in; none for a new member.
    member_id: int | None = Field(default=None, foreign_key="member.id")
    role: Role = Field(default=Role.REP, sa_type=state_of(Role))  # what a new member becomes
    secret_hash: str = Field(max_length=64, unique=True)  # SHA-256: the secret itself is not kept
    uses_left: int = Field(default=1)  # taken down by one atomic update
    expires_at: datetime
    revoked_at: datetime | None = Field(default=None)
    created_at: datetime


class Audit(SQLModel, table=True):
    """An append-only fact about people and access: invited, joined, role changed, removed."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id")  # who did it
    kind: str = Field(max_length=40)  # what was done
    at: datetime
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # to whom, and how it was
