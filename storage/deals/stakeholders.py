"""Stakeholders: what the people at a customer have to do with a deal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables.playbook import Stake


class Stakes:
    """Queries on stakes: who at the customer decides, buys, influences, uses or blocks."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_of_deal(self, team_id: int, deal_id: int) -> Sequence[Stake]:
        """A deal's stakes, oldest first."""
        query = select(Stake).where(Stake.team_id == team_id, Stake.deal_id == deal_id)
        return self._session.exec(query.order_by(col(Stake.id))).all()

    def add(self, stake: Stake) -> Stake:
        """Keeps a new stake, and gives it its id."""
        self._session.add(stake)
        self._session.flush()
        return stake
