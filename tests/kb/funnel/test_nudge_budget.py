"""A day's attention is shared: what was booked, then what is worth most, and never a flood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.nudge_budget import CATCH_UP, LATE, Due, Key, compute_worth, share_budget

Ids = tuple[int, ...]
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def due(deal_id: int, value: int = 1, *, booked: bool = False, hours_late: int = 0) -> Due:
    return Due(("deal", deal_id), NOW - timedelta(hours=hours_late), booked, Decimal(value))


def ids(keys: Iterable[Key]) -> Ids:
    return tuple(number for _, number in keys)


def test_what_was_booked_goes_first_and_then_what_is_worth_most() -> None:
    share = share_budget([due(1, 5), due(2, 9), due(3, 1, booked=True)], 2, NOW)
    assert (ids(share.sent), ids(share.folded), share.catch_up) == ((3, 2), (1,), False)


def test_a_budget_of_nothing_sends_only_what_was_booked() -> None:
    assert share_budget([due(1), due(2, booked=True)], 0, NOW).sent == (("deal", 2),)
    assert share_budget([due(1)], -3, NOW).sent == ()


def test_many_late_ones_are_one_digest_and_a_few_are_not() -> None:
    few = share_budget([due(n, hours_late=13) for n in range(CATCH_UP)], 9, NOW)
    assert (len(few.sent), few.catch_up) == (CATCH_UP, False)
    late = [due(n, hours_late=13) for n in range(CATCH_UP + 1)]
    many = share_budget([*late, due(99)], 9, NOW)
    assert (ids(many.sent), len(many.folded), many.catch_up) == ((99,), CATCH_UP + 1, True)


def test_worth_is_amount_by_chance_by_days() -> None:
    assert compute_worth(Decimal(100), 50, 3) == 15000
    assert compute_worth(None, 50, 3) == 150
    assert compute_worth(Decimal(100), 0, -1) == 100


@given(
    st.lists(st.tuples(st.integers(1, 1000), st.booleans(), st.integers(0, 72)), max_size=40),
    st.integers(-2, 12),
)
def test_each_is_sent_or_folded_once_and_only_what_is_booked_goes_beyond_what_is_left(
    rows: list[tuple[int, bool, int]], left: int
) -> None:
    dues = [due(n, value, booked=b, hours_late=h) for n, (value, b, h) in enumerate(rows)]
    share = share_budget(dues, left, NOW)
    assert sorted(ids(share.sent + share.folded)) == list(range(len(rows)))
    booked = {each.key for each in dues if each.booked}
    assert len(set(share.sent) - booked) <= max(0, left - len(booked & set(share.sent)))
    late = [each for each in dues if NOW - each.at > LATE]
    told_by_digest = {each.key for each in late} if share.catch_up else set()
    assert booked - told_by_digest <= set(share.sent)
    assert share.catch_up == (len(late) > CATCH_UP)


def test_what_is_booked_for_later_in_the_day_keeps_its_places() -> None:
    waiting = [due(number, number) for number in range(1, 5)]
    assert ids(share_budget(waiting, 3, NOW, ahead=2).sent) == (4,)
    assert share_budget(waiting, 3, NOW, ahead=3).sent == ()
    assert ids(share_budget([due(9, booked=True), *waiting], 3, NOW, ahead=2).sent) == (9,)
    assert ids(share_budget([due(9, booked=True), *waiting], 3, NOW, ahead=1).sent) == (9, 4)
