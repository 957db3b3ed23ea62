"""What may be learned from use, and how what was learned fades."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.learning import (
    FAINTEST,
    HALF_LIFE,
    LONGEST,
    key_of,
    learnable,
    names_somebody,
    strengthened,
    weakened,
    weight_at,
)

THEN = datetime(2026, 3, 2, tzinfo=UTC)
weights = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("  not  this\nquarter ", "not this quarter"),
        ("is 12k too much", "is too much"),
        ("$4,500 a month hurts", "a month hurts"),
        ("要5万块，太多了", "要 ，太多了"),
        ("50 euros more", "more"),
        ("give me 20% off", "give me 20% off"),
        ("no budget in q3 2027", "no budget in q3 2027"),
        ("we are 12 people", "we are 12 people"),
        ("贵", ""),
        ("???", ""),
        ("", ""),
        ("mail me at jo@acme.io", ""),
        ("call +49 30 1234567", ""),
        ("打 138 1234 5678", ""),
        ("see https://acme.io", ""),
        ("x" * (LONGEST + 1), ""),
        ("Hi Tom, " + "we would rather not, " * 5, ""),
    ],
)
def test_only_a_short_wording_about_nobody_is_learned(query: str, kept: str) -> None:
    assert learnable(query) == kept


@given(st.text(max_size=300))
def test_what_is_learned_is_short_one_line_and_learnable_again(query: str) -> None:
    kept = learnable(query)
    assert len(kept) <= LONGEST
    assert "\n" not in kept
    assert not kept or len(key_of(kept)) > 1


@pytest.mark.parametrize(
    ("wording", "name", "named"),
    [
        ("acme finds it dear", "Acme", True),
        ("ACME ROBOTICS wants less", "Acme Robotics", True),
        ("acmes are dear", "Acme", False),
        ("张三觉得贵", "张三", True),
        ("海纳科技说太贵", "海纳科技", True),
        ("too dear", "", False),
        ("too dear", "...", False),
        ("王牌产品", "王", False),
    ],
)
def test_a_name_in_a_wording_is_seen(wording: str, name: str, named: bool) -> None:
    assert names_somebody(wording, ["Nobody Else", name]) is named


@given(weights, st.booleans())
def test_each_use_counts_more_and_landing_most(weight: float, landed: bool) -> None:
    assert weight <= strengthened(weight, landed=landed) <= 1.0
    assert strengthened(weight, landed=False) <= strengthened(weight, landed=True)
    assert weakened(weight) <= weight


def test_one_look_up_alone_never_counts_in_full() -> None:
    assert 0 < strengthened(0.0, landed=False) < strengthened(0.0, landed=True) < 1


@given(st.floats(0.25, 1.0))
def test_what_was_learned_halves_with_its_half_life_and_ends(weight: float) -> None:
    assert weight_at(weight, THEN, THEN) == weight
    assert weight_at(weight, THEN, THEN + HALF_LIFE) == pytest.approx(weight / 2)
    assert weight_at(weight, THEN, THEN + 4 * HALF_LIFE) == 0.0
    assert weight_at(FAINTEST, THEN, THEN + timedelta(days=1)) == 0.0


def test_a_clock_that_went_back_adds_no_weight() -> None:
    assert weight_at(0.5, THEN, THEN - HALF_LIFE) == 0.5
