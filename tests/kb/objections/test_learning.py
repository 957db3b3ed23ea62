"""What may be learned from use, and how what was learned fades."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.objections.learning import (
    HALF_LIFE,
    MAX_CHARS,
    MIN_WEIGHT,
    decay_weight,
    extract_wording,
    make_key,
    names_somebody,
    strengthen,
    weaken,
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
        ("x" * (MAX_CHARS + 1), ""),
        ("Hi Tom, " + "we would rather not, " * 5, ""),
    ],
)
def test_only_a_short_wording_about_nobody_is_learned(query: str, kept: str) -> None:
    assert extract_wording(query) == kept


@given(st.text(max_size=300))
def test_what_is_learned_is_short_one_line_and_learnable_again(query: str) -> None:
    kept = extract_wording(query)
    assert len(kept) <= MAX_CHARS
    assert "\n" not in kept
    assert not kept or len(make_key(kept)) > 1


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
    assert weight <= strengthen(weight, landed=landed) <= 1.0
    assert strengthen(weight, landed=False) <= strengthen(weight, landed=True)
    assert weaken(weight) <= weight


def test_one_look_up_alone_never_counts_in_full() -> None:
    assert 0 < strengthen(0.0, landed=False) < strengthen(0.0, landed=True) < 1


@given(st.floats(0.25, 1.0))
def test_what_was_learned_halves_with_its_half_life_and_ends(weight: float) -> None:
    assert decay_weight(weight, THEN, THEN) == weight
    assert decay_weight(weight, THEN, THEN + HALF_LIFE) == pytest.approx(weight / 2)
    assert decay_weight(weight, THEN, THEN + 4 * HALF_LIFE) == 0.0
    assert decay_weight(MIN_WEIGHT, THEN, THEN + timedelta(days=1)) == 0.0


def test_a_clock_that_went_back_adds_no_weight() -> None:
    assert decay_weight(0.5, THEN, THEN - HALF_LIFE) == 0.5
