"""Changes of a team's funnels, and the deals they put into other stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from kb.states import OPEN, EventKind
from storage.tables.people_and_deals import Deal, Event
from storage.tables.playbook import FunnelChange


class FunnelChanges:
    """Queries on how a team's funnels were changed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, change: FunnelChange) -> FunnelChange:
        """Keeps a change, and gives it its id."""
        self._session.add(change)
        self._session.flush()
        return change

    def get(self, team_id: int, change_id: int) -> FunnelChange | None:
        """A change of the team's funnels."""
        change = self._session.get(FunnelChange, change_id)
        return change if change is not None and change.team_id == team_id else None

    def list_newest(self, team_id: int, limit: int = 20) -> Sequence[FunnelChange]:
        """The team's changes, newest first."""
        query = select(FunnelChange).where(FunnelChange.team_id == team_id)
        return self._session.exec(query.order_by(col(FunnelChange.id).desc()).limit(limit)).all()

    def restage(
        self,
        team_id: int,
        mapping: Mapping[str, tuple[str, str]],
        *,
        by: int | None,
        at: datetime,
        platform: str = "",
    ) -> Sequence[Deal]:
        """Puts the team's open deals that stand in a stage of `mapping` where that says.

        It says (pipeline, stage). The deals did not move: their funnel did. So nothing but an
        event of kind `restaged` tells of it, and how long they have been where they are stays.
        """
        query = select(Deal).where(
            Deal.team_id == team_id, col(Deal.status).in_(OPEN), col(Deal.stage).in_(mapping)
        )
        deals = self._session.exec(query.order_by(col(Deal.id)).with_for_update(of=Deal)).all()
        for deal in deals:
            before = {"pipeline": deal.pipeline, "stage": deal.stage}
            deal.pipeline, deal.stage = mapping[deal.stage]
            after = {"pipeline": deal.pipeline, "stage": deal.stage}
            event = Event(
                team_id=team_id, deal_id=deal.id, member_id=by, kind=EventKind.RESTAGED, at=at
            )
            event.platform, event.before, event.after = platform, before, after
            self._session.add(event)
        self._session.flush()
        return deals
