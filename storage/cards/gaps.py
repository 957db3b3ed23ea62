"""Gaps: what was asked for and no card answered, like queries together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from storage.tables.cards import Gap, GapState, LookUp

# Made once, for every tick of the clock asks them: the library then need not build them anew.
# When the next open gap is to be told of, in any team.
SELECT_NEXT_RAISE_TIME = select(func.min(Gap.raise_at)).where(Gap.state == GapState.OPEN)
# Open gaps of any team that somebody is to be told of by now.
SELECT_GAPS_TO_RAISE = (
    select(Gap)
    .where(col(Gap.raise_at) <= bindparam("now"), Gap.state == GapState.OPEN)
    .order_by(col(Gap.raise_at))
    .limit(bindparam("limit"))
)


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

    def list_in_state(
        self, team_id: int, state: GapState, limit: int | None = None, offset: int = 0
    ) -> Sequence[Gap]:
        """The team's gaps in a state, most asked first."""
        query = select(Gap).where(Gap.team_id == team_id, Gap.state == state)
        order = (col(Gap.count).desc(), col(Gap.id))
        return self._session.exec(query.order_by(*order).limit(limit).offset(offset)).all()

    def count(self, team_id: int, state: GapState) -> int:
        """How many of the team's gaps are in a state."""
        query = select(func.count()).select_from(Gap)
        return self._session.exec(query.where(Gap.team_id == team_id, Gap.state == state)).one()

    def list_newest(self, team_id: int, kind: str, limit: int) -> Sequence[Gap]:
        """The team's gaps of a kind that are open or ignored, last asked first."""
        query = select(Gap).where(
            Gap.team_id == team_id,
            Gap.kind == kind,
            col(Gap.state).in_((GapState.OPEN, GapState.IGNORED)),
        )
        order = (col(Gap.last_at).desc(), col(Gap.id).desc())
        return self._session.exec(query.order_by(*order).limit(limit)).all()

    def list_waiting_for_card(self, team_id: int, card_id: int) -> Sequence[Gap]:
        """The open gaps that a card will fill once it is approved."""
        query = select(Gap).where(
            Gap.team_id == team_id, Gap.card_id == card_id, Gap.state == GapState.OPEN
        )
        return self._session.exec(query.order_by(col(Gap.id))).all()

    def list_filled(self, team_id: int, limit: int) -> Sequence[Gap]:
        """The team's gaps that were filled, last filled first."""
        query = select(Gap).where(Gap.team_id == team_id, Gap.state == GapState.FILLED)
        return self._session.exec(query.order_by(col(Gap.filled_at).desc()).limit(limit)).all()

    def save_change(self, gap: Gap) -> None:
        """Keeps a changed gap."""
        self._session.add(gap)
        self._session.flush()

    def list_look_ups(
        self, team_id: int, gap_id: int, limit: int | None = None
    ) -> Sequence[LookUp]:
        """The look-ups of a gap, oldest first."""
        query = select(LookUp).where(LookUp.team_id == team_id, LookUp.gap_id == gap_id)
        return self._session.exec(query.order_by(col(LookUp.id)).limit(limit)).all()

    def list_to_raise(self, now: datetime, limit: int = 500) -> Sequence[Gap]:
        """The open gaps of any team that somebody is to be told of by now."""
        return self._session.exec(SELECT_GAPS_TO_RAISE, params={"now": now, "limit": limit}).all()

    def next_raise_at(self) -> datetime | None:
        """When the next gap is to be told of, in any team."""
        return self._session.exec(SELECT_NEXT_RAISE_TIME).one()
