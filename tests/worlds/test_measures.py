"""Every figure of the funnel is that of an independent computation in pandas on the same rows."""

from __future__ import annotations

import math
from datetime import timedelta
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kb.funnel.figures.deal_history import DealHistory, DealRow, EventRow, build_histories
from kb.funnel.figures.measures import DAY, Measures, Span, measure
from kb.funnel.stages.funnel_templates import load_funnel
from storage.scope import Scope
from tests.worlds.frames import STAGES, Frames
from tests.worlds.made import World, made
from tests.worlds.making import END, Plan
from tests.worlds.truth import TRUTHS

FUNNEL = load_funnel("odds6")
PLANS = [Plan(seed, 260, truth=TRUTHS[name]) for seed, name in ((1, "export"), (2, "hard"))]
SPANS = {
    "the year": Span(END - timedelta(days=366), END),
    "a quarter": Span(END - timedelta(days=200), END - timedelta(days=110)),
    "a month": Span(END - timedelta(days=40), END - timedelta(days=10)),
    "a week": Span(END - timedelta(days=7), END),
}
CASES = list(product(range(len(PLANS)), SPANS, ("all", "half")))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    folder = tmp_path_factory.mktemp("measured")
    return [made(folder / str(number), plan) for number, plan in enumerate(PLANS)]


@pytest.fixture(params=CASES, ids=lambda case: "-".join(map(str, case)))
def case(request: pytest.FixtureRequest, worlds: list[World]) -> tuple[Measures, Frames, Span]:
    """A world's figures of a time, for the whole team or those below one manager."""
    number, name, who = request.param
    world = worlds[number]
    owners = world.team.below(world.team.managers[0]) if who == "half" else None
    theirs = frozenset(owners) if owners else None
    span = SPANS[name]
    return measure(ours(world, theirs, span), FUNNEL, span), frames(world.path, theirs), span


def ours(world: World, members: frozenset[int] | None, span: Span) -> list[DealHistory]:
    scope = Scope(world.team.id, members)
    with world.database.work() as memory:
        deals = map(DealRow._make, memory.histories.list_deals(scope, span.start))
        facts = map(EventRow._make, memory.histories.list_facts(scope, span.start))
        return build_histories(deals, facts, FUNNEL)


@cache
def frames(path: Path, owners: frozenset[int] | None) -> Frames:
    return Frames(path, set(owners) if owners else None)


def ends(span: Span) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(span.start), pd.Timestamp(span.end)


def test_conversion_counts_the_deals_that_came_not_those_that_stand_there(
    case: tuple[Measures, Frames, Span],
) -> None:
    found, theirs, span = case
    counted = [(flow.entered, flow.went_on, flow.lost) for flow in found.flows]
    assert counted == [theirs.flow(place, *ends(span)) for place in range(len(STAGES))]


def test_days_in_a_stage_are_those_of_the_stays_that_ended(
    case: tuple[Measures, Frames, Span],
) -> None:
    found, theirs, span = case
    for flow in found.flows:
        days = theirs.stays(flow.stage, *ends(span))
        assert flow.days.n == len(days)
        assert_ranks(days, flow.days.median, flow.days.p80)


def test_made_won_and_lost_are_counted_and_added_up_by_currency(
    case: tuple[Measures, Frames, Span],
) -> None:
    found, theirs, span = case
    start, end = ends(span)
    made_in = theirs.deals[(theirs.deals.created_at >= start) & (theirs.deals.created_at < end)]
    for ours_, frame in (
        (found.made, made_in),
        (found.won, theirs.ended("won", start, end)),
        (found.lost, theirs.ended("lost", start, end)),
    ):
        sums = frame.dropna(subset=["amount"]).groupby("currency").amount.sum()
        assert ours_.n == len(frame)
        assert {code: float(amount) for code, amount in ours_.amounts.items()} == sums.to_dict()


def test_the_cycle_is_that_of_the_deals_won(case: tuple[Measures, Frames, Span]) -> None:
    found, theirs, span = case
    won = theirs.ended("won", *ends(span))
    made_at = theirs.deals.set_index("id").created_at
    days = sorted((won["at"] - made_at[won.index]) / pd.Timedelta(days=1))
    assert found.cycle.n == len(days)
    assert_ranks(days, found.cycle.median, found.cycle.p80)


def test_losses_are_counted_by_stage_and_reason(case: tuple[Measures, Frames, Span]) -> None:
    found, theirs, span = case
    lost = theirs.ended("lost", *ends(span))
    counted = lost.groupby(["stage", "lost_reason"]).size().to_dict()
    assert {key: each.n for key, each in found.losses.items()} == counted


def test_a_source_is_judged_by_the_deals_made_in_the_time(
    case: tuple[Measures, Frames, Span],
) -> None:
    found, theirs, span = case
    start, end = ends(span)
    made_in = theirs.deals[(theirs.deals.created_at >= start) & (theirs.deals.created_at < end)]
    table = pd.crosstab(made_in.source, made_in.status).reindex(
        columns=["won", "lost"], fill_value=0
    )
    counted = {each.source: (each.won, each.lost) for each in found.sources}
    assert counted == {source: (row.won, row.lost) for source, row in table.iterrows()}


def test_the_shares_that_go_on_multiply_to_the_share_that_is_won(worlds: list[World]) -> None:
    for world in worlds:
        span = Span(END - timedelta(days=400), END)
        found = [course for course in ours(world, None, span) if not course.is_open]
        flows = measure(found, FUNNEL, span).flows
        won = sum(course.status == "won" for course in found)
        product_ = math.prod(flow.went_on / flow.entered for flow in flows)
        assert product_ == pytest.approx(won / flows[0].entered)


def assert_ranks(days: list[float], median: float | None, p80: float | None) -> None:
    if not days:
        assert (median, p80) == (None, None)
        return
    expected = np.percentile(days, [50, 80], method="inverted_cdf")
    assert [median, p80] == pytest.approx(list(expected))
    assert timedelta(days=1) == DAY
