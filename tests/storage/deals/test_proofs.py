"""Proofs: found by industry and objection, the newest first."""

from __future__ import annotations

from datetime import date

from storage.engine import Database
from storage.tables.playbook import Proof
from storage.unit_of_work import UnitOfWork
from tests.storage.world import NOW, a_deal


def test_the_newest_proof_that_stands_comes_first(database: Database) -> None:
    deal = a_deal(database)

    def kept(memory: UnitOfWork, quote: str, day: int, industry: str, category: str) -> Proof:
        proof = Proof(team_id=deal.team_id, deal_id=deal.id, member_id=deal.owner_id, quote=quote,
                      said_on=date(2026, 3, day), created_at=NOW)  # fmt: skip
        proof.industry, proof.category = industry, category
        return memory.proofs.add(proof)

    with database.work() as memory:
        kept(memory, "new", 9, "retail", "price")
        kept(memory, "old", 1, "retail", "price")
        kept(memory, "other", 5, "finance", "trust")
        gone = kept(memory, "gone", 10, "retail", "price")
        gone.withdrawn_at = NOW
        memory.proofs.save_change(gone)
    with database.work() as memory:
        team = deal.team_id
        assert [p.quote for p in memory.proofs.list_newest(team)] == ["new", "other", "old"]
        assert [p.quote for p in memory.proofs.list_newest(team, "retail")] == ["new", "old"]
        assert [p.quote for p in memory.proofs.list_newest(team, "", "trust")] == ["other"]
        assert [p.quote for p in memory.proofs.list_newest(team, limit=1, offset=2)] == ["old"]
        assert len(memory.proofs.list_of_deal(team, deal.id)) == 3
