"""The stage that costs most, what it costs, and when there is too little to tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kb.funnel.figures.bottleneck import find_bottleneck
from kb.funnel.figures.confidence import Share, probability_lower
from kb.funnel.figures.deal_history import DealHistory, DealRow
from kb.funnel.figures.measures import Span
from kb.funnel.figures.money import Rates
from kb.funnel.stages.funnel_templates import load_funnel
from kb.states import DealStatus

FUNNEL = load_funnel("odds6")
DEMO = FUNNEL.index("demo")
START = datetime(2026, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)
PAST, SPAN = Span(START - 90 * DAY, START), Span(START, START + 90 * DAY)
NOW = SPAN.end + 30 * DAY
RATES = Rates("EUR")


def deal(number: int, at: datetime, *, on: bool, amount: int = 1000) -> DealHistory:
    """A deal that came to the demo and went on to be won five days later, or was lost there."""
    dealt = DealRow(number, 1, "", "demo", DealStatus.WON, Decimal(amount), "EUR", at)
    reached: list[datetime | None] = [at if place <= DEMO else None for place in range(6)]
    ended = at + 5 * DAY
    if on:
        reached = [at if place <= DEMO else ended for place in range(6)]
    return DealHistory(
        dealt, at, reached, 6, status=DealStatus.WON if on else DealStatus.LOST, ended_at=ended,
        amounts_since=[(at, Decimal(amount))],
    )  # fmt: skip


def quarter(first: int, start: datetime, entered: int, on: int) -> list[DealHistory]:
    return [deal(first + n, start + timedelta(hours=24 + n), on=n < on) for n in range(entered)]


def test_it_is_the_stage_where_fewer_went_on_than_before() -> None:
    found = quarter(0, PAST.start, 40, 30) + quarter(100, SPAN.start, 40, 12)
    loss = find_bottleneck(found, FUNNEL, SPAN, PAST, NOW, RATES).loss
    assert loss is not None
    assert (loss.stage, loss.now, loss.before) == ("demo", Share(12, 40), Share(30, 40))
    # Eighteen more would have gone on, each worth 1,000; all that went on in the past were won.
    assert loss.money == pytest.approx(Decimal(18_000))
    assert loss.confidence > 0.99


def test_a_stage_that_is_no_worse_is_no_bottleneck() -> None:
    found = quarter(0, PAST.start, 40, 20) + quarter(100, SPAN.start, 40, 21)
    told = find_bottleneck(found, FUNNEL, SPAN, PAST, NOW, RATES)
    assert told.loss is None
    assert not told.too_few


def test_a_gap_that_may_be_chance_is_not_told() -> None:
    found = quarter(0, PAST.start, 14, 7) + quarter(100, SPAN.start, 14, 6)
    assert find_bottleneck(found, FUNNEL, SPAN, PAST, NOW, RATES).loss is None


def test_too_few_deals_are_said_to_be_too_few() -> None:
    found = quarter(0, PAST.start, 5, 5) + quarter(100, SPAN.start, 5, 0)
    assert find_bottleneck(found, FUNNEL, SPAN, PAST, NOW, RATES).too_few


def test_deals_that_came_only_just_now_do_not_make_it_look_worse() -> None:
    """A deal that has not stood there as long as going on takes is counted in neither time."""
    fresh = [deal(500 + n, NOW - DAY, on=False) for n in range(60)]
    for course in fresh:
        course.status, course.ended_at = DealStatus.LIVE, None
    found = quarter(0, PAST.start, 40, 30) + quarter(100, SPAN.start, 40, 30)
    span = Span(SPAN.start, NOW + DAY)
    assert find_bottleneck(found + fresh, FUNNEL, span, PAST, NOW, RATES).loss is None


def test_a_target_of_the_team_s_own_takes_the_place_of_the_past() -> None:
    found = quarter(0, PAST.start, 40, 12) + quarter(100, SPAN.start, 40, 12)
    loss = find_bottleneck(found, FUNNEL, SPAN, PAST, NOW, RATES, {"demo": 60}).loss
    assert loss is not None
    assert loss.target
    assert loss.before.percent == 60


def test_certainty_grows_with_the_number_of_deals() -> None:
    confidence = [
        probability_lower(Share(3 * n, 10 * n), Share(5 * n, 10 * n)) for n in (1, 3, 10, 100)
    ]
    assert confidence == sorted(confidence)
    assert confidence[0] < 0.85
    assert confidence[-1] > 0.999
    assert probability_lower(Share(5, 10), Share(5, 10)) == pytest.approx(0.5)
