"""The tables of what comes in, what goes out, and what a person has begun to say."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import state_of


class InboxState(StrEnum):
    """How far something that arrived has come."""

    RECEIVED = "received"
    HANDLED = "handled"  # effect and reply are committed, the reply not yet sent
    ANSWERED = "answered"  # the reply has been sent, or there is none to send
    DEAD = "dead"  # put aside after too many tries


class OutboxState(StrEnum):
    """How far a message that Repmate starts has come."""

    PENDING = "pending"
    CLAIMED = "claimed"  # by a process, until its lease runs out
    SENT = "sent"
    PARKED = "parked"  # its member has no account that can be reached
    CANCELLED = "cancelled"  # no longer true
    DEAD = "dead"  # it cannot be delivered, `trouble` says why


class Inbox(SQLModel, table=True):
    """One thing that arrived, kept before it is confirmed and until it has been answered.

    `state` is received, handled (effect and reply committed), answered (reply sent) or dead (put
    aside after too many tries). `lane` is whoever it must stay in order for. The team is known
    only once it has been handled. `message_ref` is the message that carried the reply; a
    `fleeting` reply holds a secret and is forgotten once it has been sent.
    """

    __table_args__ = (UniqueConstraint("platform", "event_id"), Index(None, "state", "id"))

    id: int = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    platform: str = Field(max_length=20)
    event_id: str = Field(max_length=100)
    lane: str = Field(default="", max_length=100)
    payload: str = Field(default="", sa_type=Text)
    state: InboxState = Field(default=InboxState.RECEIVED, sa_type=state_of(InboxState))
    attempts: int = Field(default=0)
    received_at: datetime
    reply: str | None = Field(default=None, sa_type=Text)
    fleeting: bool = Field(default=False)
    about_deal_id: int | None = Field(default=None)
    message_ref: str = Field(default="", max_length=100, index=True)
    reference: str = Field(default="", max_length=20)


class Outbox(SQLModel, table=True):
    """One message that Repmate starts. `key` is unique: whoever asks, it goes out once.

    `state` is pending, claimed (by `owner`, until `lease_until`), sent, parked (nobody to reach),
    cancelled (no longer true) or dead (`trouble` says why). `kind` and `subject_id` say what to
    compose when it is claimed; `body` is what was composed. `due_at` is when it is tried next and
    `wanted_at` when it should have left. It is `repeated` once nobody knows whether it has left.
    """

    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "state", "due_at"),
        Index(None, "state", "team_id", "due_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    key: str = Field(max_length=120)
    kind: str = Field(max_length=20)
    subject_id: int | None = Field(default=None)
    due_at: datetime
    state: OutboxState = Field(default=OutboxState.PENDING, sa_type=state_of(OutboxState))
    owner: str = Field(default="", max_length=40)
    lease_until: datetime | None = Field(default=None)
    attempts: int = Field(default=0)
    repeated: bool = Field(default=False)
    body: str | None = Field(default=None, sa_type=Text)
    sent_at: datetime | None = Field(default=None)
    platform: str = Field(default="", max_length=20)
    message_ref: str = Field(default="", max_length=100, index=True)
    wanted_at: datetime | None = Field(default=None)
    trouble: str = Field(default="", max_length=100)


class Hold(SQLModel, table=True):
    """A wait that a platform asked for: nothing goes out under the `key` before `until`.

    It is the bot's, not a team's; `key` is whatever the platform counts by, as JSON.
    """

    __table_args__ = (UniqueConstraint("platform", "key"),)

    id: int = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    key: str = Field(max_length=200)
    until: datetime


class Nudge(SQLModel, table=True):
    """One nudge about one deal, from when it came due to how it was answered.

    `key` (`stall:<deal>:<since>:<n>`) exists once, whoever ticks. `answer` is done, tomorrow,
    week, note and the like, or empty while it is open; `answered_at` says when. One that is
    `folded` was never sent by itself: the member's day was full or its rule is muted, and the
    digest tells of it. `rule` is what made it come: `stall:<stage>`, step, unpark or escalate.
    """

    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "deal_id", "answered_at"),
        Index(None, "member_id", "made_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    deal_id: int = Field(foreign_key="deal.id")
    member_id: int = Field(foreign_key="member.id")
    key: str = Field(max_length=120)
    kind: str = Field(max_length=20)
    rule: str = Field(default="", max_length=60)
    n: int = Field(default=1)
    made_at: datetime
    answered_at: datetime | None = Field(default=None)
    answer: str = Field(default="", max_length=20)
    folded: bool = Field(default=False)


class MutedRule(SQLModel, table=True):
    """A rule whose nudges go to a member's digest only, because they hardly ever act on them.

    `acted` of `sent` nudges were acted on when it was muted; both are 0 where the member said so.
    After `back_at` its nudges are sent again.
    """

    __table_args__ = (UniqueConstraint("member_id", "rule"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    rule: str = Field(max_length=60)
    sent: int = Field(default=0)
    acted: int = Field(default=0)
    muted_at: datetime
    back_at: datetime | None = Field(default=None)


class Draft(SQLModel, table=True):
    """Something a person began and has not finished: a form being asked, a choice to make.

    It belongs to an account, member or not yet one. An account has at most one of kind `form`:
    the one whose next question a typed line answers.
    """

    __table_args__ = (Index(None, "platform", "account_id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    platform: str = Field(max_length=20)
    account_id: str = Field(max_length=100)
    kind: str = Field(max_length=20)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime
