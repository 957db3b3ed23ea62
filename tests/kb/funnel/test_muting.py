"""A rule is muted where enough of its nudges had their time and hardly any was acted on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.muting import ENOUGH_NUDGES, MONTH, TIME_TO_ACT, Outcome, Tally, tally_outcomes

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ignore(count: int, ago: timedelta = timedelta(days=5)) -> list[Outcome]:
    return [Outcome(NOW - ago) for _ in range(count)]


def act(count: int, after: timedelta = HOUR) -> list[Outcome]:
    sent = NOW - timedelta(days=5)
    return [Outcome(sent, sent + after) for _ in range(count)]


@pytest.mark.parametrize(
    ("outcomes", "is_ignored"),
    [
        (ignore(ENOUGH_NUDGES), True),
        (ignore(ENOUGH_NUDGES - 1), False),
        (ignore(9) + act(1), False),  # one in ten is not less than one in ten
        (ignore(10) + act(1), True),
        (ignore(10) + act(1, after=TIME_TO_ACT), True),  # done too late to be for the nudge
        (ignore(9) + ignore(1, ago=TIME_TO_ACT - HOUR), False),  # that one still has its time
        (ignore(9) + ignore(9, ago=MONTH + HOUR), False),  # those are of another month
        ([], False),
    ],
)
def test_only_enough_nudges_that_had_their_time_tell(
    outcomes: list[Outcome], is_ignored: bool
) -> None:
    assert tally_outcomes(outcomes, NOW).is_ignored is is_ignored


def test_whoever_switched_it_on_again_starts_anew() -> None:
    assert tally_outcomes(ignore(30), NOW, back_at=NOW - timedelta(days=4)) == Tally()


def outcomes() -> st.SearchStrategy[Outcome]:
    spans = st.timedeltas(timedelta(0), timedelta(days=40))
    return st.builds(
        lambda ago, after: Outcome(NOW - ago, NOW - ago + after if after else None),
        spans,
        st.none() | spans,
    )


@given(st.lists(outcomes(), max_size=40))
def test_a_rule_acted_on_one_time_in_ten_is_never_muted(sent: list[Outcome]) -> None:
    tally = tally_outcomes(sent, NOW)
    assert 0 <= tally.acted <= tally.sent <= len(sent)
    assert tally.is_ignored is (tally.sent >= ENOUGH_NUDGES and 10 * tally.acted < tally.sent)
    if tally.is_ignored:
        assert tally.percent < 10


@given(st.lists(outcomes(), max_size=40))
def test_acting_on_one_more_never_mutes(sent: list[Outcome]) -> None:
    once_more = [*sent, Outcome(NOW - HOUR, NOW)]
    assert tally_outcomes(sent, NOW).is_ignored or not tally_outcomes(once_more, NOW).is_ignored
