"""Claims: a due message has one owner at a time, and a lost owner's messages find another."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.engine import Database
from storage.messages.outbox_claims import ClaimRequest
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Member
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import (
    HOUR,
    NOW,
    a_member,
    add_member,
    add_team,
    at_once,
    examples_on_a_database,
    message_to,
    not_kept,
)

LEASE = timedelta(minutes=2)
SECOND = timedelta(seconds=1)


@pytest.fixture
def member(database: Database) -> Member:
    return a_member(database)


def put(database: Database, member: Member, dues: list[datetime]) -> None:
    with database.work() as memory:
        for number, due_at in enumerate(dues):
            memory.outbox.put(message_to(member, f"k{number}", due_at))


def claim(database: Database, owner: str, at: datetime = NOW, limit: int = 50) -> list[Outbox]:
    with database.work() as memory:
        return list(memory.claims.claim(owner, at, at + LEASE, limit))


def keys(rows: list[Outbox]) -> list[str]:
    return [row.key for row in rows]


def claim_all(database: Database, owner: str) -> list[int]:
    """Claims three at a time until nothing is left; the ids in order."""
    mine: list[int] = []
    while rows := claim(database, owner, limit=3):
        mine += [row.id for row in rows]
    return mine


def test_a_team_to_which_all_was_sent_holds_up_no_other(database: Database) -> None:
    with database.work() as memory:
        teams = [add_team(memory) for _ in range(4)]
        members = [add_member(memory, team, name) for team in teams for name in ("A", "B")]
        for each in members:
            memory.outbox.put(message_to(each, f"old{each.id}", NOW))
    ended = claim_all(database, "first")
    with database.work() as memory:
        for row_id in ended:
            memory.outbox.mark_sent(row_id, "first", NOW, "terminal", "1")
        last = members[-2:]
        for number in range(12):
            memory.outbox.put(message_to(last[number % 2], f"new{number}", NOW))
    with database.work() as memory:
        wish = ClaimRequest("second", 2, platforms=["terminal"])
        assert len(memory.claims.claim_fairly(wish, NOW, NOW + LEASE)) == 2


@pytest.mark.parametrize("processes", [1, 4])
def test_two_owners_never_get_the_same_row(
    databases: Databases, opened: Open, processes: int
) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(processes)]
    put(known[0], a_member(known[0]), [NOW] * 60)
    owners = [partial(claim_all, known[n % processes], f"owner{n}") for n in range(4)]
    got = Counter(row_id for mine in at_once(owners) for row_id in mine)
    assert (len(got), set(got.values())) == (60, {1})


def test_a_row_says_whose_it_is_and_until_when(database: Database, member: Member) -> None:
    put(database, member, [NOW])
    (row,) = claim(database, "a")
    found = (row.state, row.owner, row.lease_until, row.attempts, row.repeated)
    assert found == ("claimed", "a", NOW + LEASE, 1, False)


def test_a_row_stays_its_owner_s_until_the_lease_runs_out(
    database: Database, member: Member
) -> None:
    put(database, member, [NOW])
    claim(database, "a")
    assert claim(database, "b", NOW + LEASE - SECOND) == []
    assert claim(database, "a", NOW + LEASE - SECOND) == []


def test_a_lease_that_ran_out_hands_the_row_over_marked_as_repeated(
    database: Database, member: Member
) -> None:
    put(database, member, [NOW])
    claim(database, "a")
    (row,) = claim(database, "b", NOW + LEASE)
    found = (row.owner, row.lease_until, row.attempts, row.repeated)
    assert found == ("b", NOW + 2 * LEASE, 2, True)


def test_once_repeated_a_row_stays_marked(database: Database, member: Member) -> None:
    put(database, member, [NOW])
    (row,) = claim(database, "a")
    claim(database, "b", NOW + LEASE)
    with database.work() as memory:
        assert memory.outbox.retry_later(row.id, "b", NOW + HOUR)
    (later,) = claim(database, "c", NOW + HOUR)
    assert (later.repeated, later.attempts) == (True, 3)


def test_the_longest_due_is_claimed_first(database: Database, member: Member) -> None:
    put(database, member, [NOW - HOUR, NOW - 3 * HOUR, NOW, NOW - 3 * HOUR, NOW - 2 * HOUR])
    assert keys(claim(database, "a", limit=2)) == ["k1", "k3"]
    assert keys(claim(database, "a", limit=2)) == ["k4", "k0"]
    assert keys(claim(database, "a", limit=2)) == ["k2"]


def test_what_is_not_due_yet_is_not_claimed(database: Database, member: Member) -> None:
    put(database, member, [NOW + SECOND, NOW])
    assert keys(claim(database, "a")) == ["k1"]
    assert keys(claim(database, "a", NOW + SECOND)) == ["k0"]


def test_a_claim_that_is_undone_leaves_the_rows_to_others(
    database: Database, member: Member
) -> None:
    put(database, member, [NOW])
    with not_kept(database) as memory:
        assert len(memory.claims.claim("a", NOW, NOW + LEASE, 50)) == 1
    (row,) = claim(database, "b")
    assert (row.attempts, row.repeated) == (1, False)


@pytest.mark.postgres
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_rows_somebody_is_just_claiming_are_passed_over(database: Database, member: Member) -> None:
    put(database, member, [NOW] * 4)
    with database.work() as memory:
        held = memory.claims.claim("a", NOW, NOW + LEASE, 2)
        others = claim(database, "b")
    assert keys(list(held)) + keys(others) == ["k0", "k1", "k2", "k3"]


@examples_on_a_database
@given(
    minutes=st.lists(st.integers(-90, 90), max_size=8),
    limit=st.integers(1, 8),
)
def test_a_claim_takes_the_longest_due_and_nothing_early(
    database: Database, minutes: list[int], limit: int
) -> None:
    dues = [NOW + timedelta(minutes=each) for each in minutes]
    with not_kept(database) as memory:
        someone = add_member(memory, add_team(memory))
        for number, due_at in enumerate(dues):
            memory.outbox.put(message_to(someone, f"{number}", due_at))
        got = [row.due_at for row in memory.claims.claim("a", NOW, NOW + LEASE, limit)]
    assert got == sorted(due for due in dues if due <= NOW)[:limit]
