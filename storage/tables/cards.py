"""The tables of the objection knowledge base: cards, how customers say them, what it led to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from kb.states import CardState
from storage.tables.columns import state_of


class GapState(StrEnum):
    """Whether a question that no card answered still waits for one."""

    OPEN = "open"
    FILLED = "filled"  # by the gap's `card_id`
    IGNORED = "ignored"  # by whoever looks after the cards


class Phrasing(SQLModel, table=True):
    """One way customers say an objection, as somebody wrote it down."""

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    card_id: int = Field(default=None, foreign_key="card.id", index=True, nullable=False)
    text: str = Field(max_length=200)


class LearnedPhrasing(SQLModel, table=True):
    """A wording that led to a card in use.

    One that was undone stays, so that the same wording is not learned again.
    """

    __tablename__ = "learned_phrasing"
    __table_args__ = (UniqueConstraint("team_id", "card_id", "text_key"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    card_id: int = Field(default=None, foreign_key="card.id", index=True, nullable=False)
    text: str = Field(max_length=200)  # as it was typed
    text_key: str = Field(max_length=200)  # the wording folded, for finding doubles
    # What it counted at `at`; it fades from there (kb/objections/learning.py).
    weight: float = Field(default=0.0)
    # What it counted then without the look-up that taught it last.
    before: float = Field(default=0.0)
    # The look-up that taught it last.
    lookup_id: int | None = Field(default=None, foreign_key="look_up.id", index=True)
    uses: int = Field(default=0)  # how often it led to the card
    at: datetime  # when it was last taught
    undone_at: datetime | None = Field(default=None)


class Card(SQLModel, table=True):
    """One objection card of a team."""

    __table_args__ = (
        UniqueConstraint("team_id", "key", "language"),
        Index(None, "team_id", "version"),
        Index(None, "team_id", "review_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    # Names its idea: a card of the same key in another language is its translation.
    key: str = Field(max_length=80)
    language: str = Field(max_length=8)  # "en" or "zh"
    category: str = Field(default="", max_length=40)  # the kind of objection
    # Keys of the stages it fits; none: all.
    stages: list[str] = Field(default_factory=list, sa_type=JSON)
    # The industries it fits; none: all.
    industries: list[str] = Field(default_factory=list, sa_type=JSON)
    objection: str = Field(max_length=200)  # the customer's words
    ask: str = Field(default="", max_length=400)  # the question to ask back
    say: str = Field(max_length=600)  # the line to say
    angles: list[str] = Field(default_factory=list, sa_type=JSON)  # further lines to say
    proof: str = Field(default="", max_length=400)  # what shows that it is true
    proof_on: date | None = Field(default=None)  # the day of the proof
    # Which of ask, say, angles, proof must not leave the team.
    internal: list[str] = Field(default_factory=list, sa_type=JSON)
    state: CardState = Field(default=CardState.APPROVED, sa_type=state_of(CardState))
    # Who wrote it; none for a starter pack.
    made_by_id: int | None = Field(default=None, foreign_key="member.id")
    # Who looks after it.
    owner_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    review_days: int = Field(default=90)  # how long it holds once it is verified
    # An approved card is due for review from then on.
    review_at: datetime | None = Field(default=None)
    verified_at: datetime | None = Field(default=None)  # when somebody last said that it holds
    # The card that took its place.
    merged_into_id: int | None = Field(default=None, foreign_key="card.id")
    # The team's `cards_version` at its last change: a higher one than an index's is news to it.
    version: int = Field(default=1)
    changed_at: datetime
    phrasings: list[Phrasing] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "cascade": "all, delete-orphan"}
    )
    learned: list[LearnedPhrasing] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "cascade": "all, delete-orphan"}
    )


class CardChange(SQLModel, table=True):
    """An append-only fact about a card: who did what to it, when, and what it held afterwards."""

    __tablename__ = "card_change"
    __table_args__ = (Index(None, "card_id", "id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    card_id: int = Field(foreign_key="card.id")
    # Who did it; none where Repmate did.
    member_id: int | None = Field(default=None, foreign_key="member.id")
    # Made, edited, approved, verified, retired, restored, merged, reverted and so on.
    kind: str = Field(max_length=20)
    at: datetime
    # The card's own fields and its phrasings, so that any change can be taken back.
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Gap(SQLModel, table=True):
    """Queries alike that no card answered."""

    __table_args__ = (Index(None, "team_id", "state"), Index(None, "raise_at"))

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    # The first wording; the others stand in the look-ups that name the gap.
    query: str = Field(max_length=500)
    # Nothing was found (missing), or nothing landed (landed).
    kind: str = Field(default="missing", max_length=20)
    count: int = Field(default=1)  # how often it was asked
    first_member_id: int = Field(foreign_key="member.id")  # who asked first
    first_at: datetime
    last_at: datetime
    state: GapState = Field(default=GapState.OPEN, sa_type=state_of(GapState))
    # The card that fills it, or is proposed to.
    card_id: int | None = Field(default=None, foreign_key="card.id")
    filled_at: datetime | None = Field(default=None)
    raise_at: datetime | None = Field(default=None)  # when somebody is to be asked to fill it
    # When the first asker was told that it is filled.
    told_at: datetime | None = Field(default=None)


class LookUp(SQLModel, table=True):
    """One search for a card: what was typed, what was shown, what was used, whether it landed."""

    __tablename__ = "look_up"
    __table_args__ = (
        Index(None, "team_id", "at"),
        Index(None, "team_id", "used_card_id"),
        Index(None, "team_id", "landed", "at", "used_card_id"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id")  # who searched
    # The deal it was about: guessed until `wrapped_at`.
    deal_id: int | None = Field(default=None, foreign_key="deal.id")
    stage: str = Field(default="", max_length=40)  # of the deal in hand at the time
    query: str = Field(max_length=500)  # what was typed
    # Sure, unsure or nothing; picked where the card was chosen from a list.
    tier: str = Field(default="", max_length=20)
    shown: list[Any] = Field(default_factory=list, sa_type=JSON)  # the cards found, best first
    top_card_id: int | None = Field(default=None, foreign_key="card.id")  # the first of those
    at_shown: int = Field(default=0)  # which of them is on the screen, from 0
    at_angle: int = Field(default=0)  # which of its lines: 0 what to say, then its angles
    # The card whose line was said.
    used_card_id: int | None = Field(default=None, foreign_key="card.id")
    landed: bool | None = Field(default=None)  # whether the line convinced; none while not said
    # The gap it belongs to.
    gap_id: int | None = Field(default=None, foreign_key="gap.id", index=True)
    wrapped_at: datetime | None = Field(default=None)  # when the rep said which deal it was about
    at: datetime
