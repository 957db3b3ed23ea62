"""What a live deal lacks: a step in time, somebody who decides, an amount that is not old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kb.funnel.figures.hygiene import LiveDeal, check_hygiene, find_faults
from kb.funnel.stages.funnel_templates import load_funnel

FUNNEL = load_funnel("odds6")
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WELL = LiveDeal(1, 7, "decider", None, True, NOW - 9 * DAY)


@pytest.mark.parametrize(
    ("deal", "faults"),
    [
        (WELL, []),
        (WELL._replace(step_fault="no_step"), ["no_step"]),
        (WELL._replace(step_fault="stalled"), ["stalled"]),
        (WELL._replace(step_fault="overdue"), ["overdue"]),
        (WELL._replace(has_decider=False), ["no_decider"]),
        (WELL._replace(amount_at=None), ["stale_amount"]),
        (WELL._replace(amount_at=NOW - 61 * DAY), ["stale_amount"]),
        (WELL._replace(stage="opportunity", has_decider=False, amount_at=None), []),
        (WELL._replace(step_fault="overdue", has_decider=False), ["overdue", "no_decider"]),
    ],
)
def test_each_fault_is_seen_from_the_stage_on_where_it_is_one(
    deal: LiveDeal, faults: list[str]
) -> None:
    assert find_faults(deal, FUNNEL, NOW) == faults


def test_whoever_has_most_to_mend_stands_in_front_and_a_deal_counts_once() -> None:
    deals = [
        WELL,
        WELL._replace(deal_id=2, owner_id=8, step_fault="no_step", has_decider=False),
        WELL._replace(deal_id=3, owner_id=8, step_fault="no_step"),
    ]
    first, second = check_hygiene(deals, FUNNEL, NOW)
    assert (first.member_id, first.live, first.deals) == (8, 2, (2, 3))
    assert (second.member_id, second.live, second.deals) == (7, 1, ())
