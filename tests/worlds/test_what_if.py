"""What if: shares multiply, and the whole is that of running the funnel again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.figures.deal_history import DealHistory
from kb.funnel.figures.measures import Span
from kb.funnel.figures.what_if import AMOUNT, LEADS, project_year
from kb.funnel.stages.funnel_templates import load_funnel
from tests.worlds.made import courses_of, made
from tests.worlds.making import END, Plan
from tests.worlds.truth import TRUTHS

FUNNEL = load_funnel("odds6")
YEAR = Span(END - timedelta(days=366), END)
WON = Decimal(100_000)


@pytest.fixture(scope="module")
def build_histories(tmp_path_factory: pytest.TempPathFactory) -> list[DealHistory]:
    folder: Path = tmp_path_factory.mktemp("whatif")
    return courses_of(made(folder, Plan(3, 300, truth=TRUTHS["easy"])))


def test_nothing_changed_changes_nothing(build_histories: list[DealHistory]) -> None:
    found = project_year(build_histories, FUNNEL, YEAR, WON, {})
    assert found.extra == 0
    assert found.projected_wins == found.won > 10


@given(st.dictionaries(st.sampled_from([stage.key for stage in FUNNEL.stages]), st.floats(-30, 30)))
def test_the_funnel_run_again_stage_by_stage_gives_the_same(
    build_histories: list[DealHistory], changes: dict[str, float]
) -> None:
    """Independent: the same leads walk through the old shares and through the new ones."""
    found = project_year(build_histories, FUNNEL, YEAR, WON, changes)
    before = after = 1000.0
    for step in found.steps:
        share = step.actual.share
        before *= share
        points = changes.get(step.stage, 0.0)
        after *= min(1.0, max(0.0, share + points / 100)) if points else share
    assert float(found.projected_amount) == pytest.approx(float(WON) * after / before, rel=1e-9)


def test_changes_together_bring_more_than_each_alone(build_histories: list[DealHistory]) -> None:
    found = project_year(
        build_histories, FUNNEL, YEAR, WON, {"demo": 5, "negotiation": 5, LEADS: 10}
    )
    assert found.extra > sum(extra for _, extra in found.extra_of_each) > 0


def test_ten_percent_more_leads_or_larger_deals_are_ten_percent_more(
    build_histories: list[DealHistory],
) -> None:
    for name in (LEADS, AMOUNT):
        found = project_year(build_histories, FUNNEL, YEAR, WON, {name: 10})
        assert found.extra == pytest.approx(Decimal(10_000))
    assert (
        project_year(build_histories, FUNNEL, YEAR, WON, {AMOUNT: 10}).projected_wins == found.won
    )
