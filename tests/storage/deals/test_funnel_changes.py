"""A change of a funnel puts its open deals elsewhere, and moves none."""

from __future__ import annotations

from datetime import timedelta

from kb.states import EventKind
from storage.engine import Database
from tests.storage.world import NOW, a_deal, add_customer, add_deal


def test_a_funnel_that_changes_puts_its_open_deals_elsewhere_and_moves_none(
    database: Database,
) -> None:
    deal = a_deal(database)
    with database.work() as memory:
        owner = memory.members.get(deal.team_id, deal.owner_id)
        assert owner is not None
        customer = add_customer(memory, memory.members.get_team(deal.team_id))
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
        told = memory.events.list_of_kind_at(deal.team_id, EventKind.RESTAGED, later)
        assert [event.deal_id for event in told] == [deal.id, parked.id]
        assert told[0].after == {"pipeline": "partners", "stage": "demo"}
        assert told[0].before == {"pipeline": "main", "stage": deal.stage}
