"""The histories of many deals: whose they are, what changed them, what was undone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from kb.funnel.figures.deal_history import DealRow, EventRow, build_histories
from kb.funnel.stages.funnel_templates import load_funnel
from kb.states import DealStatus, EventKind
from storage.engine import Database
from storage.scope import Scope
from storage.tables.people_and_deals import Deal, Member
from storage.unit_of_work import UnitOfWork
from tests.storage.world import HOUR, NOW, add_customer, add_deal, add_member, add_team

FUNNEL = load_funnel("odds6")


def sold(memory: UnitOfWork, owner: Member, name: str, **columns: Any) -> Deal:
    """A deal that was made, and moved to the demo an hour later."""
    team = memory.members.get_team(owner.team_id)
    values = {"stage": "opportunity", "status": "withdrawn", "amount": Decimal(100)}
    deal = add_deal(memory, owner, add_customer(memory, team, name), **(values | columns))
    acts(memory, deal, EventKind.CREATED, 0, status="live")
    acts(memory, deal, EventKind.MOVED, 1, stage="demo", status="live")
    return deal


def acts(memory: UnitOfWork, deal: Deal, kind: EventKind, hours: int, **changes: Any) -> int:
    at = NOW + hours * HOUR
    whole = {**changes, "last_activity_at": at}
    return memory.deals.change(deal, whole, kind=kind, by=deal.owner_id, at=at).id


def test_a_course_is_rebuilt_from_what_either_database_gives(database: Database) -> None:
    with database.work() as memory:
        ann = add_member(memory, add_team(memory))
        deal = sold(memory, ann, "Acme")
        acts(memory, deal, EventKind.NOTED, 2)
        acts(
            memory,
            deal,
            EventKind.OFFERED,
            3,
            stage="negotiation",
            status="live",
            amount=Decimal("99.5"),
        )
        acts(
            memory, deal, EventKind.LOST, 4, stage="negotiation", status="lost", lost_reason="price"
        )
        team_id = ann.team_id
    with database.work() as memory:
        scope = Scope(team_id)
        deals = [DealRow._make(row) for row in memory.histories.list_deals(scope)]
        facts = [EventRow._make(row) for row in memory.histories.list_facts(scope)]
    assert [fact.kind for fact in facts] == ["created", "moved", "offered", "lost"]
    [course] = build_histories(deals, facts, FUNNEL)
    assert (course.stage, course.status, course.reason) == ("negotiation", "lost", "price")
    assert course.amounts_since == [(NOW, Decimal(100)), (NOW + 3 * HOUR, Decimal("99.5"))]
    assert course.reached_at[1:3] == [NOW + HOUR, NOW + HOUR]
    assert course.ended_at == NOW + 4 * HOUR


def test_what_was_undone_is_no_activity_and_no_answer(database: Database) -> None:
    with database.work() as memory:
        ann = add_member(memory, add_team(memory))
        deal = sold(memory, ann, "Acme")
        event = memory.events.list_last(ann.team_id, deal.id, 1)[0]
        memory.deals.undo(event, by=ann.id, at=NOW + 2 * HOUR, platform="")
        scope, span = Scope(ann.team_id), (NOW, NOW + timedelta(days=1))
        assert memory.histories.count_activity(scope, *span) == [(ann.id, "created", 1)]
        assert memory.histories.list_response_times(scope, *span) == [(deal.id, NOW, None)]
        acts(memory, deal, EventKind.CALLED, 3)
        assert memory.histories.list_response_times(scope, *span) == [
            (deal.id, NOW, NOW + 3 * HOUR)
        ]


def test_a_scope_and_a_time_leave_the_others_out(database: Database) -> None:
    with database.work() as memory:
        team = add_team(memory)
        ann, bo = add_member(memory, team), add_member(memory, team, "Bo")
        mine, theirs = sold(memory, ann, "Acme"), sold(memory, bo, "Beta")
        later = sold(memory, ann, "Later")
        for deal, hours in ((mine, 2), (later, 100)):
            acts(memory, deal, EventKind.LOST, hours, status="lost", lost_reason="price")
        gone = sold(memory, ann, "Gone")
        gone.status = DealStatus.WITHDRAWN
        memory.flush()
        histories, scope = memory.histories, Scope(team.id, frozenset({ann.id}))
        assert [row[0] for row in histories.list_deals(scope)] == [mine.id, later.id]
        assert {row[0] for row in histories.list_facts(scope)} == {mine.id, later.id}
        assert [row[0] for row in histories.list_deals(scope, NOW + 50 * HOUR)] == [later.id]
        assert {row[0] for row in histories.list_facts(scope, NOW + 50 * HOUR)} == {later.id}
        assert theirs.id in {row[0] for row in histories.list_deals(Scope(team.id))}
        assert {who for who, _, _ in histories.count_activity(scope, NOW, NOW + HOUR)} == {ann.id}


def test_an_open_deal_is_never_left_out_however_quiet_it_is(database: Database) -> None:
    with database.work() as memory:
        ann = add_member(memory, add_team(memory))
        deal = sold(memory, ann, "Acme")
        since = NOW + 1000 * HOUR
        assert [row[0] for row in memory.histories.list_deals(Scope(ann.team_id), since)] == [
            deal.id
        ]


def test_an_amount_s_age_counts_from_when_it_was_last_said(database: Database) -> None:
    with database.work() as memory:
        ann = add_member(memory, add_team(memory))
        said, never = sold(memory, ann, "Acme"), sold(memory, ann, "Beta", amount=None)
        acts(memory, said, EventKind.EDITED, 5, amount=Decimal(7))
        found = {row[0]: row for row in memory.histories.list_hygiene_facts(Scope(ann.team_id))}
        assert found[said.id][5] == NOW + 5 * HOUR
        assert found[never.id][5] is None
        assert found[said.id][4] is False
