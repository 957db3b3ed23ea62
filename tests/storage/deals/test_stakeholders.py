"""What the people at a customer have to do with a deal: kept, and taken back by undo."""

from __future__ import annotations

import pytest

from kb.states import EventKind
from storage.engine import Database
from storage.tables.people_and_deals import Contact, Deal
from storage.tables.playbook import Stake
from storage.unit_of_work import UnitOfWork
from tests.storage.world import NOW, a_deal, add_deal


def stake_of(memory: UnitOfWork, deal: Deal) -> Stake:
    contact = memory.customers.add_contact(
        Contact(team_id=deal.team_id, customer_id=deal.customer_id, name="Li", created_at=NOW)
    )
    stake = Stake(team_id=deal.team_id, deal_id=deal.id, contact_id=contact.id, created_at=NOW)
    return memory.stakes.add(stake)


def again(memory: UnitOfWork, deal: Deal) -> Deal:
    (found,) = memory.deals.list_of_owner(deal.team_id, deal.owner_id)[:1]
    return found


def test_what_somebody_has_to_do_with_a_deal_is_taken_back_by_undo(database: Database) -> None:
    deal = a_deal(database)
    with database.work() as memory:
        deal = again(memory, deal)
        stake = stake_of(memory, deal)
        changes = {f"stake:{stake.id}.part": "decides"}
        event = memory.deals.change(deal, changes, kind=EventKind.MAPPED, by=deal.owner_id, at=NOW)
        assert memory.stakes.list_of_deal(deal.team_id, deal.id)[0].part == "decides"
        assert memory.deals.undo(event, by=deal.owner_id, at=NOW, platform="")
        assert memory.stakes.list_of_deal(deal.team_id, deal.id)[0].part == ""


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
                other,
                {f"stake:{stake.id}.part": "uses"},
                kind=EventKind.MAPPED,
                by=owner.id,
                at=NOW,
            )
