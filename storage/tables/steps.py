"""The table of steps: what somebody will do and when, on a deal or on its own."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import state_of


class StepState(StrEnum):
    """Where a step is in its life."""

    OPEN = "open"  # still to be done; it rings at its time
    DONE = "done"
    DROPPED = "dropped"  # not to be done any more, or its booking was undone


class Step(SQLModel, table=True):
    """One thing that a member booked: it always rings, once, at its minute."""

    __table_args__ = (Index(None, "deal_id", "state"), Index(None, "member_id", "state"))

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    # None for a reminder of the member's own, about no deal.
    deal_id: int | None = Field(default=None, foreign_key="deal.id")
    member_id: int = Field(foreign_key="member.id")  # who shall do it: the owner of its deal
    text: str = Field(default="", max_length=500)  # what to do, in their words; may be empty
    at: datetime  # when
    # New ones begin as dropped and are opened by the act that books them, so that undo drops them.
    state: StepState = Field(default=StepState.DROPPED, sa_type=state_of(StepState))
    # Rings at its time on a day off too: its member was asked, and said so.
    anyway: bool = Field(default=False)
    # When it rings; None once it rang or while it is not open. Kept by handlers/deals/steps.py.
    ring_at: datetime | None = Field(default=None, index=True)
    rang_for: datetime | None = Field(default=None)  # the value of `at` it rang for
    made_at: datetime
