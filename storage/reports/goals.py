"""Goals: what a member and everybody below them is to win in a time, or to convert at a stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.tables.figures import Goal


class Goals:
    """Queries on goals."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, goal: Goal) -> Goal:
        """Keeps a goal; one of the same member, time and stage is replaced by it."""
        query = select(Goal).where(
            Goal.team_id == goal.team_id,
            Goal.member_id == goal.member_id,
            Goal.pipeline == goal.pipeline,
            Goal.first == goal.first,
            Goal.last == goal.last,
            Goal.stage == goal.stage,
        )
        known = self._session.exec(query).first()
        if known is None:
            self._session.add(goal)
        else:
            known.amount, known.currency, known.percent = goal.amount, goal.currency, goal.percent
            known.set_by_id, known.at = goal.set_by_id, goal.at
        self._session.flush()
        return known or goal

    def drop(self, goal: Goal) -> None:
        """Forgets a goal."""
        self._session.delete(goal)
        self._session.flush()

    def list_covering(self, team_id: int, member_id: int, day: date) -> Sequence[Goal]:
        """The member's goals whose time holds the day, the shortest time first."""
        query = select(Goal).where(
            Goal.team_id == team_id, Goal.member_id == member_id, Goal.first <= day
        )
        query = query.where(Goal.last >= day).order_by(col(Goal.first).desc(), col(Goal.id))
        return self._session.exec(query).all()
