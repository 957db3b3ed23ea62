"""The append-only history of deals, read back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from kb.states import DealStatus, EventKind
from storage.tables.people_and_deals import Deal, Event


class Events:
    """Queries on events."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, team_id: int, event_id: int) -> Event | None:
        """An event of the team."""
        event = self._session.get(Event, event_id)
        return event if event is not None and event.team_id == team_id else None

    def list_last(self, team_id: int, deal_id: int, limit: int = 5) -> Sequence[Event]:
        """A deal's newest events, newest first."""
        query = select(Event).where(Event.team_id == team_id, Event.deal_id == deal_id)
        return self._session.exec(query.order_by(col(Event.id).desc()).limit(limit)).all()

    def list_last_by(self, team_id: int, member_id: int, limit: int = 10) -> Sequence[Event]:
        """The newest acts of a member, newest first."""
        query = select(Event).where(Event.team_id == team_id, Event.member_id == member_id)
        return self._session.exec(query.order_by(col(Event.id).desc()).limit(limit)).all()

    def list_stages_of_won(
        self, team_id: int, limit: int = 500
    ) -> Sequence[tuple[int, datetime, str]]:
        """What the team's newest won deals went through, as (deal, instant, stage) in order.

        The stage is "" where the deal was won.
        """
        won = select(Deal.id).where(Deal.team_id == team_id, Deal.status == DealStatus.WON)
        newest = won.order_by(col(Deal.id).desc()).limit(limit)
        query = select(Event).where(Event.team_id == team_id, col(Event.deal_id).in_(newest))
        events = self._session.exec(query.order_by(col(Event.deal_id), col(Event.id))).all()
        return [
            (
                event.deal_id,
                event.at,
                "" if event.kind == EventKind.WON else str(event.after["stage"]),
            )
            for event in events
            if event.kind == EventKind.WON or "stage" in event.after
        ]

    def list_of_kind_at(self, team_id: int, kind: EventKind, at: datetime) -> Sequence[Event]:
        """The team's events of a kind at an instant: what one act did to many deals."""
        query = select(Event).where(Event.team_id == team_id, Event.kind == kind, Event.at == at)
        return self._session.exec(query.order_by(col(Event.id))).all()

    def is_undone(self, event_id: int) -> bool:
        """Whether an event has been taken back."""
        return (
            self._session.exec(select(Event.id).where(Event.undoes_id == event_id)).first()
            is not None
        )
