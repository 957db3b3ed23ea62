"""Pages of a list: what is on one, and where its button leads."""

from __future__ import annotations

import pytest

from handlers.contract.list_page import find_page
from handlers.contract.words import Words


@pytest.mark.parametrize(
    ("number", "items"), [(0, [0, 1, 2, 3]), (1, [4, 5, 6, 7]), (2, [8]), (7, [8])]
)
def test_a_page_holds_its_part_and_one_beyond_the_end_is_the_last(
    number: int, items: list[int]
) -> None:
    page = find_page(9, number, 4)
    assert list(page.cut(range(9))) == items
    assert page.start == items[0]


def test_the_pages_go_round() -> None:
    actions = []
    for number in range(3):
        [button] = find_page(9, number, 4).make_more_button(Words("en"), "gaps:")
        actions.append(button.action)
    assert actions == ["gaps:1", "gaps:2", "gaps:0"]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_one_page_needs_no_button(count: int) -> None:
    page = find_page(count, 0, 4)
    assert page.make_more_button(Words("en"), "gaps:") == []
    assert len(page.cut(range(count))) == count
