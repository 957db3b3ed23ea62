"""Lines about many deals: all that is said counts, and what says more is no such line."""

from __future__ import annotations

import pytest

from handlers.reading.bulk_line import BulkLine, read_bulk


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("all stalled to next week", BulkLine("step", "stalled", "", "", "next week")),
        ("Move all my overdue deals to Monday.", BulkLine("step", "overdue", "", "", "Monday")),
        (
            "park everything under 5k until january",
            BulkLine("park", "", "5k", "", "january"),
        ),
        (
            "park all stalled deals over 2k and under 5k till january",
            BulkLine("park", "stalled", "5k", "2k", "january"),
        ),
        ("push all to friday please", BulkLine("step", "", "", "", "friday")),
        ("park everything until january", BulkLine("park", "", "", "", "january")),
        ("把5千以下的都搁置到一月", BulkLine("park", "", "5千", "", "一月")),
        ("all deals without a next step to friday", BulkLine("step", "no_step", "", "", "friday")),
        ("move everything with no step to 5 jan", BulkLine("step", "no_step", "", "", "5 jan")),
        ("所有没有下一步的改到周五", BulkLine("step", "no_step", "", "", "周五")),
        ("所有停滞的改到下周", BulkLine("step", "stalled", "", "", "下周")),
        ("把逾期的全部推到周五", BulkLine("step", "overdue", "", "", "周五")),
        ("5千以下的全部搁置到一月", BulkLine("park", "", "5千", "", "一月")),
        ("低于5万的全部商机搁置到三月", BulkLine("park", "", "5万", "", "三月")),
    ],
)
def test_what_a_line_asks_for(line: str, read: BulkLine) -> None:
    assert read_bulk(line) == read


@pytest.mark.parametrize(
    "line",
    [
        "all my deals",
        "everything to friday",
        "我们都改到周四",
        "park acme until january",
        "move all hands meeting to friday",
        "all stalled enterprise deals to next week",
        "not all stalled to next week",
        "all stalled overdue to next week",
        "everything is overdue",
        "改到周四",
        "所有停滞的制造业商机改到下周",
    ],
)
def test_a_line_with_more_in_it_is_left_to_others(line: str) -> None:
    assert read_bulk(line) is None
