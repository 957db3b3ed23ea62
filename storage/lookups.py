"""Look-ups: what was typed, shown, used, and whether it landed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables_cards import LookUp


class LookUps:
    """Queries on look-ups."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lookup: LookUp) -> LookUp:
        """Keeps a look-up, and gives it its id."""
        self._session.add(lookup)
        self._session.flush()
        return lookup

    def get(self, team_id: int, member_id: int, lookup_id: int) -> LookUp | None:
        """A look-up of this member."""
        lookup = self._session.get(LookUp, lookup_id)
        if lookup is None or (lookup.team_id, lookup.member_id) != (team_id, member_id):
            return None
        return lookup

    def for_manager(self, team_id: int, lookup_id: int) -> LookUp | None:
        """A look-up of anybody in the team."""
        lookup = self._session.get(LookUp, lookup_id)
        return lookup if lookup is not None and lookup.team_id == team_id else None

    def changed(self, lookup: LookUp) -> None:
        """Keeps what became of a look-up."""
        self._session.add(lookup)
        self._session.flush()

    def for_team(self, team_id: int, limit: int = 500) -> Sequence[LookUp]:
        """The team's look-ups, newest first."""
        query = select(LookUp).where(LookUp.team_id == team_id)
        return self._session.exec(query.order_by(col(LookUp.id).desc()).limit(limit)).all()
