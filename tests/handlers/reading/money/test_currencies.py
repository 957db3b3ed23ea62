"""Marks and words for currencies, and which currency a team means by one that several share."""

from __future__ import annotations

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import read_money
from handlers.reading.money.currencies import choose_currency, find_currency


@pytest.mark.parametrize(
    ("text", "own", "currency", "explicit"),
    [
        ("12k", "CHF", "CHF", False),
        ("$12k", "EUR", "USD", True),
        ("$12k", "CAD", "CAD", True),
        ("US$12k", "CAD", "USD", True),
        ("¥100", "JPY", "JPY", True),
        ("¥100", "USD", "CNY", True),
        ("3万元", "USD", "CNY", True),
    ],
)
def test_a_shared_sign_means_the_teams_own_currency(
    text: str, own: str, currency: str, explicit: bool
) -> None:
    money = read_money(text, own)
    assert money is not None
    assert (money.currency, money.explicit) == (currency, explicit)


@pytest.mark.parametrize(
    ("mark", "own", "currency"),
    [
        ("€", "USD", "EUR"),
        ("hk$", "USD", "HKD"),
        ("人民币", "TWD", "CNY"),
        ("美元", "CNY", "USD"),
        ("块", "HKD", "HKD"),
        ("块", "EUR", "CNY"),
        ("kr", "DKK", "DKK"),
        ("kr", "EUR", "SEK"),
        ("$", "EUR", "USD"),
    ],
)
def test_a_mark_means_its_currency_or_the_teams_own_among_those_that_share_it(
    mark: str, own: str, currency: str
) -> None:
    assert choose_currency(mark, own) == currency


@given(st.sampled_from(sorted(list_currencies())), st.sampled_from([str.lower, str.upper]))
def test_every_iso_code_is_a_currency(code: str, spell: object) -> None:
    assert callable(spell)
    assert find_currency(f" {spell(code)} ", "EUR") == code


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("人民币", "CNY"),
        ("Euros", "EUR"),
        ("£", "GBP"),
        ("元", "CNY"),
        ("港币", "HKD"),
        ("quid", "GBP"),
    ],
)
def test_a_currency_is_found_by_its_word_or_sign(text: str, currency: str) -> None:
    assert find_currency(text, "EUR") == currency


@pytest.mark.parametrize("text", ["", " ", "XYZ", "money", "12k", "€€", "钱"])
def test_anything_else_is_no_currency(text: str) -> None:
    assert find_currency(text, "EUR") is None


@pytest.mark.parametrize("text", ["12k kraken", "12k eurostar tickets", "100 yena"])
def test_letters_of_a_longer_word_are_no_currency(text: str) -> None:
    money = read_money(text, "CHF")
    assert money is None or money.currency == "CHF"
