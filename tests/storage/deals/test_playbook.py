"""Who decides, what is said later, what happy customers gave: kept, found, and taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage.engine import Database
from storage.tables.people_and_deals import Contact, Deal
from storage.tables.playbook import Proof, Stake
from storage.unit_of_work import UnitOfWork
from tests.storage.world import HOUR, NOW, a_deal, add_customer, add_deal


def stake_of(memory: UnitOfWork, deal: Deal) -> Stake:
    contact = memory.customers.add_contact(
        Contact(team_id=deal.team_id, customer_id=deal.customer_id, name="Li", created_at=NOW)
    )
    stake = Stake(team_id=deal.team_id, deal_id=deal.id, contact_id=contact.id, created_at=NOW)
    return memory.stakes.add(stake)


def again(memory: UnitOfWork, deal: Deal) -> Deal:
    (found,) = memory.deals.owned_by(deal.team_id, deal.owner_id)[:1]
    return found


def test_what_somebody_has_to_do_with_a_deal_is_taken_back_by_undo(database: Database) -> None:
    deal = a_deal(database)
    with database.work() as memory:
        deal = again(memory, deal)
        stake = stake_of(memory, deal)
        changes = {f"stake:{stake.id}.part": "decides"}
        event = memory.deals.change(deal, changes, kind="mapped", by=deal.owner_id, at=NOW)
        assert memory.stakes.of_deal(deal.team_id, deal.id)[0].part == "decides"
        assert memory.deals.undo(event, by=deal.owner_id, at=NOW, platform="")
        assert memory.stakes.of_deal(deal.team_id, deal.id)[0].part == ""


def test_a_deal_changes_only_its_own_stakes(database: Database) -> None:
    deal = a_deal(database)
    with database.work() as memory:
        deal = again(memory, deal)
        stake = stake_of(memory, deal)
        owner = memory.members.get(deal.team_id, deal.owner_id)
        assert owner is not None
        other = add_deal(memory, owner, deal.customer)
        with pytest.raises(ValueError, match="own stakes"):
            memory.deals.change(
                other, {f"stake:{stake.id}.part": "uses"}, kind="mapped", by=owner.id, at=NOW
            )


def test_an_occasion_of_a_kind_is_there_once_and_put_off_by_setting_it_anew(
    database: Database,
) -> None:
    deal = a_deal(database)
    with database.work() as memory:
        for hours in (3, 1):
            memory.occasions.set(deal.team_id, deal.id, "winback", NOW + hours * HOUR, NOW)
        assert [each.kind for each in memory.occasions.of_deal(deal.team_id, deal.id)] == [
            "winback"
        ]
        assert memory.occasions.next_due_at() == NOW + HOUR
        assert memory.occasions.due(NOW) == []
        assert [each.deal_id for each in memory.occasions.due(NOW + HOUR)] == [deal.id]
        memory.occasions.drop(deal.team_id, deal.id, ["discount"])
        assert memory.occasions.next_due_at() == NOW + HOUR
        memory.occasions.drop(deal.team_id, deal.id, ["winback", "discount"])
        assert memory.occasions.next_due_at() is None


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
        memory.proofs.changed(gone)
    with database.work() as memory:
        team = deal.team_id
        assert [p.quote for p in memory.proofs.newest(team)] == ["new", "other", "old"]
        assert [p.quote for p in memory.proofs.newest(team, "retail")] == ["new", "old"]
        assert [p.quote for p in memory.proofs.newest(team, "", "trust")] == ["other"]
        assert [p.quote for p in memory.proofs.newest(team, limit=1, offset=2)] == ["old"]
        assert len(memory.proofs.of_deal(team, deal.id)) == 3


def test_a_funnel_that_changes_puts_its_open_deals_elsewhere_and_moves_none(
    database: Database,
) -> None:
    deal = a_deal(database)
    with database.work() as memory:
        owner = memory.members.get(deal.team_id, deal.owner_id)
        assert owner is not None
        customer = add_customer(memory, memory.members.team(deal.team_id))
        parked = add_deal(memory, owner, customer, status="parked")
        lost = add_deal(memory, owner, customer, status="lost")
        since = deal.stage_since
        later = NOW + timedelta(days=3)
        mapping = {deal.stage: ("partners", "demo")}
        put = memory.funnel_changes.restage(deal.team_id, mapping, by=owner.id, at=later)
        assert [each.id for each in put] == [deal.id, parked.id]
        assert {(each.pipeline, each.stage) for each in put} == {("partners", "demo")}
        assert (lost.pipeline, lost.stage) == ("main", deal.stage)
        assert put[0].stage_since == since
        assert put[0].last_activity_at < later
        told = memory.events.of_kind_at(deal.team_id, "restaged", later)
        assert [event.deal_id for event in told] == [deal.id, parked.id]
        assert told[0].after == {"pipeline": "partners", "stage": "demo"}
        assert told[0].before == {"pipeline": "main", "stage": deal.stage}
