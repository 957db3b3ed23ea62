"""Deals: changed only together with the event that says so, and found by all one knows of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kb.states import DealStatus, EventKind
from storage.deals.event_values import unpack
from storage.engine import Database
from storage.scope import Scope
from storage.tables.people_and_deals import Deal, Event
from tests.storage.world import (
    HOUR,
    NOW,
    a_deal,
    a_deal_of,
    a_member,
    add_customer,
    add_deal,
    contact_at,
    mine,
)

LATER = NOW + HOUR


@pytest.fixture
def deal(database: Database) -> Deal:
    return a_deal(database, amount=Decimal("12000.50"), next_step="call", next_step_at=NOW)


def change(database: Database, deal: Deal, columns: dict[str, Any], **said: Any) -> Event:
    values: dict[str, Any] = {"kind": EventKind.EDITED, "by": deal.owner_id, "at": LATER}
    with database.work() as memory:
        return memory.deals.change(mine(memory, deal), columns, **(values | said))


def history(database: Database, deal: Deal, limit: int = 50) -> list[Event]:
    with database.work() as memory:
        return list(memory.events.list_last(deal.team_id, deal.id, limit))


def test_a_change_is_kept_with_what_stood_there_before_and_after(
    database: Database, deal: Deal
) -> None:
    columns = {
        "stage": "offer",
        "amount": None,
        "next_step_at": LATER,
        "parked_until": date(2026, 4, 1),
    }
    change(database, deal, columns)
    with database.work() as memory:
        now = mine(memory, deal)
        assert {name: getattr(now, name) for name in columns} == columns
    (event,) = history(database, deal)
    assert unpack(event.after) == columns
    assert unpack(event.before) == {
        "stage": "lead",
        "amount": Decimal("12000.5"),
        "next_step_at": NOW,
        "parked_until": None,
    }


def test_an_event_says_who_did_what_when_and_from_where(database: Database, deal: Deal) -> None:
    said = {"kind": EventKind.MOVED, "platform": "slack", "note": "they want 报价", "at": LATER}
    change(database, deal, {"stage": "offer"}, **said)
    (event,) = history(database, deal)
    assert {name: getattr(event, name) for name in said} == said
    assert (event.team_id, event.deal_id, event.member_id) == (deal.team_id, deal.id, deal.owner_id)


def test_what_repmate_did_by_itself_is_nobody_s_act(database: Database, deal: Deal) -> None:
    change(database, deal, {"nudges_sent": 1}, by=None)
    assert history(database, deal)[0].member_id is None


def test_a_note_changes_nothing_and_is_an_event(database: Database, deal: Deal) -> None:
    change(database, deal, {}, kind=EventKind.NOTED, note="called")
    (event,) = history(database, deal)
    assert (event.before, event.after, event.note) == ({}, {}, "called")


def test_a_change_may_be_of_the_customer_and_of_the_people_there(
    database: Database, deal: Deal
) -> None:
    with database.work() as memory:
        contact = contact_at(memory, deal, name="Li", phone="+8613800138000")
    columns = {"customer.name": "Acme Ltd", f"contact:{contact.id}.phone": "+4930123456"}
    change(database, deal, columns)
    with database.work() as memory:
        assert mine(memory, deal).customer.name == "Acme Ltd"
        (there,) = memory.customers.list_contacts(deal.team_id, deal.customer_id)
        assert (there.name, there.phone) == ("Li", "+4930123456")
    (event,) = history(database, deal)
    assert event.before == {
        "customer.name": "Acme",
        f"contact:{contact.id}.phone": "+8613800138000",
    }


def test_a_deal_does_not_change_another_customer_s_people(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        elsewhere = contact_at(memory, a_deal_of(memory, deal, "Globex"), name="Max")
    with pytest.raises(ValueError, match="own customer"):
        change(database, deal, {f"contact:{elsewhere.id}.name": "Moritz"})
    assert history(database, deal) == []


def test_events_are_read_newest_first_also_those_of_one_moment(
    database: Database, deal: Deal
) -> None:
    for stage in ("a", "b", "c", "d"):
        change(database, deal, {"stage": stage})
    assert [event.after["stage"] for event in history(database, deal)] == ["d", "c", "b", "a"]
    assert [event.after["stage"] for event in history(database, deal, 2)] == ["d", "c"]


def test_events_stay_as_they_were_whatever_comes_after(database: Database, deal: Deal) -> None:
    first = change(database, deal, {"stage": "a"})
    stood = first.model_dump()
    for stage in ("b", "c"):
        change(database, deal, {"stage": stage})
    ids = [event.id for event in reversed(history(database, deal))]
    assert history(database, deal)[-1].model_dump() == stood
    assert ids == sorted(ids)


def test_the_acts_of_a_member_are_read_newest_first(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        other = a_deal_of(memory, deal, "Globex")
    for each, stage in ((deal, "a"), (other, "b"), (deal, "c")):
        change(database, each, {"stage": stage})
    change(database, deal, {"stage": "d"}, by=None)
    with database.work() as memory:
        acts = memory.events.list_last_by(deal.team_id, deal.owner_id)
        assert [event.after["stage"] for event in acts] == ["c", "b", "a"]
        assert len(memory.events.list_last_by(deal.team_id, deal.owner_id, limit=2)) == 2


def test_deals_are_found_by_status_and_stage(database: Database, deal: Deal) -> None:
    scope = Scope(deal.team_id)
    with database.work() as memory:
        for stage, status in (("lead", "parked"), ("offer", "live"), ("lead", "won")):
            a_deal_of(memory, deal, f"{stage} {status}", stage=stage, status=status)
    with database.work() as memory:
        names = [each.customer.name for each in memory.deals.within(scope)]
        assert names == ["Acme", "lead parked", "offer live"]
        leads = [each.customer.name for each in memory.deals.within(scope, stage="lead")]
        assert leads == ["Acme", "lead parked"]
        assert [d.customer.name for d in memory.deals.within(scope, [DealStatus.WON])] == [
            "lead won"
        ]
        assert [name for _, name in memory.deals.list_names(scope)] == names
        assert len(memory.deals.list_of_owner(deal.team_id, deal.owner_id)) == 4


def test_deals_are_found_by_the_people_one_talks_to(database: Database, deal: Deal) -> None:
    scope = Scope(deal.team_id)
    with database.work() as memory:
        won = a_deal_of(memory, deal, "Globex", status="won")
        for each, name in ((deal, "Li"), (won, "Max"), (deal, ""), (deal, "Wang")):
            contact_at(memory, each, name=name)
    with database.work() as memory:
        assert memory.deals.list_people(scope) == [(deal.id, "Li"), (deal.id, "Wang")]
        assert memory.deals.list_people(scope, [DealStatus.WON]) == [(won.id, "Max")]


def test_all_deals_with_a_customer_are_found(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        now = mine(memory, deal)
        owner = memory.members.get(deal.team_id, deal.owner_id)
        assert owner is not None
        second = add_deal(memory, owner, now.customer, status="lost")
        a_deal_of(memory, deal, "Globex")
    with database.work() as memory:
        found = memory.deals.list_of_customer(deal.team_id, deal.customer_id)
        assert [each.id for each in found] == [deal.id, second.id]


def test_a_deal_may_not_belong_to_somebody_who_is_not_there(database: Database) -> None:
    member = a_member(database)
    member.id += 50
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.work() as memory:
        add_deal(memory, member, add_customer(memory, memory.members.get_team(member.team_id)))
