"""Undo: a compensating event that gives back what stood there, once, if nothing came since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.states import EventKind
from storage.engine import Database
from storage.tables.people_and_deals import Deal, Event
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import (
    HOUR,
    NOW,
    a_deal,
    add_deal,
    at_once,
    contact_at,
    examples_on_a_database,
    mine,
)

AT = NOW + HOUR
HELD = {
    "stage": "demo",
    "status": "live",
    "amount": Decimal("12000.50"),
    "next_step": "call",
    "next_step_at": NOW,
    "parked_until": None,
    "nudges_sent": 2,
}


@pytest.fixture
def deal(database: Database) -> Deal:
    return a_deal(database, **HELD)


def change(database: Database, deal: Deal, columns: dict[str, Any]) -> Event:
    with database.work() as memory:
        return memory.deals.change(
            mine(memory, deal), columns, kind=EventKind.EDITED, by=deal.owner_id, at=NOW
        )


def undo(database: Database, deal: Deal, event: Event) -> bool:
    with database.work() as memory:
        found = memory.events.get(deal.team_id, event.id)
        assert found is not None
        return memory.deals.undo(found, by=deal.owner_id, at=AT, platform="telegram")


def test_a_nudge_that_left_since_does_not_hinder(database: Database, deal: Deal) -> None:
    event = change(database, deal, {"stage": "offer", "nudges_sent": 0})
    with database.work() as memory:
        mine(memory, deal).nudges_sent = 1
    assert undo(database, deal, event)
    with database.work() as memory:
        assert (mine(memory, deal).stage, mine(memory, deal).nudges_sent) == ("demo", 2)


def held(database: Database, deal: Deal) -> dict[str, Any]:
    with database.work() as memory:
        now = mine(memory, deal)
        return {name: getattr(now, name) for name in HELD}


instants = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 the zone comes with `timezones`
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001 the zone comes with `timezones`
    timezones=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/St_Johns")]),
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(["lead", "demo", "offer"]),
        "status": st.sampled_from(["live", "won", "lost", "parked", "withdrawn"]),
        "amount": st.none() | st.decimals(0, 10**9, places=5),
        "next_step": st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30),
        "next_step_at": st.none() | instants,
        "parked_until": st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        "nudges_sent": st.integers(0, 9),
    },
)


@examples_on_a_database
@given(columns=changes)
def test_undo_gives_back_whatever_was_changed_and_once(
    database: Database, columns: dict[str, Any]
) -> None:
    deal = a_deal(database, **HELD)
    event = change(database, deal, columns)
    assert undo(database, deal, event)
    assert held(database, deal) == HELD
    assert not undo(database, deal, event)
    assert held(database, deal) == HELD


def test_undo_is_an_event_of_its_own_that_names_what_it_takes_back(
    database: Database, deal: Deal
) -> None:
    event = change(database, deal, {"stage": "offer"})
    with database.work() as memory:
        assert not memory.events.is_undone(event.id)
    undo(database, deal, event)
    with database.work() as memory:
        back, first = memory.events.list_last(deal.team_id, deal.id)
        assert memory.events.is_undone(event.id)
    assert (first.id, first.after) == (event.id, {"stage": "offer"})
    assert (back.kind, back.undoes_id, back.at, back.platform) == (
        "undone",
        first.id,
        AT,
        "telegram",
    )
    assert (back.before, back.after) == ({"stage": "offer"}, {"stage": "demo"})


def test_undo_is_refused_after_a_later_change_of_the_same(database: Database, deal: Deal) -> None:
    event = change(database, deal, {"stage": "offer", "nudges_sent": 0})
    change(database, deal, {"stage": "won"})
    assert not undo(database, deal, event)
    assert held(database, deal)["stage"] == "won"


def test_a_later_change_of_something_else_does_not_stand_in_the_way(
    database: Database, deal: Deal
) -> None:
    event = change(database, deal, {"stage": "offer"})
    change(database, deal, {"next_step": "mail"})
    assert undo(database, deal, event)
    assert held(database, deal) == HELD | {"next_step": "mail"}


def test_undo_can_itself_be_taken_back(database: Database, deal: Deal) -> None:
    event = change(database, deal, {"stage": "offer"})
    undo(database, deal, event)
    with database.work() as memory:
        back = memory.events.list_last(deal.team_id, deal.id)[0]
    assert undo(database, deal, back)
    assert held(database, deal)["stage"] == "offer"


def test_of_many_who_undo_at_once_one_does(databases: Databases, opened: Open) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(4)]
    deal = a_deal(known[0], **HELD)
    event = change(known[0], deal, {"nudges_sent": 2})  # so that nothing but the event can tell
    done = at_once([partial(undo, each, deal, event) for each in known])
    assert sorted(done) == [False, False, False, True]


def test_undo_reaches_the_customer_and_the_people_there(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        contact = contact_at(memory, deal, name="Li", phone="+1")
    columns = {
        "customer.name": "Globex",
        f"contact:{contact.id}.phone": "+2",
        f"contact:{contact.id}.email": "li@globex.io",
        "stage": "offer",
    }
    event = change(database, deal, columns)
    assert undo(database, deal, event)
    with database.work() as memory:
        now = mine(memory, deal)
        (there,) = memory.customers.list_contacts(deal.team_id, deal.customer_id)
    assert (now.customer.name, now.stage) == ("Acme", "demo")
    assert (there.phone, there.email) == ("+1", "")


def test_undo_is_refused_once_another_deal_has_renamed_the_customer(
    database: Database, deal: Deal
) -> None:
    with database.work() as memory:
        owner = memory.members.get(deal.team_id, deal.owner_id)
        assert owner is not None
        sister = add_deal(memory, owner, mine(memory, deal).customer)
    event = change(database, deal, {"customer.name": "Globex"})
    with database.work() as memory:
        other = memory.deals.list_of_customer(deal.team_id, deal.customer_id)[1]
        assert other.id == sister.id
        memory.deals.change(
            other, {"customer.name": "Initech"}, kind=EventKind.EDITED, by=None, at=AT
        )
    assert not undo(database, deal, event)
    with database.work() as memory:
        assert mine(memory, deal).customer.name == "Initech"


@pytest.mark.postgres
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
@pytest.mark.parametrize("column", ["stage", "customer.name", "contact:{}.phone"])
def test_undo_sees_what_another_process_changed_meanwhile(
    database: Database, deal: Deal, column: str
) -> None:
    with database.work() as memory:
        name = column.format(contact_at(memory, deal, name="Li", phone="+1").id)
    event = change(database, deal, {name: "first"})
    with database.work() as memory:
        seen = [mine(memory, deal), *memory.customers.list_contacts(deal.team_id, deal.customer_id)]
        found = memory.events.get(deal.team_id, event.id)
        change(database, deal, {name: "second"})
        assert found is not None
        assert not memory.deals.undo(found, by=deal.owner_id, at=AT, platform="telegram")
        assert len(seen) == 2


def test_a_day_of_changes_is_undone_back_to_its_start(database: Database, deal: Deal) -> None:
    steps: list[dict[str, Any]] = [
        {"stage": "offer", "amount": Decimal(1)},
        {"next_step_at": NOW + timedelta(days=3), "amount": Decimal("0.1")},
        {"status": "lost", "lost_reason": "price", "amount": None},
    ]
    events = [change(database, deal, columns) for columns in steps]
    assert [undo(database, deal, event) for event in events] == [False, False, True]
    assert [undo(database, deal, event) for event in reversed(events)] == [False, True, True]
    assert held(database, deal) == HELD
