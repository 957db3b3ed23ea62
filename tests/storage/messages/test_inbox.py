"""The inbox: every arrival once a platform, answered only after it was handled."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from storage.engine import Busy, Database
from storage.messages.inbox import Arrival
from storage.tables.messages import Inbox, InboxState
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import NOW, a_member, add_member, add_team, at_once

DAY = timedelta(days=1)


def arrival(event_id: str, platform: str = "telegram", lane: str = "7") -> Arrival:
    return Arrival(platform, event_id, lane, f'{{"update_id": "{event_id}"}}')


def keep(database: Database, *arrivals: Arrival) -> list[str]:
    with database.work() as memory:
        return list(memory.inbox.save(arrivals, NOW))


def row_of(database: Database, row_id: int) -> Inbox:
    with database.work() as memory:
        row = memory.inbox.get(row_id)
    assert row is not None
    return row


def a_row(
    database: Database, state: str = "received", event_id: str = "1", **columns: object
) -> int:
    """A row in this state; its id."""
    with database.work() as memory:
        row = memory.inbox.take("telegram", event_id, NOW)
        row.state = InboxState(state)
        for name, value in columns.items():
            setattr(row, name, value)
        return row.id


def test_an_arrival_is_kept_once(database: Database) -> None:
    assert keep(database, arrival("1"), arrival("2")) == ["1", "2"]
    assert keep(database, arrival("2"), arrival("3")) == ["3"]
    assert keep(database, arrival("1")) == []


def test_an_arrival_twice_in_one_batch_is_kept_once(database: Database) -> None:
    assert keep(database, arrival("1"), arrival("1"), arrival("2")) == ["1", "2"]


def test_nothing_arrived_keeps_nothing(database: Database) -> None:
    assert keep(database) == []


def test_the_same_id_on_two_platforms_is_two_arrivals(database: Database) -> None:
    assert keep(database, arrival("1")) == keep(database, arrival("1", "slack")) == ["1"]
    with database.work() as memory:
        opened = {
            p: [row.event_id for row in memory.inbox.list_open(p)] for p in ("telegram", "slack")
        }
    assert opened == {"telegram": ["1"], "slack": ["1"]}


def test_what_is_kept_has_its_id_and_everything_that_arrived(database: Database) -> None:
    with database.work() as memory:
        ids = memory.inbox.save([arrival("5", lane="42")], NOW)
    row = row_of(database, ids["5"])
    found = (row.platform, row.event_id, row.lane, row.payload, row.received_at, row.state)
    assert found == ("telegram", "5", "42", '{"update_id": "5"}', NOW, "received")


def test_an_arrival_kept_by_many_at_once_is_kept_once(databases: Databases, opened: Open) -> None:
    url = databases.ready()
    processes = [opened(url) for _ in range(6)]
    batch = [arrival(str(number)) for number in range(5)]
    kept = at_once([partial(keep, process, *batch) for process in processes])
    assert sorted(event_id for one in kept for event_id in one) == ["0", "1", "2", "3", "4"]


def test_open_rows_come_in_order_of_arrival_and_answered_ones_not_at_all(
    database: Database,
) -> None:
    keep(database, arrival("9"), arrival("3"), arrival("7"), arrival("1"))
    with database.work() as memory:
        rows = memory.inbox.list_open("telegram")
        rows[0].state, rows[1].state, rows[2].state = (
            InboxState.HANDLED,
            InboxState.ANSWERED,
            InboxState.DEAD,
        )
    with database.work() as memory:
        assert [row.event_id for row in memory.inbox.list_open("telegram")] == ["9", "1"]


def test_taking_finds_what_was_kept(database: Database) -> None:
    with database.work() as memory:
        ids = memory.inbox.save([arrival("1")], NOW)
        assert memory.inbox.take("telegram", "1", NOW + DAY).id == ids["1"]


def test_taking_what_was_not_kept_makes_it_once(database: Database) -> None:
    with database.work() as memory:
        made = memory.inbox.take("terminal", "1", NOW)
        assert (made.state, made.reply, made.received_at) == ("received", None, NOW)
    with database.work() as memory:
        assert memory.inbox.take("terminal", "1", NOW + DAY).id == made.id


def handle_once(database: Database) -> bool:
    """Handles the arrival unless somebody has; whether it was us."""
    with database.work() as memory:
        row = memory.inbox.take("telegram", "1", NOW)
        ours = row.state == "received"
        row.state = InboxState.HANDLED
        return ours


def test_an_arrival_taken_by_many_at_once_is_handled_by_one(
    databases: Databases, opened: Open
) -> None:
    url = databases.ready()
    processes = [opened(url) for _ in range(6)]
    assert sorted(at_once([partial(handle_once, one) for one in processes])) == [False] * 5 + [True]


def test_an_arrival_that_is_being_handled_is_held(databases: Databases, opened: Open) -> None:
    url = databases.ready()
    first, second = opened(url), opened(url, busy_seconds=0.05)
    keep(first, arrival("1"))
    with first.work() as memory:
        memory.inbox.take("telegram", "1", NOW)
        with pytest.raises(Busy):
            handle_once(second)
    assert handle_once(second)


def test_failed_tries_are_counted(database: Database) -> None:
    row_id = a_row(database)
    counts = []
    for _ in range(3):
        with database.work() as memory:
            counts.append(memory.inbox.count_failure(row_id))
    assert counts == [1, 2, 3]
    assert row_of(database, row_id).attempts == 3


def test_what_is_put_aside_is_dead_under_its_reference(database: Database) -> None:
    row_id = a_row(database)
    with database.work() as memory:
        memory.inbox.mark_dead(row_id, "ab12cd")
    row = row_of(database, row_id)
    assert (row.state, row.reference) == ("dead", "ab12cd")
    with database.work() as memory:
        assert (memory.inbox.count_dead(), memory.inbox.list_open("telegram")) == (1, [])


@pytest.mark.parametrize(
    ("state", "then"),
    [("handled", "answered"), ("received", "received"), ("dead", "dead")],
)
def test_only_a_handled_row_is_answered(database: Database, state: str, then: str) -> None:
    row_id = a_row(database, state)
    with database.work() as memory:
        memory.inbox.mark_answered(row_id, "m1")
    row = row_of(database, row_id)
    assert (row.state, row.message_ref) == (then, "m1" if then == "answered" else "")


def test_a_second_answer_does_not_replace_the_first(database: Database) -> None:
    row_id = a_row(database, "handled")
    for message in ("m1", "m2"):
        with database.work() as memory:
            memory.inbox.mark_answered(row_id, message)
    assert row_of(database, row_id).message_ref == "m1"


@pytest.mark.parametrize(("fleeting", "kept"), [(False, "{}"), (True, None)])
def test_an_answered_row_forgets_what_arrived_and_a_reply_with_a_secret(
    database: Database, fleeting: bool, kept: str | None
) -> None:
    row_id = a_row(database, "handled", payload="words", reply="{}", fleeting=fleeting)
    with database.work() as memory:
        memory.inbox.mark_answered(row_id, "m1")
    row = row_of(database, row_id)
    assert (row.payload, row.reply) == ("", kept)


@pytest.mark.parametrize(
    ("state", "then", "payload"),
    [("received", "answered", ""), ("handled", "handled", "words"), ("dead", "dead", "words")],
)
def test_only_a_received_row_is_settled_without_a_reply(
    database: Database, state: str, then: str, payload: str
) -> None:
    row_id = a_row(database, state, payload="words")
    with database.work() as memory:
        memory.inbox.mark_done(row_id)
    row = row_of(database, row_id)
    assert (row.state, row.payload) == (then, payload)


def test_forgetting_keeps_what_is_open_and_what_is_young(database: Database) -> None:
    states = {"1": "received", "2": "handled", "3": "answered", "4": "dead", "5": "answered"}
    ids = {event: a_row(database, state, event_id=event) for event, state in states.items()}
    with database.work() as memory:
        memory.inbox.take("telegram", "5", NOW).received_at = NOW + DAY
    with database.work() as memory:
        memory.inbox.forget_before(NOW + DAY)
    with database.work() as memory:
        left = [event for event, row_id in ids.items() if memory.inbox.get(row_id)]
    assert left == ["1", "2", "5"]


def test_a_sent_message_leads_to_its_deal_only_inside_its_team(database: Database) -> None:
    ours, theirs = a_member(database), a_member(database)
    for number, member in enumerate((ours, theirs)):
        a_row(
            database,
            "answered",
            event_id=str(number),
            team_id=member.team_id,
            member_id=member.id,
            about_deal_id=100 + number,
            message_ref="7:1",
        )
    with database.work() as memory:
        found = [memory.inbox.find_deal_of_message(m.team_id, "7:1") for m in (ours, theirs)]
        stranger = add_member(memory, add_team(memory))
        assert memory.inbox.find_deal_of_message(stranger.team_id, "7:1") is None
        assert memory.inbox.find_deal_of_message(ours.team_id, "7:2") is None
    assert found == [100, 101]


def test_a_message_used_again_leads_to_the_newest_deal(database: Database) -> None:
    member = a_member(database)
    for number in (1, 2):
        a_row(
            database,
            "answered",
            event_id=str(number),
            team_id=member.team_id,
            about_deal_id=number,
            message_ref="7:1",
        )
    with database.work() as memory:
        assert memory.inbox.find_deal_of_message(member.team_id, "7:1") == 2
