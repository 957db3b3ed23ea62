"""Chinese numerals, and numerals that mix Chinese and digits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.numbers_zh import LONGEST, read_chinese_number

DIGITS = "零一二三四五六七八九"


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


@pytest.mark.parametrize(
    ("text", "value"), [("12", "12"), ("3.5", "3.5"), ("3.5万", "35000"), ("12.5千", "12500")]
)
def test_digits_with_a_point_are_a_numeral_too(text: str, value: str) -> None:
    assert read_chinese_number(text) == Decimal(value)


@pytest.mark.parametrize(("text", "value"), [("壹佰", 100), ("叁万", 30_000), ("两千", 2_000)])
def test_the_signs_of_cheques_and_the_other_two_are_digits(text: str, value: int) -> None:
    assert read_chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "万", "亿", "万5", "三点五", "abc", "一" * 30])
def test_other_signs_are_no_numeral(text: str) -> None:
    assert read_chinese_number(text) is None


def test_a_numeral_longer_than_any_real_one_is_not_read() -> None:
    assert read_chinese_number("1" * LONGEST) is None
    assert read_chinese_number("一" * (LONGEST + 1)) is None


@given(st.integers(0, 99_999_999))
def test_a_numeral_written_in_full_is_read_as_its_number(number: int) -> None:
    assert read_chinese_number(write(number)) == number


def write(number: int) -> str:
    """The numeral in full: 100_205 is 十万零二百零五."""
    high, low = divmod(number, 10_000)
    if not high:
        return write_below_ten_thousand(low) or "零"
    gap = "零" if 0 < low < 1000 else ""
    return f"{write_below_ten_thousand(high)}万{gap}{write_below_ten_thousand(low)}"


def write_below_ten_thousand(number: int) -> str:
    text = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += DIGITS[digit] + sign
        elif text and number and not text.endswith("零"):
            text += "零"
    return text
