"""Wordings learned from use, a card at a time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables.cards import LearnedPhrasing


class LearnedPhrasings:
    """Queries on learned wordings. Whoever changes one calls `cards.bump_version` on its card."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, team_id: int, learned_id: int) -> LearnedPhrasing | None:
        """A learned wording of the team, also one that was undone."""
        found = self._session.get(LearnedPhrasing, learned_id)
        return found if found is not None and found.team_id == team_id else None

    def find(self, team_id: int, card_id: int, text_key: str) -> LearnedPhrasing | None:
        """What a card has learned of these letters, also if it was undone."""
        query = select(LearnedPhrasing).where(
            LearnedPhrasing.team_id == team_id,
            LearnedPhrasing.card_id == card_id,
            LearnedPhrasing.text_key == text_key,
        )
        # Read anew, for it may have been strengthened since its card was read.
        return self._session.exec(query.execution_options(populate_existing=True)).first()

    def list_of_look_up(self, team_id: int, lookup_id: int) -> Sequence[LearnedPhrasing]:
        """What was last strengthened or weakened by a look-up."""
        query = select(LearnedPhrasing).where(
            LearnedPhrasing.team_id == team_id, LearnedPhrasing.lookup_id == lookup_id
        )
        return self._session.exec(query.order_by(col(LearnedPhrasing.id))).all()

    def save(self, learned: LearnedPhrasing) -> LearnedPhrasing:
        """Keeps a new or changed learned wording, and gives it its id."""
        self._session.add(learned)
        self._session.flush()
        return learned
