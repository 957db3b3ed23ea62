"""Occasions: what is to be said about a deal once, later: win it back, ask for a referral."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from storage.tables.playbook import Occasion

# Made once, for every tick of the clock asks them: the library then need not build them anew.
# When the next occasion of any team comes.
SELECT_NEXT_OCCASION_TIME = select(func.min(Occasion.due_at))
# Occasions of every team that have come, longest due first, but those another process holds.
SELECT_DUE_OCCASIONS = (
    select(Occasion)
    .where(col(Occasion.due_at) <= bindparam("now"))
    .order_by(col(Occasion.due_at), col(Occasion.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


class Occasions:
    """Queries on occasions; a deal has one of a kind at most."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def schedule(
        self, team_id: int, deal_id: int, kind: str, due_at: datetime, now: datetime
    ) -> None:
        """Has it said at `due_at`; one of the kind that the deal has already is put off to it."""
        found = self._find(team_id, deal_id, kind)
        if found is None:
            found = Occasion(team_id=team_id, deal_id=deal_id, kind=kind, made_at=now)
        found.due_at, found.made_at = due_at, now
        self._session.add(found)
        self._session.flush()

    def cancel(self, team_id: int, deal_id: int, kinds: Collection[str]) -> None:
        """Has them said no more."""
        for found in self.list_of_deal(team_id, deal_id):
            if found.kind in kinds:
                found.due_at = None
                self._session.add(found)
        self._session.flush()

    def list_of_deal(self, team_id: int, deal_id: int) -> Sequence[Occasion]:
        """A deal's occasions, past ones too."""
        query = select(Occasion).where(Occasion.team_id == team_id, Occasion.deal_id == deal_id)
        return self._session.exec(query.order_by(col(Occasion.id))).all()

    def get(self, team_id: int, occasion_id: int) -> Occasion | None:
        """An occasion of the team."""
        occasion = self._session.get(Occasion, occasion_id)
        return occasion if occasion is not None and occasion.team_id == team_id else None

    def list_due(self, now: datetime, limit: int = 200) -> Sequence[Occasion]:
        """The occasions of any team that have come, but those another process holds."""
        return self._session.exec(SELECT_DUE_OCCASIONS, params={"now": now, "limit": limit}).all()

    def next_due_at(self) -> datetime | None:
        """When the next occasion comes, in any team."""
        return self._session.exec(SELECT_NEXT_OCCASION_TIME).one()

    def _find(self, team_id: int, deal_id: int, kind: str) -> Occasion | None:
        return next((o for o in self.list_of_deal(team_id, deal_id) if o.kind == kind), None)
