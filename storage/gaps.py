"""Gaps: what was asked for and no card answered, like queries together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables_cards import Gap, LookUp


class Gaps:
    """Queries on gaps."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, gap: Gap) -> Gap:
        """Keeps a new gap, and gives it its id."""
        self._session.add(gap)
        self._session.flush()
        return gap

    def get(self, team_id: int, gap_id: int) -> Gap | None:
        """A gap of the team."""
        gap = self._session.get(Gap, gap_id)
        return gap if gap is not None and gap.team_id == team_id else None

    def in_state(self, team_id: int, state: str) -> Sequence[Gap]:
        """The team's gaps in a state, most asked first."""
        query = select(Gap).where(Gap.team_id == team_id, Gap.state == state)
        return self._session.exec(query.order_by(col(Gap.count).desc(), col(Gap.id))).all()

    def newest(self, team_id: int, kind: str, limit: int) -> Sequence[Gap]:
        """The team's gaps of a kind that are open or ignored, last asked first."""
        query = select(Gap).where(
            Gap.team_id == team_id, Gap.kind == kind, col(Gap.state).in_(("open", "ignored"))
        )
        order = (col(Gap.last_at).desc(), col(Gap.id).desc())
        return self._session.exec(query.order_by(*order).limit(limit)).all()

    def changed(self, gap: Gap) -> None:
        """Keeps a changed gap."""
        self._session.add(gap)
        self._session.flush()

    def asked(self, team_id: int, gap_id: int) -> Sequence[LookUp]:
        """The look-ups of a gap, oldest first."""
        query = select(LookUp).where(LookUp.team_id == team_id, LookUp.gap_id == gap_id)
        return self._session.exec(query.order_by(col(LookUp.id))).all()
