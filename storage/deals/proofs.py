"""Proofs: what happy customers said, to be shown to others."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables.playbook import Proof

NEWEST_FIRST = (col(Proof.said_on).desc(), col(Proof.id).desc())


class Proofs:
    """Queries on proofs."""

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

    def save_change(self, proof: Proof) -> None:
        """Keeps a changed proof."""
        self._session.add(proof)
        self._session.flush()

    def list_of_deal(self, team_id: int, deal_id: int) -> Sequence[Proof]:
        """A deal's proofs that were not withdrawn, newest first."""
        query = _select_valid(team_id).where(Proof.deal_id == deal_id)
        return self._session.exec(query.order_by(*NEWEST_FIRST)).all()

    def list_newest(
        self, team_id: int, industry: str = "", category: str = "", limit: int = 5, offset: int = 0
    ) -> Sequence[Proof]:
        """The team's proofs, newest first; of an industry, against a kind of objection."""
        query = _select_valid(team_id)
        if industry:
            query = query.where(Proof.industry == industry)
        if category:
            query = query.where(Proof.category == category)
        return self._session.exec(query.order_by(*NEWEST_FIRST).limit(limit).offset(offset)).all()


def _select_valid(team_id: int) -> SelectOfScalar[Proof]:
    """The team's proofs that were not withdrawn."""
    return select(Proof).where(Proof.team_id == team_id, col(Proof.withdrawn_at).is_(None))
