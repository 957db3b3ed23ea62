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
    """A wording that led to a card in use. `text_key` is the wording folded, for finding doubles.

    `weight` is what it counted at `at`; it fades from there (kb/objections/learning.py). `before`
    is what it counted then without the look-up that taught it last, `lookup_id`. One that was
    undone stays, so that the same wording is not learned again.
    """

    __tablename__ = "learned_phrasing"
    __table_args__ = (UniqueConstraint("team_id", "card_id", "text_key"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    card_id: int = Field(default=None, foreign_key="card.id", index=True, nullable=False)
    text: str = Field(max_length=200)
    text_key: str = Field(max_length=200)
    weight: float = Field(default=0.0)
    before: float = Field(default=0.0)
    lookup_id: int | None = Field(default=None, foreign_key="look_up.id", index=True)
    uses: int = Field(default=0)
    at: datetime
    undone_at: datetime | None = Field(default=None)


class Card(SQLModel, table=True):
    """One objection card of a team. `state` is draft, approved or retired; `key` names its idea.

    A card of the same key in another language is its translation. `angles` are further lines to
    say. `internal` names the lines (ask, say, angles, proof) that must not leave the team.
    `proof_on` dates the proof. An approved card is due for review from `review_at` on, which is
    `review_days` after it was last verified. `version` is the team's `cards_version` at the last
    change of the card, or of what was learned for it: a higher one than an index's is news to it.
    """

    __table_args__ = (
        UniqueConstraint("team_id", "key", "language"),
        Index(None, "team_id", "version"),
        Index(None, "team_id", "review_at"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    key: str = Field(max_length=80)
    language: str = Field(max_length=8)
    category: str = Field(default="", max_length=40)
    stages: list[str] = Field(default_factory=list, sa_type=JSON)
    industries: list[str] = Field(default_factory=list, sa_type=JSON)
    objection: str = Field(max_length=200)
    ask: str = Field(default="", max_length=400)
    say: str = Field(max_length=600)
    angles: list[str] = Field(default_factory=list, sa_type=JSON)
    proof: str = Field(default="", max_length=400)
    proof_on: date | None = Field(default=None)
    internal: list[str] = Field(default_factory=list, sa_type=JSON)
    state: CardState = Field(default=CardState.APPROVED, sa_type=state_of(CardState))
    made_by_id: int | None = Field(default=None, foreign_key="member.id")
    owner_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    review_days: int = Field(default=90)
    review_at: datetime | None = Field(default=None)
    verified_at: datetime | None = Field(default=None)
    merged_into_id: int | None = Field(default=None, foreign_key="card.id")
    version: int = Field(default=1)
    changed_at: datetime
    phrasings: list[Phrasing] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "cascade": "all, delete-orphan"}
    )
    learned: list[LearnedPhrasing] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "cascade": "all, delete-orphan"}
    )


class CardChange(SQLModel, table=True):
    """An append-only fact about a card: who did what to it, when, and what it held afterwards.

    `kind` is made, edited, approved, verified, retired, restored, merged, reverted or imported.
    `content` holds the card's own fields and its phrasings, so that any change can be taken back.
    """

    __tablename__ = "card_change"
    __table_args__ = (Index(None, "card_id", "id"),)

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    card_id: int = Field(foreign_key="card.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    kind: str = Field(max_length=20)
    at: datetime
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Gap(SQLModel, table=True):
    """Queries alike that no card answered: nothing was found (`missing`), or nothing `landed`.

    `query` is the first wording, the others stand in the look-ups that name the gap. `state` is
    open, filled (by `card_id`) or ignored. `raise_at` is when somebody is to be asked to fill it,
    `told_at` when the first asker was told that it is filled.
    """

    __table_args__ = (Index(None, "team_id", "state"), Index(None, "raise_at"))

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    query: str = Field(max_length=500)
    kind: str = Field(default="missing", max_length=20)
    count: int = Field(default=1)
    first_member_id: int = Field(foreign_key="member.id")
    first_at: datetime
    last_at: datetime
    state: GapState = Field(default=GapState.OPEN, sa_type=state_of(GapState))
    card_id: int | None = Field(default=None, foreign_key="card.id")
    filled_at: datetime | None = Field(default=None)
    raise_at: datetime | None = Field(default=None)
    told_at: datetime | None = Field(default=None)


class LookUp(SQLModel, table=True):
    """One search for a card: what was typed, what was shown, what was used, whether it landed.

    `shown` are the cards found, best first, `top_card_id` the first of them; `tier` is sure, unsure
    or nothing, or picked where the card was chosen from a list. `at_shown` and `at_angle` say which
    card and which of its lines (0: say, then its angles) is on the screen. `stage` is that of the
    deal in hand at the time, `deal_id` the deal it was about: guessed until `wrapped_at`, when the
    rep has said so.
    """

    __tablename__ = "look_up"
    __table_args__ = (
        Index(None, "team_id", "at"),
        Index(None, "team_id", "used_card_id"),
        Index(None, "team_id", "landed", "at", "used_card_id"),
    )

    id: int = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    deal_id: int | None = Field(default=None, foreign_key="deal.id")
    stage: str = Field(default="", max_length=40)
    query: str = Field(max_length=500)
    tier: str = Field(default="", max_length=20)
    shown: list[Any] = Field(default_factory=list, sa_type=JSON)
    top_card_id: int | None = Field(default=None, foreign_key="card.id")
    at_shown: int = Field(default=0)
    at_angle: int = Field(default=0)
    used_card_id: int | None = Field(default=None, foreign_key="card.id")
    landed: bool | None = Field(default=None)
    gap_id: int | None = Field(default=None, foreign_key="gap.id", index=True)
    wrapped_at: datetime | None = Field(default=None)
    at: datetime
