"""The outbox: each message once, every change of state only by whoever holds the row."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from storage.engine import Database
from storage.tables.messages import Outbox, OutboxState
from storage.tables.people_and_deals import Member
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import HOUR, NOW, a_member, add_member, add_team, at_once, message_to

LEASE = timedelta(minutes=2)
UNTOUCHED = ("pending", "", None)


@pytest.fixture
def member(database: Database) -> Member:
    return a_member(database)


def put(database: Database, member: Member, key: str, **columns: Any) -> bool:
    with database.work() as memory:
        return memory.outbox.put(message_to(member, key, **columns))


def claimed(database: Database, owner: str = "a", at: Any = NOW, limit: int = 50) -> list[Outbox]:
    with database.work() as memory:
        return list(memory.claims.claim(owner, at, at + LEASE, limit))


def row_now(database: Database, row: Outbox) -> Outbox:
    with database.engine.connect() as connection:
        table = Outbox.__table__  # type: ignore[attr-defined]  # a table's own attribute
        found = connection.execute(table.select().where(table.c.id == row.id)).mappings().one()
    return Outbox(**found)


def test_a_message_is_kept_once_a_key(database: Database, member: Member) -> None:
    assert [put(database, member, key) for key in ("k", "k", "other")] == [True, False, True]


def test_a_message_put_by_many_at_once_is_kept_once(databases: Databases, opened: Open) -> None:
    url = databases.ready()
    processes = [opened(url) for _ in range(8)]
    member = a_member(processes[0])
    made = at_once([partial(put, process, member, "stall:1:2026:1") for process in processes])
    assert sorted(made) == [False] * 7 + [True]


def test_a_message_is_kept_with_what_it_says(database: Database, member: Member) -> None:
    put(database, member, "k", subject_id=9, body="Hi", platform="slack", due_at=NOW - HOUR)
    (row,) = claimed(database)
    found = (row.key, row.kind, row.subject_id, row.body, row.platform, row.due_at, row.member_id)
    assert found == ("k", "nudge", 9, "Hi", "slack", NOW - HOUR, member.id)


def test_a_sent_message_is_kept_with_when_and_where(database: Database, member: Member) -> None:
    put(database, member, "k")
    (row,) = claimed(database)
    with database.work() as memory:
        assert memory.outbox.mark_sent(row.id, "a", NOW, "telegram", "7:1")
    then = row_now(database, row)
    assert (then.state, then.sent_at, then.platform, then.message_ref, then.owner) == (
        "sent",
        NOW,
        "telegram",
        "7:1",
        "",
    )


def act(database: Database, row: Outbox, verb: str, owner: str) -> bool:
    with database.work() as memory:
        acts = {
            "sent": partial(memory.outbox.mark_sent, row.id, owner, NOW, "telegram", "7:1"),
            "again": partial(memory.outbox.retry_later, row.id, owner, NOW + HOUR),
            "end": partial(memory.outbox.finish, row.id, owner, OutboxState.DEAD),
        }
        return acts[verb]()


VERBS = ("sent", "again", "end")


@pytest.mark.parametrize("verb", VERBS)
def test_whoever_lost_the_row_changes_nothing(
    database: Database, member: Member, verb: str
) -> None:
    put(database, member, "k")
    (row,) = claimed(database, "slow")
    claimed(database, "quick", NOW + LEASE)
    before = row_now(database, row)
    assert not act(database, row, verb, "slow")
    assert row_now(database, row) == before
    assert before.owner == "quick"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("first", VERBS)
def test_a_row_is_let_go_once(database: Database, member: Member, first: str, verb: str) -> None:
    put(database, member, "k")
    (row,) = claimed(database)
    assert act(database, row, first, "a")
    before = row_now(database, row)
    assert not act(database, row, verb, "a")
    assert row_now(database, row) == before


@pytest.mark.parametrize("verb", VERBS)
def test_a_row_that_nobody_claimed_is_nobody_s_to_change(
    database: Database, member: Member, verb: str
) -> None:
    put(database, member, "k", due_at=NOW + HOUR)
    (row,) = claimed(database, "a", NOW + HOUR)
    act(database, row, "again", "a")
    assert not act(database, row, verb, "")
    assert row_now(database, row).state == "pending"


def test_a_row_given_back_is_sent_later(database: Database, member: Member) -> None:
    put(database, member, "k")
    (row,) = claimed(database)
    act(database, row, "again", "a")
    assert claimed(database, "b") == []
    (later,) = claimed(database, "b", NOW + HOUR)
    assert (later.id, later.owner, later.attempts, later.repeated) == (row.id, "b", 2, False)


@pytest.mark.parametrize("state", ["parked", "cancelled", "dead"])
def test_a_row_that_ended_is_not_claimed_again(
    database: Database, member: Member, state: str
) -> None:
    put(database, member, "k")
    (row,) = claimed(database)
    with database.work() as memory:
        assert memory.outbox.finish(row.id, "a", OutboxState(state))
    assert row_now(database, row).state == state
    assert claimed(database, "b", NOW + HOUR) == []


def parked(database: Database, member: Member, key: str) -> Outbox:
    put(database, member, key)
    (row,) = claimed(database)
    with database.work() as memory:
        memory.outbox.finish(row.id, "a", OutboxState.PARKED)
    return row


def test_parked_rows_of_a_member_come_alive_and_others_do_not(
    database: Database, member: Member
) -> None:
    other = a_member(database)
    rows = [parked(database, who, f"k{n}") for n, who in enumerate((member, member, other))]
    with database.work() as memory:
        assert memory.outbox.revive(member.team_id, member.id, NOW + HOUR) == 2
        assert memory.outbox.revive(other.team_id, member.id, NOW + HOUR) == 0
    assert [row_now(database, row).state for row in rows] == ["pending", "pending", "parked"]
    assert {row_now(database, row).due_at for row in rows[:2]} == {NOW + HOUR}


def test_cancelling_ends_all_that_a_member_has_not_been_sent(
    database: Database, member: Member
) -> None:
    rows = {"parked": parked(database, member, "p")}
    put(database, member, "sent")
    (rows["sent"],) = claimed(database)
    act(database, rows["sent"], "sent", "a")
    put(database, member, "claimed")
    (rows["claimed"],) = claimed(database)
    put(database, member, "pending")
    with database.work() as memory:
        colleague = add_member(memory, memory.members.get_team(member.team_id), "Bo")
        memory.outbox.put(message_to(colleague, "colleague"))
        memory.outbox.cancel_for(member.team_id, member.id)
    states = {key: row_now(database, row).state for key, row in rows.items()}
    assert states == {"parked": "cancelled", "sent": "sent", "claimed": "cancelled"}
    assert [row.key for row in claimed(database, "b", NOW + HOUR)] == ["colleague"]


def test_a_cancelled_row_cannot_be_marked_by_whoever_held_it(
    database: Database, member: Member
) -> None:
    put(database, member, "k")
    (row,) = claimed(database)
    with database.work() as memory:
        memory.outbox.cancel_for(member.team_id, member.id)
    assert not any(act(database, row, verb, "a") for verb in VERBS)


def test_a_sent_message_is_found_by_its_platform_and_only_inside_its_team(
    database: Database, member: Member
) -> None:
    put(database, member, "k")
    (row,) = claimed(database)
    act(database, row, "sent", "a")
    with database.work() as memory:
        other = add_team(memory)
        wanted = [(member.team_id, "telegram"), (member.team_id, "slack"), (other.id, "telegram")]
        found = [memory.outbox.find_by_message(team, platform, "7:1") for team, platform in wanted]
    assert [one.id if one else None for one in found] == [row.id, None, None]


def test_the_next_due_is_the_earliest_that_waits(database: Database, member: Member) -> None:
    with database.work() as memory:
        assert memory.claims.next_due_at() is None
    put(database, member, "late", due_at=NOW + 2 * HOUR)
    put(database, member, "early", due_at=NOW + HOUR)
    put(database, member, "done", due_at=NOW)
    claimed(database)
    with database.work() as memory:
        assert memory.claims.next_due_at() == NOW + HOUR
