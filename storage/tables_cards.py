"""The tables of the objection knowledge base: cards, their phrasings, and look-ups."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel


class Phrasing(SQLModel, table=True):
    """One way customers say an objection."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    card_id: int = Field(default=None, foreign_key="card.id", index=True, nullable=False)
    text: str = Field(max_length=200)


class Card(SQLModel, table=True):
    """One objection card of a team. `state` is approved or retired; `key` names its idea.

    A card of the same key in another language is its translation.
    """

    __table_args__ = (UniqueConstraint("team_id", "key", "language"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    key: str = Field(max_length=80)
    language: str = Field(max_length=8)
    category: str = Field(default="", max_length=40)
    stages: list[str] = Field(default_factory=list, sa_type=JSON)
    objection: str = Field(max_length=200)
    ask: str = Field(default="", max_length=400)
    say: str = Field(max_length=600)
    proof: str = Field(default="", max_length=400)
    state: str = Field(default="approved", max_length=20)
    made_by_id: int | None = Field(default=None, foreign_key="member.id")
    changed_at: datetime
    phrasings: list[Phrasing] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "cascade": "all, delete-orphan"}
    )


class LookUp(SQLModel, table=True):
    """One search for a card: what was typed, what was shown, what was used, whether it landed.

    With nothing shown it is a gap, kept for the manager.
    """

    __tablename__ = "look_up"
    __table_args__ = (Index(None, "team_id", "at"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    deal_id: int | None = Field(default=None, foreign_key="deal.id")
    query: str = Field(max_length=500)
    shown: list[Any] = Field(default_factory=list, sa_type=JSON)
    at_shown: int = Field(default=0)
    used_card_id: int | None = Field(default=None, foreign_key="card.id")
    landed: bool | None = Field(default=None)
    at: datetime
