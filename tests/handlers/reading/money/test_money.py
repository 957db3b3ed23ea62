"""Amounts as people write them, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import find_money, read_money
from handlers.reading.money.money import find_marked, find_unmarked
from tests.handlers.reading.phrases import phrases

YEN_SIGNS = ("¥", "￥")


def _choose_expected(row: dict[str, Any], own: str) -> str:
    """The currency a row means to a team: a yen sign is never euros."""
    if any(sign in row["text"] for sign in YEN_SIGNS) and own not in ("CNY", "JPY"):
        return "CNY"
    return row["currency"] or own


@pytest.mark.parametrize("own", ["EUR", "CNY", "JPY"])
@pytest.mark.parametrize(
    "row", phrases("money") + phrases("more_money"), ids=lambda row: str(row["text"])
)
def test_an_amount_is_read_with_its_currency(row: dict[str, Any], own: str) -> None:
    money = read_money(row["text"], own)
    assert money is not None
    assert money.amount == Decimal(str(row["amount"]))
    assert money.currency == (row["currency"] or _choose_expected(row, own))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10-15k", 10_000, 15_000),
        ("10k-15k", 10_000, 15_000),
        ("between 10 and 15k", 10_000, 15_000),
        ("500-1k", 500, 1_000),
        ("3到5万", 30_000, 50_000),
        ("三五万", 30_000, 50_000),
    ],
)
def test_a_range_keeps_both_its_ends(text: str, low: int, high: int) -> None:
    money = read_money(text, "EUR")
    assert money is not None
    assert money.amount == low
    assert money.high == high


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "inf",
        "1e309",
        "-12k",
        "minus 5k",
        "-$5k",
        "负3万",
        "9999999999999",
        "100万亿",
        "12%",
        "10 seats",
        "3pm",
        "tomorrow",
        "2000 customers",
        "3千人",
        "",
        "$",
        "万",
        "k",
        "1.2.3",
        "60-50",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert read_money(text, "EUR") is None


@pytest.mark.parametrize(
    "text",
    [
        "call +44 20 7946 0958 at 4pm",
        "13800138000",
        "demo on 2026-12-03 at 14:00",
        "12/3",
        "wants 10 seats",
        "12k users",
        "in 3m",
        "万一客户说贵",
        "千万别",
        "十万火急",
        "Acme, 2026, Jane",
        "降了5个百分点",
        "thanks a million",
    ],
)
def test_phones_dates_and_counts_in_a_sentence_are_no_money(text: str) -> None:
    assert find_money(text, "EUR") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("remind me tomorrow at 3pm about the 12k offer", "12k"),
        ("Acme, Jane, 12000, inbound", "12000"),
        ("Acme,12,000,inbound", "12,000"),
        ("华为 13800138000 约30万 转介绍", "约30万"),
        ("wants about $5k by 3pm", "about $5k"),
    ],
)
def test_an_amount_in_a_sentence_is_found_where_it_stands(text: str, words: str) -> None:
    money = find_money(text, "EUR")
    assert money is not None
    assert text[slice(*money.span)] == words


@given(amount=st.integers(0, 10**12), style=st.sampled_from(["{}", "{:,}", "EUR {}", "{} €"]))
def test_a_whole_amount_survives_its_writing(amount: int, style: str) -> None:
    money = read_money(style.format(amount), "EUR")
    assert money is not None
    assert money.amount == amount


@given(thousands=st.integers(1, 9_999))
def test_k_w_and_wan_multiply(thousands: int) -> None:
    for text, unit in (
        (f"{thousands}k", 1_000),
        (f"{thousands}w", 10_000),
        (f"{thousands}万", 10_000),
    ):
        money = read_money(text, "CNY")
        assert money is not None
        assert money.amount == thousands * unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Acme Jane 30000", "30000"),
        ("华为 王芳 50000 展会", "50000"),
        ("Acme 12,000 referral", "12,000"),
    ],
)
def test_a_number_of_thousands_between_blanks_is_an_amount_of_a_lead(text: str, words: str) -> None:
    money = find_unmarked(text, "EUR")
    assert money is not None
    assert text[slice(*money.span)] == words


@pytest.mark.parametrize(
    "text", ["Acme Jane 300", "Acme 2026", "Acme 13800138000", "Acme 3000 seats"]
)
def test_small_numbers_years_phones_and_counts_are_no_amount_of_a_lead(text: str) -> None:
    assert find_unmarked(text, "EUR") is None


def test_all_marked_amounts_of_a_line_are_found_in_their_order() -> None:
    amounts = [money.amount for money in find_marked("12k now, 3万 later, 500 maybe, $7", "EUR")]
    assert amounts == [12_000, 30_000, 7]
