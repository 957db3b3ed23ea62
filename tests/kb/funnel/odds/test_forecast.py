"""A forecast adds up its deals' chances, and its range is that of the same deals drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.calendar import WorkCalendar
from kb.funnel.figures.deal_history import DealHistory, DealRow, Stay
from kb.funnel.figures.goal_pace import Pace, compute_due
from kb.funnel.figures.measures import Span
from kb.funnel.figures.money import Rates
from kb.funnel.figures.periods import KINDS, Kind, Period, find_period
from kb.funnel.odds.forecast import Forecast, forecast_period, simulate_range
from kb.funnel.odds.odds_model import UNTRAINED
from kb.funnel.stages.funnel_templates import load_funnel
from kb.states import DealStatus

CALENDAR = WorkCalendar("UTC", time(9), time(18), frozenset(range(5)))
FUNNEL = load_funnel("odds6")
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SPAN = Span(NOW - 48 * DAY, NOW + 43 * DAY)
QUARTER = Period("quarter", date(2026, 10, 1))


def open_deal(
    number: int,
    stage: str,
    amount: int | None,
    currency: str = "EUR",
    own: int | None = None,
    closes: date | None = None,
) -> DealHistory:
    worth, made = Decimal(amount) if amount is not None else None, NOW - 9 * DAY
    dealt = DealRow(number, 1, "", stage, DealStatus.LIVE, worth, currency, made, own, closes)
    place = FUNNEL.index(stage)
    reached = [NOW - 9 * DAY if each <= place else None for each in range(6)]
    stays = [Stay(stage, NOW - 9 * DAY)]
    return DealHistory(
        dealt, NOW - 9 * DAY, reached, 6, stays, amounts_since=[(NOW - 9 * DAY, worth)]
    )


def test_open_deals_are_weighed_by_their_stage_s_odds_and_by_their_owner_s_number() -> None:
    found = [open_deal(1, "demo", 1000), open_deal(2, "decider", 4000, own=90)]
    told = forecast_period(found, FUNNEL, UNTRAINED, Rates("EUR"), QUARTER, SPAN, NOW)
    assert told.fixed == told.learned == Decimal(300) + Decimal(2000)
    assert told.own == Decimal(300) + Decimal(3600)
    assert not told.is_learned
    assert [chance.deal_id for chance in told.chances] == [2, 1]


def test_what_has_no_amount_or_no_rate_is_counted_apart() -> None:
    found = [open_deal(1, "demo", None), open_deal(2, "demo", 1000, "USD")]
    told = forecast_period(found, FUNNEL, UNTRAINED, Rates("EUR"), QUARTER, SPAN, NOW)
    assert told.unpriced == 2
    assert told.fixed == 0
    assert told.open.apart == {"USD": Decimal(1000)}


def forecast_of(found: list[DealHistory], period: Period) -> Forecast:
    span = period.span(CALENDAR)
    return forecast_period(found, FUNNEL, UNTRAINED, Rates("EUR"), period, span, NOW)


def list_periods(kind: Kind, last: date) -> list[Period]:
    """The period of today and those after it, until the last day."""
    periods = [find_period(kind, NOW.date())]
    while not periods[-1].holds(last):
        periods.append(periods[-1].after)
    return periods


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.dates(date(2026, 1, 1), date(2028, 12, 31)))),
    st.sampled_from(KINDS),
)
def test_the_periods_from_now_on_share_out_the_dated_deals(
    deals: list[tuple[int, date]], kind: Kind
) -> None:
    """Each counts in exactly one of them, with all its worth: that of its day, or the current."""
    found = [
        open_deal(number, "decider", amount, closes=day)
        for number, (amount, day) in enumerate(deals, start=1)
    ]
    told = [forecast_of(found, each) for each in list_periods(kind, date(2028, 12, 31))]
    assert sum(each.in_time for each in told) == told[0].learned
    counted = [chance.deal_id for each in told for chance in each.chances if chance.in_time]
    assert sorted(counted) == list(range(1, len(deals) + 1))
    for each in told:
        there = {chance.deal_id for chance in each.chances if chance.in_time}
        for number, (_, day) in enumerate(deals, start=1):
            assert (number in there) == each.period.holds(max(day, NOW.date()))
        assert each.undated == 0


def test_a_deal_without_a_close_date_counts_as_before_and_is_counted_as_undated() -> None:
    dated = open_deal(1, "decider", 1000, closes=date(2027, 2, 1))
    found = [dated, open_deal(2, "decider", 4000), open_deal(3, "decider", None)]
    told = forecast_of(found, QUARTER)
    assert (told.in_time, told.undated, told.unpriced) == (Decimal(2000), 1, 1)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.floats(0, 1)), max_size=40))
def test_the_range_lies_within_nothing_and_everything(deals: list[tuple[int, float]]) -> None:
    amounts = [float(amount) for amount, _ in deals]
    low, high = simulate_range(amounts, [chance for _, chance in deals])
    assert 0 <= low <= high <= round(sum(amounts)) + 1
    assert (low, high) == simulate_range(amounts, [chance for _, chance in deals])


def test_the_range_of_many_deals_is_that_of_the_normal_law() -> None:
    """Independent: the sum of many independent draws is nearly normal."""
    amounts, chances = [100.0] * 400, [0.3] * 400
    low, high = simulate_range(amounts, chances)
    middle, spread = 100 * 400 * 0.3, 100 * sqrt(400 * 0.3 * 0.7)
    assert float(low) == pytest.approx(middle - 1.2816 * spread, rel=0.02)
    assert float(high) == pytest.approx(middle + 1.2816 * spread, rel=0.02)


def test_pace_is_even_over_the_working_days_and_coverage_over_what_is_missing() -> None:
    pace = Pace(
        date(2026, 11, 1), date(2026, 11, 30), Decimal(50_000), "EUR", Decimal(20_000),
        compute_due(Decimal(50_000), 12, 20), Decimal(90_000), Decimal(15_000), 8,
    )  # fmt: skip
    assert pace.due == 30_000
    assert pace.ahead == -10_000
    assert pace.missing == 30_000
    assert pace.coverage == 3
