"""What the pieces of an expression state, and which of them go together."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.moments.pieces import (
    Clock,
    Piece,
    TimeFields,
    build_year_edge,
    compile_rules,
    find_pieces,
    merge,
)

FRIDAY, THREE = TimeFields(weekday=4), TimeFields(clock=Clock(3))
AFTERNOON, NEXT_WEEK = TimeFields(part="afternoon"), TimeFields(weeks=1)
DECEMBER, NEXT_MONTH = TimeFields(month=12), TimeFields(months=1)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (FRIDAY, THREE, TimeFields(weekday=4, clock=Clock(3))),
        (AFTERNOON, THREE, TimeFields(part="afternoon", clock=Clock(3))),
        (FRIDAY, NEXT_WEEK, TimeFields(weekday=4, weeks=1)),
        (FRIDAY, TimeFields(month=12, day=3), TimeFields(weekday=4, month=12, day=3)),
        (TimeFields(shift=7), FRIDAY, TimeFields(shift=7, weekday=4)),
        (TimeFields(days=14), FRIDAY, TimeFields(days=14, weekday=4)),
    ],
)
def test_pieces_about_one_time_are_one(
    one: TimeFields, other: TimeFields, both: TimeFields
) -> None:
    assert merge(one, other) == merge(other, one) == both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FRIDAY, TimeFields(weekday=0)),
        (THREE, TimeFields(clock=Clock(4))),
        (DECEMBER, NEXT_MONTH),
        (TimeFields(days=1), TimeFields(month=12, day=3)),
        (TimeFields(days=3), FRIDAY),
        (TimeFields(minutes=30), THREE),
        (NEXT_WEEK, THREE),
        (TimeFields(past=True), FRIDAY),
    ],
)
def test_pieces_about_different_times_stay_apart(one: TimeFields, other: TimeFields) -> None:
    assert merge(one, other) is merge(other, one) is None


def test_nothing_changes_by_a_piece_that_states_nothing() -> None:
    for fields in (FRIDAY, THREE, DECEMBER, NEXT_WEEK):
        assert merge(fields, TimeFields()) == fields


@pytest.mark.parametrize(
    ("fields", "dated", "timed", "period"),
    [
        (FRIDAY, True, False, False),
        (THREE, False, True, False),
        (TimeFields(minutes=30), True, True, False),
        (NEXT_WEEK, True, False, True),
        (DECEMBER, True, False, True),
        (TimeFields(month=12, edge="end"), True, False, False),
        (TimeFields(days=0), True, False, False),
        (TimeFields(), False, False, False),
    ],
)
def test_a_day_a_time_and_a_period_are_told_apart(
    fields: TimeFields, dated: bool, timed: bool, period: bool
) -> None:
    assert (fields.is_dated, fields.is_timed, fields.is_period) == (dated, timed, period)


def test_a_field_is_stated_even_where_it_is_zero() -> None:
    assert TimeFields(days=0).has("days")
    assert TimeFields(weekday=0).has("days", "weekday")
    assert not TimeFields(weekend=False).has("weekend")


def test_rules_find_every_piece_even_where_they_overlap() -> None:
    rules = compile_rules(
        (("fri", "anywhere", lambda _: FRIDAY), ("fri 3", "joined", lambda _: THREE)),
        before=r"(?<!\w)",
        behind=r"(?!\w)",
    )
    assert list(find_pieces(rules, "on fri 3, friday")) == [
        Piece(3, 6, FRIDAY), Piece(3, 8, THREE, "joined")
    ]  # fmt: skip


def test_a_rule_that_reads_nothing_finds_no_piece() -> None:
    rules = compile_rules((("fri", "anywhere", lambda _: None),))
    assert list(find_pieces(rules, "fri")) == []


def test_a_word_begins_where_chinese_ends() -> None:
    rules = compile_rules(((r"\bfri\b", "anywhere", lambda _: FRIDAY),))
    assert list(find_pieces(rules, "约fri见")) == [Piece(1, 4, FRIDAY)]


def test_the_edges_of_a_year_are_months() -> None:
    assert build_year_edge("start") == TimeFields(month=1, edge="start")
    assert build_year_edge("mid") == TimeFields(month=6, edge="end")
    assert build_year_edge("end") == TimeFields(month=12, edge="end")


NUMBERS = [
    field.name for field in dataclasses.fields(TimeFields)
    if field.name not in ("weekend", "today_too", "edge", "part", "clock", "past", "impossible")
]  # fmt: skip
SOME_FIELDS = st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 12), max_size=3)


@given(SOME_FIELDS, SOME_FIELDS)
def test_the_order_of_two_pieces_does_not_matter(
    one: dict[str, int], other: dict[str, int]
) -> None:
    first, second = TimeFields(**one), TimeFields(**other)  # type: ignore[arg-type]  # only numbers
    both = merge(first, second)
    assert both == merge(second, first)
    if both is not None:
        assert not one.keys() & other.keys()
        assert all(getattr(both, name) == value for name, value in {**one, **other}.items())
