"""Learned odds beat the fixed ones where those are wrong, and do no worse where little is known."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import pytest

from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.money import Rates
from kb.funnel.odds.backtest import Score, score_model, take_held_out
from kb.funnel.odds.model_training import train_model
from kb.funnel.odds.odds_model import UNTRAINED, Model, from_json, predict, to_json
from kb.funnel.odds.snapshots import Snapshot, take_past_snapshots, take_snapshot
from kb.funnel.stages.funnel_templates import load_funnel
from tests.worlds.made import courses_of, made
from tests.worlds.making import END, Plan
from tests.worlds.truth import TRUTHS

FUNNEL, RATES = load_funnel("odds6"), Rates("EUR")
WRONG = ("hard", "easy", "stale", "export")  # truths that the fixed odds do not know
SEEDS = (1, 2)
MOST = 1200  # deals to learn from; all others are held out
LOOKS = range(0, 500, 10)  # days before the end at which the held-out deals are asked of


@cache
def ended_deals(truth: str, seed: int, deals: int = 3500) -> tuple[DealHistory, ...]:
    """The deals of a world that ended, in no order."""
    with TemporaryDirectory() as folder:
        world = made(Path(folder), Plan(seed, deals, days=540, truth=TRUTHS[truth]))
        found = [course for course in courses_of(world) if course.ended_at is not None]
        world.database.close()
    random.Random(seed).shuffle(found)
    return tuple(found)


@cache
def asked_of(truth: str, seed: int) -> tuple[Snapshot, ...]:
    """The held-out deals as they stood every few days while they were open."""
    others = ended_deals(truth, seed)[MOST:]
    found = [
        seen for day in LOOKS for seen in take_held_out(others, END - timedelta(days=day), RATES)
    ]
    assert len(found) > 300
    return tuple(found)


def learned_from(deals: Sequence[DealHistory]) -> Model:
    return train_model(
        take_past_snapshots(sorted(deals, key=lambda each: each.ended_at or END), RATES), FUNNEL
    )


def judged(truth: str, seed: int, learned: int) -> Score:
    """The score on held-out deals of a model learned from so many others of the same world."""
    model = learned_from(ended_deals(truth, seed)[:learned])
    return score_model(model, FUNNEL, asked_of(truth, seed))


@pytest.mark.slow
@pytest.mark.parametrize("truth", WRONG)
def test_learned_odds_beat_the_fixed_ones_on_held_out_deals(truth: str) -> None:
    scores = [judged(truth, seed, MOST) for seed in SEEDS]
    assert mean(each.brier / each.fixed_brier for each in scores) < 0.99
    assert mean(each.loss / each.fixed_loss for each in scores) < 0.98


@pytest.mark.slow
@pytest.mark.parametrize("learned", [20, 60, 150])
@pytest.mark.parametrize("truth", TRUTHS)
def test_where_history_is_thin_they_do_at_most_two_percent_worse(truth: str, learned: int) -> None:
    for seed in SEEDS:
        found = judged(truth, seed, learned)
        assert found.brier <= 1.02 * found.fixed_brier
        assert found.loss <= 1.02 * found.fixed_loss


@pytest.mark.slow
def test_where_the_fixed_odds_are_right_nothing_is_lost_by_learning() -> None:
    for seed in SEEDS:
        found = judged("honest", seed, MOST)
        assert found.brier <= 1.02 * found.fixed_brier


def deal(number: int, stage: str, age: float, *, won: bool, source: str = "inbound") -> Snapshot:
    return Snapshot(number, stage, age, source, 1, 1000.0, won, age + 1)


def made_up(count: int) -> list[Snapshot]:
    """Deals at one stage, of which those that came by themselves are won nine times in ten."""
    return [
        deal(n, "demo", n % 20, won=n % 10 > 0 if n % 2 else n % 10 == 0,
             source="inbound" if n % 2 else "outbound")
        for n in range(count)
    ]  # fmt: skip


def test_too_few_deals_teach_nothing() -> None:
    model = train_model(made_up(20), FUNNEL)
    assert model.share == 0
    found = predict(model, FUNNEL, deal(99, "demo", 3, won=False))
    assert not found.learned
    assert found.chance == found.fixed == pytest.approx(0.3)


def test_what_was_learned_tells_sources_apart_and_says_so() -> None:
    model = train_model(made_up(300), FUNNEL)
    came, went = (
        predict(model, FUNNEL, deal(999, "demo", 3, won=False, source=source))
        for source in ("inbound", "outbound")
    )
    assert came.chance > 0.6 > 0.35 > went.chance
    assert dict(came.shifts)["source"] > 5
    assert dict(went.shifts)["source"] < -5


def test_the_sum_counts_past_deals_that_stood_there_as_long() -> None:
    past = [deal(n, "demo", age, won=won) for n, (age, won) in enumerate(
        [(0, True), (4, True), (9, False), (12, True), (30, False)]
    )]  # fmt: skip
    found = predict(train_model(past, FUNNEL), FUNNEL, deal(9, "demo", 8.5, won=False))
    assert (found.won, found.past, found.days) == (1, 3, 8)


def test_the_same_history_teaches_the_same() -> None:
    assert train_model(made_up(120), FUNNEL) == train_model(made_up(120), FUNNEL)


def test_a_model_comes_back_from_its_json_the_same() -> None:
    model = train_model(made_up(120), FUNNEL)
    kept = from_json(to_json(model))
    asked = [deal(7, stage.key, 3, won=False) for stage in FUNNEL.stages]
    assert [predict(kept, FUNNEL, each) for each in asked] == [
        predict(model, FUNNEL, each) for each in asked
    ]
    assert from_json({}) == UNTRAINED


def test_a_deal_of_a_stage_owner_and_source_never_seen_still_has_odds() -> None:
    model = train_model(made_up(300), FUNNEL)
    stranger = Snapshot(1, "signed", 400.0, "fair", 77, None)
    assert 0.01 <= predict(model, FUNNEL, stranger).chance <= 0.99


def test_no_snapshot_knows_what_came_later() -> None:
    deals = ended_deals("export", 1, 120)
    for course in deals[:40]:
        for stay in course.stays:
            seen = take_snapshot(course, stay.came, RATES)
            if seen is not None:
                assert seen.age == 0
                worth, rate = course.amount_at(stay.came), RATES.of(course.deal.currency)
                assert (seen.amount is None) == (worth is None or rate is None)
