"""The tables of a team's figures: rates of currencies, goals, and the odds it has learned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import Exact  # noqa: F401 the goal's amount names it below


class Rate(SQLModel, table=True):
    """What one unit of `currency` is worth in `own` from the local day `day` on.

    `value` is a decimal number as text: no column keeps the digits that some currencies need.
    """

    __table_args__ = (UniqueConstraint("team_id", "own", "currency", "day"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    own: str = Field(max_length=3)
    currency: str = Field(max_length=3)
    day: date
    value: str = Field(max_length=40)
    member_id: int | None = Field(default=None, foreign_key="member.id")
    at: datetime
