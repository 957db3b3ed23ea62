"""Nudges: each made once, whoever ticks; open until what they asked about has happened."""

from __future__ import annotations

from functools import partial

import pytest

from storage.engine import Database
from storage.tables.messages import Nudge
from storage.tables.people_and_deals import Deal
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import HOUR, NOW, a_deal, at_once, nudge_on


@pytest.fixture
def deal(database: Database) -> Deal:
    return a_deal(database)


def make(database: Database, deal: Deal, key: str) -> bool:
    with database.work() as memory:
        return memory.nudges.make(nudge_on(deal, key)) is not None


def test_a_nudge_is_made_once_a_key(database: Database, deal: Deal) -> None:
    assert [make(database, deal, key) for key in ("a", "a", "b")] == [True, False, True]


def test_a_nudge_made_by_many_at_once_is_made_once(databases: Databases, opened: Open) -> None:
    url = databases.ready()
    processes = [opened(url) for _ in range(8)]
    deal = a_deal(processes[0])
    made = at_once([partial(make, process, deal, "stall:1:1") for process in processes])
    assert sorted(made) == [False] * 7 + [True]


def test_a_nudge_is_kept_with_all_it_says(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        made = memory.nudges.make(nudge_on(deal, "step:1", kind="step", n=2))
        assert made is not None
    with database.work() as memory:
        kept = memory.nudges.get(deal.team_id, made.id)
    assert kept is not None
    assert (kept.key, kept.kind, kept.n, kept.made_at) == ("step:1", "step", 2, NOW)
    assert (kept.deal_id, kept.member_id, kept.answer, kept.answered_at) == (
        deal.id,
        deal.owner_id,
        "",
        None,
    )


def open_keys(database: Database, deal: Deal) -> list[str]:
    with database.work() as memory:
        return [nudge.key for nudge in memory.nudges.list_open(deal.team_id, deal.id)]


def test_answering_closes_every_open_nudge_of_the_deal(database: Database, deal: Deal) -> None:
    other = a_deal(database)
    for one, key in ((deal, "a"), (deal, "b"), (other, "c")):
        make(database, one, key)
    with database.work() as memory:
        assert memory.nudges.answer_all(deal.team_id, deal.id, "done", NOW + HOUR) == 2
    assert (open_keys(database, deal), open_keys(database, other)) == ([], ["c"])


def test_a_nudge_is_answered_once(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        made = memory.nudges.make(nudge_on(deal, "a"))
        memory.nudges.answer_all(deal.team_id, deal.id, "done", NOW)
    with database.work() as memory:
        assert memory.nudges.answer_all(deal.team_id, deal.id, "lost", NOW + HOUR) == 0
        kept: Nudge | None = memory.nudges.get(deal.team_id, made.id if made else 0)
    assert kept is not None
    assert (kept.answer, kept.answered_at) == ("done", NOW)


def test_a_nudge_may_follow_an_answered_one(database: Database, deal: Deal) -> None:
    make(database, deal, "stall:1:1")
    with database.work() as memory:
        memory.nudges.answer_all(deal.team_id, deal.id, "done", NOW)
    assert not make(database, deal, "stall:1:1")
    assert make(database, deal, "stall:1:2")
    assert open_keys(database, deal) == ["stall:1:2"]
