"""Fair claims: one message a person, as many for each team, renewed only by whoever holds them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from storage.engine import Database
from storage.messages.outbox_claims import ANY_ACCOUNT_AFTER, LONGEST_LEASE, ClaimRequest
from storage.tables.messages import Outbox
from storage.tables.people_and_deals import Member
from tests.storage.world import HOUR, NOW, account_of, add_member, add_team, message_to

LEASE = timedelta(minutes=2)
SECOND = timedelta(seconds=1)
LONG = 3 * LEASE


def people(database: Database, *sizes: int) -> list[list[Member]]:
    """Teams of so many members each, all of them on Telegram."""
    with database.work() as memory:
        teams = [[add_member(memory, add_team(memory)) for _ in range(1)] for _ in sizes]
        for team, size in zip(teams, sizes, strict=True):
            whole = memory.members.get_team(team[0].team_id)
            team += [add_member(memory, whole) for _ in range(size - 1)]
            for member in team:
                memory.members.save_identity(account_of(member, f"m{member.id}"))
    return teams


def put(database: Database, member: Member, *dues: datetime) -> None:
    with database.work() as memory:
        for number, due_at in enumerate(dues):
            memory.outbox.put(message_to(member, f"{member.id}:{number}:{due_at}", due_at))


def claim(database: Database, at: datetime = NOW, **wish: object) -> list[Outbox]:
    asked = ClaimRequest(**({"owner": "a", "limit": 10, "platforms": ("telegram",)} | wish))  # type: ignore[arg-type]  # the test's own words
    with database.work() as memory:
        return list(memory.claims.claim_fairly(asked, at, at + LEASE))


def test_a_person_gets_one_message_at_a_time_in_order(database: Database) -> None:
    [[ann, bo]] = people(database, 2)
    put(database, ann, NOW - HOUR, NOW - 2 * HOUR)
    put(database, bo, NOW)
    first = claim(database)
    assert [(row.member_id, row.due_at) for row in first] == [
        (ann.id, NOW - 2 * HOUR),
        (bo.id, NOW),
    ]
    assert claim(database, busy=[ann.id]) == []
    assert [row.due_at for row in claim(database)] == [NOW - HOUR]


@pytest.mark.parametrize("flood", [12, 120])
def test_a_team_with_much_to_say_does_not_hold_up_a_team_with_little(
    database: Database, flood: int
) -> None:
    loud, quiet, other = people(database, flood, 1, 2)
    for member in loud:
        put(database, member, NOW - HOUR)
    for member in (*quiet, *other):
        put(database, member, NOW)
    got = claim(database)
    shares = Counter(row.team_id for row in got)
    assert len(got) == 10
    assert shares[quiet[0].team_id] == 1
    assert shares[other[0].team_id] == 2


def test_the_team_served_last_comes_last(database: Database) -> None:
    teams = people(database, 5, 5, 5)
    for member in (one for team in teams for one in team):
        put(database, member, NOW)
    served, last = [], 0
    for _turn in range(6):
        [row] = claim(database, limit=1, after_team=last)
        last = row.team_id
        served.append(last)
    ids = [team[0].team_id for team in teams]
    assert served == ids * 2


def test_only_what_leaves_by_our_platforms_is_claimed_and_what_waits_long_by_any(
    database: Database,
) -> None:
    [[ann, bo]] = people(database, 2)
    with database.work() as memory:
        later = account_of(ann, "s1", platform="slack", last_active_at=NOW + HOUR)
        memory.members.save_identity(later)
        memory.members.list_identities(bo.team_id, bo.id)[0].reachable = False
    put(database, ann, NOW)
    put(database, bo, NOW)
    assert [row.member_id for row in claim(database)] == [bo.id]  # who is parked by anybody
    assert claim(database, NOW + ANY_ACCOUNT_AFTER - SECOND, busy=[bo.id]) == []
    late = claim(database, NOW + ANY_ACCOUNT_AFTER, busy=[bo.id])
    assert [row.member_id for row in late] == [ann.id]


def test_a_lease_is_renewed_by_its_owner_and_by_nobody_else(database: Database) -> None:
    [[ann]] = people(database, 1)
    put(database, ann, NOW)
    [row] = claim(database)
    with database.work() as memory:
        assert memory.claims.renew([row.id], "b", NOW + LONG) == set()
        assert memory.claims.find_lease_end(row.id, "b") is None
        assert memory.claims.renew([row.id], "a", NOW + LONG) == {row.id}
        assert memory.claims.find_lease_end(row.id, "a") == NOW + LONG
    assert claim(database, NOW + LEASE, owner="b") == []
    [taken] = claim(database, NOW + LONG, owner="b")
    assert (taken.owner, taken.repeated) == ("b", True)
    with database.work() as memory:
        assert memory.claims.renew([row.id], "a", NOW + 2 * LONG) == set()


def test_a_lease_longer_than_any_was_made_by_a_clock_that_was_set_back_since(
    database: Database,
) -> None:
    [[ann]] = people(database, 1)
    put(database, ann, NOW - 3 * HOUR)
    claim(database)
    assert claim(database, NOW + LEASE - LONGEST_LEASE) == []
    [row] = claim(database, NOW - 2 * HOUR)
    assert row.repeated


def test_what_a_dead_process_held_is_free_at_once_and_marked(database: Database) -> None:
    [[ann, bo]] = people(database, 2)
    put(database, ann, NOW)
    claim(database, owner="serving-1")
    put(database, bo, NOW)
    claim(database, owner="terminal")
    with database.work() as memory:
        assert memory.claims.expire_leases("serving-", NOW) == 1
    [row] = claim(database, owner="serving-2")
    assert (row.member_id, row.repeated) == (ann.id, True)


def test_a_row_moved_to_its_time_is_untried(database: Database) -> None:
    [[ann]] = people(database, 1)
    put(database, ann, NOW)
    [row] = claim(database)
    with database.work() as memory:
        assert not memory.outbox.reschedule(row.id, "b", NOW + HOUR)
        assert memory.outbox.reschedule(row.id, "a", NOW + HOUR)
    [later] = claim(database, NOW + HOUR)
    assert (later.attempts, later.repeated, later.wanted_at) == (1, False, NOW + HOUR)


def test_a_wait_is_kept_until_it_is_over_and_never_shortened(database: Database) -> None:
    with database.work() as memory:
        memory.holds.save("telegram", "all", NOW + HOUR)
        memory.holds.save("telegram", "all", NOW + SECOND)
        memory.holds.save("slack", "T1", NOW + SECOND)
    with database.work() as memory:
        assert memory.holds.list_waits("telegram", NOW) == {"all": NOW + HOUR}
        assert memory.holds.list_waits("slack", NOW + SECOND) == {}
        assert memory.holds.list_waits("telegram", NOW + HOUR) == {}
