"""The tables of a team's figures: rates of currencies, goals, and the odds it has learned."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Exact


class Rate(SQLModel, table=True):
    """What one unit of a currency is worth in the team's own from a day on."""

    __table_args__ = (UniqueConstraint("team_id", "own", "currency", "day"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    own: str = Field(max_length=3)  # ISO 4217: the team's currency
    currency: str = Field(max_length=3)  # ISO 4217
    day: date  # local day it holds from
    # Decimal number as text: no column keeps the digits that some currencies need.
    value: str = Field(max_length=40)
    member_id: int = Field(foreign_key="member.id")  # who set it
    at: datetime


class Goal(SQLModel, table=True):
    """What a member, with everybody below them, is to win in a time, or to convert at a stage."""

    __table_args__ = (
        UniqueConstraint("team_id", "member_id", "pipeline", "first", "last", "stage"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    pipeline: str = Field(default="", max_length=20)  # key, or empty for all
    first: date  # first local day
    last: date  # last local day
    # Whose conversion is to be `percent`; empty for an amount.
    stage: str = Field(default="", max_length=40)
    amount: Decimal | None = Field(default=None, sa_type=Exact)  # to win, in `currency`
    currency: str = Field(default="", max_length=3)  # ISO 4217
    percent: int | None = Field(default=None)  # of the deals in `stage` that are to go on
    set_by_id: int = Field(foreign_key="member.id")
    at: datetime


class LearnedOdds(SQLModel, table=True):
    """Odds of one pipeline learned from a team's history."""

    __tablename__ = "learned_odds"
    __table_args__ = (UniqueConstraint("team_id", "pipeline"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    pipeline: str = Field(default="main", max_length=20)
    # As kb/funnel/odds/learned.py has them.
    model: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    # How well such odds did, month by month, beside the stages' own.
    record: list[Any] = Field(default_factory=list, sa_type=JSON)
    learned_at: datetime
