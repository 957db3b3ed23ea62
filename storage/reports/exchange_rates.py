"""Rates of currencies, each from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from storage.tables.figures import Rate


class Rates:
    """Queries on rates."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save(self, rate: Rate) -> Rate:
        """Keeps a rate; one of the same currencies and day is replaced by it."""
        query = select(Rate).where(
            Rate.team_id == rate.team_id,
            Rate.own == rate.own,
            Rate.currency == rate.currency,
            Rate.day == rate.day,
        )
        known = self._session.exec(query).first()
        if known is None:
            self._session.add(rate)
        else:
            known.value, known.member_id, known.at = rate.value, rate.member_id, rate.at
        self._session.flush()
        return known or rate

    def list_of_team(self, team_id: int, own: str) -> Sequence[tuple[str, Decimal, date]]:
        """The team's rates into its own currency: (currency, value, day), oldest first."""
        query = select(Rate).where(Rate.team_id == team_id, Rate.own == own)
        rows = self._session.exec(query.order_by(col(Rate.day), col(Rate.id))).all()
        return [(row.currency, Decimal(row.value), row.day) for row in rows]
