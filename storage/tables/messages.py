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

    The team is known only once it has been handled.
    """

    __table_args__ = (UniqueConstraint("platform", "event_id"), Index(None, "state", "id"))

    id: int = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")  # who sent it
    platform: str = Field(max_length=20)
    event_id: str = Field(max_length=100)  # the platform's own id: what stops doubles
    lane: str = Field(default="", max_length=100)  # whoever it must stay in order for
    # The platform's JSON as it arrived; emptied once it is answered.
    payload: str = Field(default="", sa_type=Text)
    state: InboxState = Field(default=InboxState.RECEIVED, sa_type=state_of(InboxState))
    attempts: int = Field(default=0)  # failed tries to handle it
    received_at: datetime
    # The reply as JSON, for an update that comes again.
    reply: str | None = Field(default=None, sa_type=Text)
    # The reply holds a secret and is forgotten once it has been sent.
    fleeting: bool = Field(default=False)
    about_deal_id: int | None = Field(default=None)  # the deal that the reply speaks of
    # The message that carried the reply.
    message_ref: str = Field(default="", max_length=100, index=True)
    # Of an error, as the log and the person have it.
    reference: str = Field(default="", max_length=20)


class Outbox(SQLModel, table=True):
    """One message that Repmate starts. Whoever asks for it, it goes out once."""

    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "state", "due_at"),
        Index(None, "state", "team_id", "due_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)  # who gets it
    key: str = Field(max_length=120)  # unique: what stops doubles
    # What to compose when it is claimed: a nudge, a digest, a notice and so on.
    kind: str = Field(max_length=20)
    # The id of what it is about: a nudge, an occasion and so on, as its kind says.
    subject_id: int | None = Field(default=None)
    due_at: datetime  # when it is tried next
    state: OutboxState = Field(default=OutboxState.PENDING, sa_type=state_of(OutboxState))
    owner: str = Field(default="", max_length=40)  # the process that has claimed it
    lease_until: datetime | None = Field(default=None)  # when the claim runs out
    attempts: int = Field(default=0)  # tries so far
    repeated: bool = Field(default=False)  # nobody knows whether it has left already
    body: str | None = Field(default=None, sa_type=Text)  # what was composed
    sent_at: datetime | None = Field(default=None)
    platform: str = Field(default="", max_length=20)  # where it was sent
    # The platform's id of the message.
    message_ref: str = Field(default="", max_length=100, index=True)
    wanted_at: datetime | None = Field(default=None)  # when it should have left
    trouble: str = Field(default="", max_length=100)  # why it is dead, in a word or two


class Hold(SQLModel, table=True):
    """A wait that a platform asked for. It is the bot's, not a team's."""

    __table_args__ = (UniqueConstraint("platform", "key"),)

    id: int = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    key: str = Field(max_length=200)  # whatever the platform counts by, as JSON
    until: datetime  # before it nothing goes out under the key


class Nudge(SQLModel, table=True):
    """One nudge about a deal or a step, from when it came due to how it was answered."""

    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "deal_id", "answered_at"),
        Index(None, "member_id", "made_at"),
        Index(None, "step_id", "answered_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    # None for a reminder of the member's own.
    deal_id: int | None = Field(default=None, foreign_key="deal.id")
    # The step it rings for, or reminds of once more; None for any other kind.
    step_id: int | None = Field(default=None, foreign_key="step.id")
    # The nudge whose message tells of this one too: several steps rang in one minute.
    carrier_id: int | None = Field(default=None, foreign_key="nudge.id", index=True)
    member_id: int = Field(foreign_key="member.id")  # who gets it
    # stall:<deal>:<since>:<n>, or ring:<step>:<at>: exists once, whoever ticks.
    key: str = Field(max_length=120)
    kind: str = Field(max_length=20)  # step, stall, unpark or escalate
    # What made it come: stall:<stage>, step, unpark or escalate.
    rule: str = Field(default="", max_length=60)
    n: int = Field(default=1)  # which nudge in a row, from 1
    made_at: datetime
    answered_at: datetime | None = Field(default=None)
    # Done, tomorrow, week, note and the like; empty while it is open.
    answer: str = Field(default="", max_length=20)
    # Never sent by itself: the day was full or the rule is muted; the digest tells of it.
    folded: bool = Field(default=False)


class MutedRule(SQLModel, table=True):
    """A rule whose nudges go to a member's digest only, because they hardly ever act on them."""

    __table_args__ = (UniqueConstraint("member_id", "rule"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    rule: str = Field(max_length=60)  # as Nudge.rule
    sent: int = Field(default=0)  # nudges sent when it was muted; 0 where the member said so
    acted: int = Field(default=0)  # how many of those were acted on
    muted_at: datetime
    back_at: datetime | None = Field(default=None)  # from then on its nudges are sent again


class Draft(SQLModel, table=True):
    """Something a person began and has not finished: a form being asked, a choice to make.

    An account has at most one of kind `form`: the one whose next question a typed line answers.
    """

    __table_args__ = (Index(None, "platform", "account_id"),)

    id: int = Field(default=None, primary_key=True)
    # None for somebody in no team yet.
    team_id: int | None = Field(default=None, foreign_key="team.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    platform: str = Field(max_length=20)
    account_id: str = Field(max_length=100)  # whose it is: nobody else finds it
    kind: str = Field(max_length=20)  # form, pick, question and so on
    # What was begun, as its kind has it.
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime
