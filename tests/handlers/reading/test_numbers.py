"""Numbers in Chinese numerals and in English words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handlers.reading.numbers_en import read_english_number
from handlers.reading.numbers_zh import read_chinese_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3),
        ("十五", 15),
        ("三百五", 350),
        ("三万五", 35_000),
        ("一百零五", 105),
        ("三万零五", 30_005),
        ("十二万三千四百五十六", 123_456),
        ("3万5千", 35_000),
        ("3亿5千万", 350_000_000),
        ("二〇二六", 2026),
    ],
)
def test_a_chinese_numeral_has_its_value(text: str, value: int) -> None:
    assert read_chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "万", "亿", "万5", "三点五", "abc", "一" * 30])
def test_other_signs_are_no_numeral(text: str) -> None:
    assert read_chinese_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half a million", 500_000),
        ("a quarter million", 250_000),
        ("one and a half million", 1_500_000),
        ("a million and a half", 1_500_000),
        ("twenty-five grand", 25_000),
        ("a couple of thousand", 2_000),
        ("one hundred and twenty thousand five hundred", 120_500),
    ],
)
def test_english_words_have_their_value(text: str, value: int) -> None:
    assert read_english_number(text) == Decimal(value)


def test_other_words_are_no_number() -> None:
    assert read_english_number("seven seas") is None
