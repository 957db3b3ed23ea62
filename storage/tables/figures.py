"""The tables of a team's figures: rates of currencies, goals, and the odds it has learned."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import Exact


class Rate(SQLModel, table=True):
    """What one unit of `currency` is worth in `own` from the local day `day` on.

    `value` is a decimal number as text: no column keeps the digits that some currencies need.
    """

    __table_args__ = (UniqueConstraint("team_id", "own", "currency", "day"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    own: str = Field(max_length=3)
    currency: str = Field(max_length=3)
    day: date
    value: str = Field(max_length=40)
    member_id: int = Field(foreign_key="member.id")
    at: datetime


class Goal(SQLModel, table=True):
    """What a member, with everybody below them, is to win from `first` to `last`, local days.

    `stage` is empty, or the stage whose conversion is to be `percent`; then there is no amount.
    """

    __table_args__ = (
        UniqueConstraint("team_id", "member_id", "pipeline", "first", "last", "stage"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    pipeline: str = Field(default="", max_length=20)
    first: date
    last: date
    stage: str = Field(default="", max_length=40)
    amount: Decimal | None = Field(default=None, sa_type=Exact)
    currency: str = Field(default="", max_length=3)
    percent: int | None = Field(default=None)
    set_by_id: int = Field(foreign_key="member.id")
    at: datetime


class LearnedOdds(SQLModel, table=True):
    """Odds of one pipeline learned from a team's history: `kb/funnel/odds/odds_model.py` as JSON.

    `record` is how well such odds did, month by month, beside the stages' own.
    """

    __tablename__ = "learned_odds"
    __table_args__ = (UniqueConstraint("team_id", "pipeline"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    pipeline: str = Field(default="main", max_length=20)
    model: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    record: list[Any] = Field(default_factory=list, sa_type=JSON)
    learned_at: datetime
