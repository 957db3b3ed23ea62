"""Currencies are added up at given rates only, and what has none stands apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.figures.money import Rate, Rates, newest_rates

DAY = date(2026, 11, 3)
AMOUNTS = st.dictionaries(
    st.sampled_from(["EUR", "USD", "CNY", "JPY"]), st.integers(0, 10**9).map(Decimal)
)


@given(AMOUNTS, st.sets(st.sampled_from(["USD", "CNY", "JPY"])))
def test_nothing_is_lost_and_nothing_is_counted_without_a_rate(
    amounts: dict[str, Decimal], rated: set[str]
) -> None:
    rates = Rates("EUR", {code: Rate(code, Decimal(2), DAY) for code in rated})
    total = rates.total(amounts)
    own = amounts.get("EUR", Decimal(0))
    assert total.amount == own + 2 * sum(amounts.get(code, Decimal(0)) for code in rated)
    assert total.apart == {c: a for c, a in amounts.items() if c != "EUR" and c not in rated}
    assert set(total.converted) == rated & set(amounts)
    assert (total.at_rates_of is None) == (not total.converted)


def test_the_newest_rate_by_the_day_counts_and_none_from_the_days_after() -> None:
    given_ = [Rate("USD", Decimal(n), date(2026, 11, n)) for n in (1, 3, 9)]
    for day, value in ((1, 1), (2, 1), (3, 3), (8, 3), (9, 9), (30, 9)):
        assert newest_rates(given_, "EUR", date(2026, 11, day)).of("USD") == value
    assert newest_rates(given_, "EUR", date(2026, 10, 31)).of("USD") is None


def test_a_sum_names_the_oldest_rate_it_was_made_at() -> None:
    rates = Rates("EUR", {
        "USD": Rate("USD", Decimal("0.9"), date(2026, 11, 3)),
        "CNY": Rate("CNY", Decimal("0.13"), date(2026, 9, 1)),
    })  # fmt: skip
    assert rates.total({"USD": Decimal(1), "EUR": Decimal(1)}).at_rates_of == date(2026, 11, 3)
    assert rates.total({"USD": Decimal(1), "CNY": Decimal(1)}).at_rates_of == date(2026, 9, 1)
    assert rates.total({"EUR": Decimal(1)}).at_rates_of is None
