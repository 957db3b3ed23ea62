"""Occasions: one of a kind a deal, put off and dropped."""

from __future__ import annotations

from storage.engine import Database
from tests.storage.world import HOUR, NOW, a_deal


def test_an_occasion_of_a_kind_is_there_once_and_put_off_by_setting_it_anew(
    database: Database,
) -> None:
    deal = a_deal(database)
    with database.work() as memory:
        for hours in (3, 1):
            memory.occasions.schedule(deal.team_id, deal.id, "winback", NOW + hours * HOUR, NOW)
        assert [each.kind for each in memory.occasions.list_of_deal(deal.team_id, deal.id)] == [
            "winback"
        ]
        assert memory.occasions.next_due_at() == NOW + HOUR
        assert memory.occasions.list_due(NOW) == []
        assert [each.deal_id for each in memory.occasions.list_due(NOW + HOUR)] == [deal.id]
        memory.occasions.cancel(deal.team_id, deal.id, ["discount"])
        assert memory.occasions.next_due_at() == NOW + HOUR
        memory.occasions.cancel(deal.team_id, deal.id, ["winback", "discount"])
        assert memory.occasions.next_due_at() is None
