"""What leaves as a file: deals, the people at their customers, and all that happened on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from kb.states import DealStatus, EventKind
from storage.scope import Scope
from storage.tables.people_and_deals import Audit, Contact, Deal, Event

EVERY_STATUS = tuple(each for each in DealStatus if each != DealStatus.WITHDRAWN)
Row = TypeVar("Row")


class Exports:
    """Queries of whole lists, inside the scope of whoever asks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_deals(self, scope: Scope, limit: int) -> Sequence[Deal]:
        """The newest of the scope's deals, closed ones too, newest first."""
        query = _mine(select(Deal), scope).order_by(col(Deal.id).desc()).limit(limit)
        return self._session.exec(query).all()

    def list_people(self, scope: Scope, limit: int) -> Sequence[Contact]:
        """The people at the customers of the scope's deals."""
        customers = _mine(select(Deal.customer_id), scope)
        query = select(Contact).where(
            Contact.team_id == scope.team_id, col(Contact.customer_id).in_(customers)
        )
        return self._session.exec(query.order_by(col(Contact.id).desc()).limit(limit)).all()

    def list_events(self, scope: Scope, limit: int) -> Sequence[Event]:
        """The newest events of the scope's deals that still stand, newest first.

        An act that was taken back, and its taking back, are left out: neither has happened.
        """
        deals = _mine(select(Deal.id), scope)
        undone = select(Event.undoes_id).where(
            Event.team_id == scope.team_id, col(Event.undoes_id).is_not(None)
        )
        query = select(Event).where(
            Event.team_id == scope.team_id,
            col(Event.deal_id).in_(deals),
            Event.kind != EventKind.UNDONE,
            col(Event.id).not_in(undone),
        )
        return self._session.exec(query.order_by(col(Event.id).desc()).limit(limit)).all()

    def count_exports_since(self, team_id: int, member_id: int, at: datetime) -> int:
        """How many files of deals a member has taken since then."""
        query = select(func.count()).where(
            Audit.team_id == team_id,
            Audit.member_id == member_id,
            Audit.kind == "deals exported",
            col(Audit.at) >= at,
        )
        return self._session.exec(query).one()


def _mine(query: SelectOfScalar[Row], scope: Scope) -> SelectOfScalar[Row]:
    query = query.where(Deal.team_id == scope.team_id, col(Deal.status).in_(EVERY_STATUS))
    if scope.member_ids is not None:
        query = query.where(col(Deal.owner_id).in_(scope.member_ids))
    return query
