"""A line that gives something to somebody is taken apart into what, whose and to whom."""

from __future__ import annotations

import pytest

from handlers.reading.hand_over_line import HandOverLine, read_behind_verb, read_hand_over


def read(text: str) -> HandOverLine:
    line = read_hand_over(text)
    assert line is not None
    return line


@pytest.mark.parametrize(
    ("text", "what", "who"),
    [
        ("give harbour to ann", "harbour", "ann"),
        ("hand harbour over to ann", "harbour", "ann"),
        ("Transfer Back to School to Ann please", "Back to School", "Ann"),
        ("把小米转给李雷吧", "小米", "李雷"),
        ("将小米移交给李雷跟进", "小米", "李雷"),
    ],
)
def test_what_goes_and_to_whom(text: str, what: str, who: str) -> None:
    assert (read(text).what, read(text).who) == (what, who)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("reassign all bo's deals to ann", "bo"),
        ("give all my deals to ann", "my"),
        ("transfer everything of bo to ann", "bo"),
        ("把李雷的商机都转给韩梅梅", "李雷"),
        ("把我的客户全部转给韩梅梅", "我"),
        ("give harbour to ann", ""),
    ],
)
def test_whose_deals_all_go(text: str, owner: str) -> None:
    assert read(text).owner == owner


@pytest.mark.parametrize(
    "text",
    [
        "give acme a discount",
        "give them more time",
        "报价给客户了",
        "我给李雷打电话",
        "transfer fees",
    ],
)
def test_a_line_that_gives_nothing_to_anybody_is_none(text: str) -> None:
    assert read_hand_over(text) is None


def test_behind_the_verb_either_part_may_be_left_out() -> None:
    assert read_behind_verb("acme").what == "acme"
    assert read_behind_verb("to ann").who == "ann"
    assert read_behind_verb("给李雷").who == "李雷"


def test_several_names_are_taken_apart() -> None:
    assert read("give acme, beta and the zeta deal to ann").names == ("acme", "beta", "zeta")
    assert read("把华为和小米转给李雷").names == ("华为", "小米")
