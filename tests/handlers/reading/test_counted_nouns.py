"""A number before a noun that can be counted is a count, no amount and no hour."""

from __future__ import annotations

import re

import pytest

from handlers.reading import find_money, read_when
from handlers.reading.counted_nouns import COUNTED, NOT_COUNTED
from tests.handlers.reading.phrases import NOW, ZONE


@pytest.mark.parametrize(
    "noun",
    [" seats", " seat", " new users", " more licences", "-days", "个", "台", " 用户", "人", " gb"],
)
def test_a_noun_behind_a_number_makes_it_a_count(noun: str) -> None:
    assert re.compile(rf"10{COUNTED}").fullmatch(f"10{noun}")
    assert not re.compile(rf"10{NOT_COUNTED}").match(f"10{noun}")


@pytest.mark.parametrize("words", ["", " euros", "k", "万", " for Acme", " seatbelts", "元"])
def test_other_words_behind_a_number_count_nothing(words: str) -> None:
    assert not re.compile(rf"10{COUNTED}").match(f"10{words}")
    assert re.compile(rf"10{NOT_COUNTED}").match(f"10{words}")


@pytest.mark.parametrize("line", ["12k users", "3千人", "2000 customers", "5万台"])
def test_a_count_is_no_money(line: str) -> None:
    assert find_money(line, "EUR") is None


@pytest.mark.parametrize("line", ["at 3 sites", "on 12/3 seats", "Dec 3 demos"])
def test_a_count_is_no_hour_and_no_day(line: str) -> None:
    assert read_when(line, NOW, ZONE) is None
