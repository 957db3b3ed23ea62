"""Numbers in English words."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.numbers_en import WORDS, read_english_number

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


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


@pytest.mark.parametrize(("text", "value"), [("three lakh", 300_000), ("two crore", 20_000_000)])
def test_the_scales_of_india_count(text: str, value: int) -> None:
    assert read_english_number(text) == value


@pytest.mark.parametrize("text", ["seven seas", "", "of a", "three point five", "dozens"])
def test_other_words_are_no_number(text: str) -> None:
    assert read_english_number(text) is None


@given(st.integers(1, 999_999))
def test_a_number_written_in_words_is_read_as_itself(number: int) -> None:
    text = write(number)
    assert read_english_number(text) == number
    assert re.fullmatch(WORDS, text)


def write(number: int) -> str:
    """The number in words: 120_005 is "one hundred and twenty thousand and five"."""
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return write_below_a_thousand(rest)
    head = f"{write_below_a_thousand(thousands)} thousand"
    joint = " and " if 0 < rest < 100 else " "
    return f"{head}{joint}{write_below_a_thousand(rest)}" if rest else head


def write_below_a_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{ONES[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        tail = f"{TENS[tens - 2]}-{ONES[ones]}" if ones else TENS[tens - 2]
        words.append(ONES[rest] if rest < 20 else tail)
    return " and ".join(words)
