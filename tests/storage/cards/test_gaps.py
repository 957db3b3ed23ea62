"""Gaps in memory: what is open, who is to be told of it and when, what was filled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.tables.cards import Gap, GapState, LookUp
from storage.tables.people_and_deals import Member
from storage.unit_of_work import UnitOfWork
from tests.storage.cards.test_cards import card
from tests.storage.world import NOW, a_member, message_to

HOUR = timedelta(hours=1)


@pytest.fixture
def ann(database: Database) -> Member:
    return a_member(database)


@pytest.fixture
def memory(database: Database, ann: Member) -> Iterator[UnitOfWork]:
    """One transaction, begun once Ann is there: she is kept in one of her own."""
    assert ann.id
    with database.work() as memory:
        yield memory


def gap(memory: UnitOfWork, member: Member, query: str, **columns: Any) -> Gap:
    values = {"first_at": NOW, "last_at": NOW} | columns
    return memory.gaps.add(
        Gap(team_id=member.team_id, query=query, first_member_id=member.id, **values)
    )


def queries(gaps: Any) -> list[str]:
    return [each.query for each in gaps]


def test_open_gaps_come_most_asked_first_a_page_at_a_time(memory: UnitOfWork, ann: Member) -> None:
    for query, count in (("once", 1), ("thrice", 3), ("twice", 2)):
        gap(memory, ann, query, count=count)
    gap(memory, ann, "done", count=9, state="filled")
    assert queries(memory.gaps.list_in_state(ann.team_id, GapState.OPEN)) == [
        "thrice",
        "twice",
        "once",
    ]
    assert queries(memory.gaps.list_in_state(ann.team_id, GapState.OPEN, 1, 1)) == ["twice"]
    assert memory.gaps.count(ann.team_id, GapState.OPEN) == 3


def test_an_ignored_gap_is_still_found_so_that_it_is_not_raised_again(
    memory: UnitOfWork, ann: Member
) -> None:
    gap(memory, ann, "older")
    gap(memory, ann, "ignored", state="ignored", last_at=NOW + HOUR)
    gap(memory, ann, "filled", state="filled", last_at=NOW + 2 * HOUR)
    gap(memory, ann, "other kind", kind="missed")
    assert queries(memory.gaps.list_newest(ann.team_id, "missing", 9)) == ["ignored", "older"]
    assert queries(memory.gaps.list_newest(ann.team_id, "missing", 1)) == ["ignored"]


def test_only_open_gaps_whose_time_has_come_are_raised_and_the_next_time_is_known(
    memory: UnitOfWork, ann: Member
) -> None:
    assert memory.gaps.next_raise_at() is None
    gap(memory, ann, "later", raise_at=NOW + HOUR)
    gap(memory, ann, "ignored", raise_at=NOW - 2 * HOUR, state="ignored")
    gap(memory, ann, "raised", raise_at=None)
    assert memory.gaps.list_to_raise(NOW) == []
    assert memory.gaps.next_raise_at() == NOW + HOUR
    gap(memory, ann, "now", raise_at=NOW)
    assert queries(memory.gaps.list_to_raise(NOW + HOUR)) == ["now", "later"]


def test_a_card_knows_the_open_gaps_that_wait_for_it(memory: UnitOfWork, ann: Member) -> None:
    made = card(ann.team_id)
    memory.cards.add([made])
    gap(memory, ann, "waits", card_id=made.id)
    gap(memory, ann, "filled", card_id=made.id, state="filled", filled_at=NOW)
    gap(memory, ann, "other")
    assert queries(memory.gaps.list_waiting_for_card(ann.team_id, made.id)) == ["waits"]
    assert queries(memory.gaps.list_filled(ann.team_id, 9)) == ["filled"]


def test_the_look_ups_of_a_gap_come_oldest_first(memory: UnitOfWork, ann: Member) -> None:
    mine = gap(memory, ann, "dear")
    for query in ("one", "two", "other"):
        asked = LookUp(team_id=ann.team_id, member_id=ann.id, query=query, at=NOW)
        asked.gap_id = mine.id if query != "other" else None
        memory.lookups.add(asked)
    assert queries(memory.gaps.list_look_ups(ann.team_id, mine.id)) == ["one", "two"]
    assert queries(memory.gaps.list_look_ups(ann.team_id, mine.id, 1)) == ["one"]


def test_messages_of_a_kind_are_counted_from_an_instant_on(memory: UnitOfWork, ann: Member) -> None:
    for key, kind, due in (("a", "gap", 0), ("b", "gap", 2), ("c", "notice", 2)):
        row = message_to(ann, key, NOW + due * HOUR)
        row.kind = kind
        memory.outbox.put(row)
    assert memory.outbox.count_due_since(ann.team_id, ann.id, "gap", NOW) == 2
    assert memory.outbox.count_due_since(ann.team_id, ann.id, "gap", NOW + HOUR) == 1
