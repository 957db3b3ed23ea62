"""Chances and sums: won only with the money in, and no currency added to another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.odds.stage_odds import StageTotal, chance, total_by_stage, weigh
from kb.funnel.stages.funnel_templates import load_funnel
from kb.states import DealStatus

FUNNEL = load_funnel("odds6")

amounts = st.decimals(min_value=0, max_value=10**12, places=2)
rows = st.lists(
    st.tuples(
        st.sampled_from([stage.key for stage in FUNNEL.stages]),
        st.none() | amounts,
        st.sampled_from(["EUR", "USD", "CNY"]),
    )
)


@pytest.mark.parametrize(
    ("stage", "status", "percent"),
    [
        ("opportunity", DealStatus.LIVE, 0),
        ("negotiation", DealStatus.LIVE, 70),
        ("negotiation", DealStatus.PARKED, 70),
        ("signed", DealStatus.LIVE, 90),
        ("signed", DealStatus.WON, 100),
        ("demo", DealStatus.WON, 100),
        ("signed", DealStatus.LOST, 0),
        ("signed", DealStatus.WITHDRAWN, 0),
    ],
)
def test_only_a_won_deal_is_certain_and_a_lost_one_is_worth_nothing(
    stage: str, status: DealStatus, percent: int
) -> None:
    assert chance(stage, status, FUNNEL) == percent


def test_an_amount_is_weighted_without_losing_a_cent() -> None:
    assert weigh(Decimal("12345.67"), 70) == Decimal("8641.969")


@given(amounts, st.integers(0, 100))
def test_a_weighted_amount_is_never_more_than_the_amount(amount: Decimal, percent: int) -> None:
    assert 0 <= weigh(amount, percent) <= amount
    assert weigh(amount, percent) + weigh(amount, 100 - percent) == amount


def test_amounts_of_two_currencies_stand_side_by_side() -> None:
    found = total_by_stage(
        [
            ("demo", Decimal(100), "EUR"),
            ("demo", Decimal(50), "USD"),
            ("demo", Decimal("0.50"), "EUR"),
            ("demo", None, "EUR"),
            ("signed", None, "CNY"),
        ]
    )
    assert found == {
        "demo": StageTotal(4, {"EUR": Decimal("100.50"), "USD": Decimal(50)}),
        "signed": StageTotal(1, {}),
    }


@given(rows)
def test_every_deal_counts_once_and_every_amount_in_its_own_currency(
    rows: list[tuple[str, Decimal | None, str]],
) -> None:
    found = total_by_stage(rows)
    assert sum(total.count for total in found.values()) == len(rows)
    for currency in ("EUR", "USD", "CNY"):
        summed = sum(total.amounts.get(currency, Decimal(0)) for total in found.values())
        assert summed == sum(amount for _s, amount, code in rows if code == currency and amount)
