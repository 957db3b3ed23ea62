"""The playbook's memory: who decides, what is to be said later, proofs, changes of funnels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from kb.states import OPEN
from storage.tables.people_and_deals import Deal, Event
from storage.tables.playbook import FunnelChange, Occasion, Proof, Stake


class Stakes:
    """Queries on who has what to do with a deal."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_deal(self, team_id: int, deal_id: int) -> Sequence[Stake]:
        """A deal's stakes, oldest first."""
        query = select(Stake).where(Stake.team_id == team_id, Stake.deal_id == deal_id)
        return self._session.exec(query.order_by(col(Stake.id))).all()

    def add(self, stake: Stake) -> Stake:
        """Keeps a new stake, and gives it its id."""
        self._session.add(stake)
        self._session.flush()
        return stake


# Made once, for every tick of the clock asks them: the library then need not build them anew.
_NEXT = select(func.min(Occasion.due_at))
_DUE = (
    select(Occasion)
    .where(col(Occasion.due_at) <= bindparam("now"))
    .order_by(col(Occasion.due_at), col(Occasion.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


class Occasions:
    """Queries on what is to be said of a deal once, later."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set(self, team_id: int, deal_id: int, kind: str, due_at: datetime, now: datetime) -> None:
        """Has it said at `due_at`; one of the kind that the deal has already is put off to it."""
        found = self._one(team_id, deal_id, kind)
        if found is None:
            found = Occasion(team_id=team_id, deal_id=deal_id, kind=kind, made_at=now)
        found.due_at, found.made_at = due_at, now
        self._session.add(found)
        self._session.flush()

    def drop(self, team_id: int, deal_id: int, kinds: Collection[str]) -> None:
        """Has them said no more."""
        for found in self.of_deal(team_id, deal_id):
            if found.kind in kinds:
                found.due_at = None
                self._session.add(found)
        self._session.flush()

    def of_deal(self, team_id: int, deal_id: int) -> Sequence[Occasion]:
        """A deal's occasions, past ones too."""
        query = select(Occasion).where(Occasion.team_id == team_id, Occasion.deal_id == deal_id)
        return self._session.exec(query.order_by(col(Occasion.id))).all()

    def get(self, team_id: int, occasion_id: int) -> Occasion | None:
        """An occasion of the team."""
        occasion = self._session.get(Occasion, occasion_id)
        return occasion if occasion is not None and occasion.team_id == team_id else None

    def due(self, now: datetime, limit: int = 200) -> Sequence[Occasion]:
        """The occasions of any team that have come, but those another process holds."""
        return self._session.exec(_DUE, params={"now": now, "limit": limit}).all()

    def next_due_at(self) -> datetime | None:
        """When the next occasion comes, in any team."""
        return self._session.exec(_NEXT).one()

    def _one(self, team_id: int, deal_id: int, kind: str) -> Occasion | None:
        return next((o for o in self.of_deal(team_id, deal_id) if o.kind == kind), None)


class Proofs:
    """Queries on what happy customers said."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, proof: Proof) -> Proof:
        """Keeps a new proof, and gives it its id."""
        self._session.add(proof)
        self._session.flush()
        return proof

    def get(self, team_id: int, proof_id: int) -> Proof | None:
        """A proof of the team."""
        proof = self._session.get(Proof, proof_id)
        return proof if proof is not None and proof.team_id == team_id else None

    def changed(self, proof: Proof) -> None:
        """Keeps a changed proof."""
        self._session.add(proof)
        self._session.flush()

    def of_deal(self, team_id: int, deal_id: int) -> Sequence[Proof]:
        """A deal's proofs that stand, newest first."""
        query = _standing(team_id).where(Proof.deal_id == deal_id)
        return self._session.exec(query.order_by(*_NEWEST)).all()

    def newest(
        self, team_id: int, industry: str = "", category: str = "", limit: int = 5, offset: int = 0
    ) -> Sequence[Proof]:
        """The proofs that stand, newest first; of an industry, against a kind of objection."""
        query = _standing(team_id)
        if industry:
            query = query.where(Proof.industry == industry)
        if category:
            query = query.where(Proof.category == category)
        return self._session.exec(query.order_by(*_NEWEST).limit(limit).offset(offset)).all()


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

    def history(self, team_id: int, limit: int = 20) -> Sequence[FunnelChange]:
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
            event = Event(team_id=team_id, deal_id=deal.id, member_id=by, kind="restaged", at=at)
            event.platform, event.before, event.after = platform, before, after
            self._session.add(event)
        self._session.flush()
        return deals


_NEWEST = (col(Proof.said_on).desc(), col(Proof.id).desc())


def _standing(team_id: int) -> SelectOfScalar[Proof]:
    return select(Proof).where(Proof.team_id == team_id, col(Proof.withdrawn_at).is_(None))
