"""The odds that teams have learned from their own histories, one row a pipeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from storage.tables.figures import LearnedOdds


class OddsLearned:
    """Queries on learned odds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, team_id: int, pipeline: str) -> LearnedOdds | None:
        """What the team has learned of a pipeline; None before it first has."""
        query = select(LearnedOdds).where(
            LearnedOdds.team_id == team_id, LearnedOdds.pipeline == pipeline
        )
        return self._session.exec(query).first()

    def save(
        self, team_id: int, pipeline: str, model: dict[str, Any], record: list[Any], at: datetime
    ) -> LearnedOdds:
        """Keeps what was learned in the place of what was before."""
        found = self.get(team_id, pipeline)
        if found is None:
            found = LearnedOdds(team_id=team_id, pipeline=pipeline, learned_at=at)
            self._session.add(found)
        found.model, found.record, found.learned_at = model, record, at
        self._session.flush()
        return found
