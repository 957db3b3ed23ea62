"""The number of an amount: its digits in any grouping, its scale, Chinese numerals, words."""

from __future__ import annotations

import re
from decimal import Decimal
from re import Match

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.money.amounts import AMOUNT, is_scaled, read_amount, read_digits, read_unit

PATTERN = re.compile(AMOUNT.format(n="n"), re.ASCII)


def match(text: str) -> Match[str]:
    found = PATTERN.fullmatch(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,000", "12000"),
        ("12.000", "12000"),
        ("12 000", "12000"),
        ("9'500", "9500"),
        ("12,5", "12.5"),
        ("12.50", "12.50"),
        ("4.500,50", "4500.50"),
        ("4,500.50", "4500.50"),
        ("1.250.000", "1250000"),
        ("12,34,567", "1234567"),
        ("0.500", "0.500"),
        (".5", "0.5"),
    ],
)
def test_thousands_and_cents_are_told_apart(text: str, value: str) -> None:
    assert read_digits(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.2.3", "1,23,45", "1234 567", "12,34.567.8"])
def test_digits_grouped_in_no_known_way_are_no_number(text: str) -> None:
    assert read_digits(text) is None


def test_a_scale_behind_it_makes_a_point_a_decimal_one() -> None:
    assert read_digits("1.234") == 1234
    assert read_digits("1.234", scaled=True) == Decimal("1.234")


@given(
    st.decimals(0, 10**9, places=2, allow_nan=False),
    st.sampled_from(["en_US", "de_DE", "de_CH", "en_IN", "es_ES", "zh_CN"]),
)
def test_a_number_as_a_country_writes_it_is_read_back(number: Decimal, locale: str) -> None:
    pattern = "#,##,##0.00" if locale == "en_IN" else "#,##0.00"
    text = format_decimal(number, format=pattern, locale=locale)
    assert read_digits(text.replace("\u2019", "'")) == number


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("12k", 12_000, None),
        ("1.2m", 1_200_000, None),
        ("3万", 30_000, None),
        ("3.5 million", 3_500_000, None),
        ("half a million", 500_000, None),
        ("三五万", 30_000, 50_000),
        ("七八千", 7_000, 8_000),
    ],
)
def test_an_amount_is_read_with_its_scale(text: str, low: int, high: int | None) -> None:
    first, last = read_amount(match(text), "n")
    assert first == low
    assert last == high


@pytest.mark.parametrize(
    ("text", "scaled"),
    [("12k", True), ("3万", True), ("a million", True), ("12,000", False), ("三百", False)],
)
def test_a_word_for_thousands_or_more_is_a_scale(text: str, scaled: bool) -> None:
    assert is_scaled(match(text), "n") is scaled


@pytest.mark.parametrize(
    ("text", "unit"),
    [("15k", 1_000), ("5万", 10_000), ("5千万", 10_000_000), ("500", 1), ("two million", 10**6)],
)
def test_the_unit_of_an_amount_is_its_last(text: str, unit: int) -> None:
    assert read_unit(match(text), "n") == unit


@given(st.text(alphabet="0123456789., '", min_size=1, max_size=20))
def test_any_digits_get_an_answer(text: str) -> None:
    found = PATTERN.fullmatch(text)
    if found is not None and found["n_digits"]:
        value = read_digits(text)
        assert value is None or value >= 0
