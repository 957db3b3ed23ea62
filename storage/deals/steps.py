"""Steps: what members booked, and which of them are to ring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from storage.tables.steps import Step, StepState

# Made once, for every tick of the clock asks them.
NEXT_RING = select(func.min(Step.ring_at))
SELECT_DUE = (
    select(Step)
    .where(col(Step.ring_at) <= bindparam("now"))
    .order_by(col(Step.ring_at), col(Step.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


class Steps:
    """Queries on steps. All but the sweep's name the team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, step: Step) -> Step:
        """Saves a new step, and gives it its id."""
        self._session.add(step)
        self._session.flush()
        return step

    def get(self, team_id: int, step_id: int) -> Step | None:
        """A step of the team."""
        step = self._session.get(Step, step_id)
        return step if step is not None and step.team_id == team_id else None

    def list_of_deal(self, team_id: int, deal_id: int) -> Sequence[Step]:
        """A deal's open steps, the nearest first."""
        query = select(Step).where(
            Step.team_id == team_id, Step.deal_id == deal_id, Step.state == StepState.OPEN
        )
        return self._session.exec(query.order_by(col(Step.at), col(Step.id))).all()

    def list_ever_of_deal(self, team_id: int, deal_id: int) -> Sequence[Step]:
        """Every step of a deal, closed ones too, the nearest first."""
        query = select(Step).where(Step.team_id == team_id, Step.deal_id == deal_id)
        return self._session.exec(query.order_by(col(Step.at), col(Step.id))).all()

    def list_of_member(self, team_id: int, member_id: int) -> Sequence[Step]:
        """A member's open steps, on deals and on their own, the nearest first."""
        query = select(Step).where(
            Step.team_id == team_id, Step.member_id == member_id, Step.state == StepState.OPEN
        )
        return self._session.exec(query.order_by(col(Step.at), col(Step.id))).all()

    def list_due(self, now: datetime, limit: int) -> Sequence[Step]:
        """Steps of every team whose time to ring has come, the longest due first.

        Rows another process holds are left to it.
        """
        return self._session.exec(SELECT_DUE, params={"now": now, "limit": limit}).all()

    def list_due_of(self, team_id: int, member_id: int, now: datetime) -> Sequence[Step]:
        """A member's steps whose time to ring has come, but those another process holds."""
        query = select(Step).where(
            Step.team_id == team_id, Step.member_id == member_id, col(Step.ring_at) <= now
        )
        query = query.order_by(col(Step.ring_at), col(Step.id))
        return self._session.exec(query.with_for_update(skip_locked=True)).all()

    def count_between(self, team_id: int, member_id: int, begin: datetime, end: datetime) -> int:
        """How many of a member's steps ring after `begin` and before `end`."""
        query = select(func.count()).where(
            Step.team_id == team_id,
            Step.member_id == member_id,
            col(Step.ring_at) > begin,
            col(Step.ring_at) < end,
        )
        return self._session.exec(query).one()

    def next_ring_at(self) -> datetime | None:
        """When the next step of any team rings."""
        return self._session.exec(NEXT_RING).one()
