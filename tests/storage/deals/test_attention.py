"""Attention: open deals whose time for a nudge has come, the longest due first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.engine import Database
from storage.tables.people_and_deals import Deal
from tests.storage.world import NOW, a_deal, a_deal_of


@pytest.fixture
def deal(database: Database) -> Deal:
    return a_deal(database)


def due(database: Database, deal: Deal, **minutes: int) -> None:
    """Deals of the same owner that deserve attention so many minutes after NOW."""
    with database.work() as memory:
        for name, after in minutes.items():
            status = name.partition("_")[2] or "live"
            at = NOW + timedelta(minutes=after)
            a_deal_of(memory, deal, name, status=status, attention_at=at)


def test_deals_deserve_attention_the_longest_due_first_and_only_while_open(
    database: Database, deal: Deal
) -> None:
    due(database, deal, one=-5, two=0, three=-60, soon=1, x_parked=-9, x_won=-9, x_lost=-9)
    with database.work() as memory:
        found = [each.customer.name for each in memory.deals.list_needing_attention(NOW)]
        assert found == ["three", "x_parked", "one", "two"]
        assert len(memory.deals.list_needing_attention(NOW, limit=2)) == 2


def test_the_next_attention_is_the_earliest_of_an_open_deal(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        assert memory.deals.next_attention_at() is None
    due(database, deal, two=20, one=10, x_lost=5)
    with database.work() as memory:
        assert memory.deals.next_attention_at() == NOW + timedelta(minutes=10)


@pytest.mark.postgres
@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
def test_deals_another_process_attends_to_are_passed_over(database: Database, deal: Deal) -> None:
    due(database, deal, one=-5, two=-4, three=-3)
    with database.work() as first, database.work() as second:
        held = [each.customer.name for each in first.deals.list_needing_attention(NOW, limit=2)]
        left = [each.customer.name for each in second.deals.list_needing_attention(NOW)]
    assert (held, left) == (["one", "two"], ["three"])
