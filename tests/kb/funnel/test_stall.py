"""Attention, by example: the step's time, the end of patience, the repeats, the waking."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stall import (
    Attention,
    DealFacts,
    Reason,
    count_idle_working_days,
    explain,
    find_attention,
    find_step_fault,
    is_step_booked,
)
from kb.states import DealStatus

FUNNEL = load_funnel("odds6")
BERLIN = WorkCalendar("Europe/Berlin", time(9), time(18), frozenset({0, 1, 2, 3, 4}))
CAP = timedelta(days=FUNNEL.stage("negotiation").cap_days)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026, in which Berlin is an hour ahead; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


OFFER = DealFacts("negotiation", DealStatus.LIVE, last_activity_at=berlin(5, 15))


def due(facts: DealFacts, now: datetime | None = None) -> tuple[datetime, str, int] | None:
    found = find_attention(facts, FUNNEL, BERLIN, now)
    return None if found is None else (found.at, found.kind, found.n)


def test_after_an_offer_nobody_called_back_about_the_nudge_comes_on_the_second_working_day() -> (
    None
):
    assert find_attention(OFFER, FUNNEL, BERLIN) == Attention(
        berlin(9, 15), "stall", 1, Reason("negotiation", days=2, patience=2)
    )


def test_patience_counts_in_working_days_only() -> None:
    late = replace(OFFER, last_activity_at=berlin(6, 21))
    assert due(late) == (berlin(11, 9), "stall", 1)


@pytest.mark.parametrize(
    ("stage", "at"),
    [
        ("opportunity", berlin(6, 15)),
        ("qualified", berlin(10, 15)),
        ("demo", berlin(10, 15)),
        ("decider", berlin(11, 15)),
        ("negotiation", berlin(9, 15)),
        ("signed", berlin(12, 15)),
    ],
)
def test_every_stage_has_its_own_patience(stage: str, at: datetime) -> None:
    assert due(replace(OFFER, stage=stage)) == (at, "stall", 1)


def test_a_booked_step_comes_at_its_own_minute_even_at_night_and_holds_the_stall_back() -> None:
    sunday_night = berlin(22, 23, 47)
    assert due(replace(OFFER, next_step_at=sunday_night)) == (sunday_night, "step", 1)


def test_a_step_that_came_due_while_nobody_looked_is_still_due() -> None:
    missed = replace(OFFER, next_step_at=berlin(6, 10))
    assert due(missed, now=berlin(20, 12)) == (berlin(6, 10), "step", 1)


def test_a_step_just_within_the_cap_counts_and_one_beyond_it_does_not() -> None:
    within = replace(OFFER, next_step_at=OFFER.last_activity_at + CAP)
    beyond = replace(OFFER, next_step_at=OFFER.last_activity_at + CAP + timedelta(minutes=1))
    assert is_step_booked(within, FUNNEL)
    assert due(within) == (within.next_step_at, "step", 1)
    assert not is_step_booked(beyond, FUNNEL)
    assert due(beyond) == (berlin(9, 15), "stall", 1)


@pytest.mark.parametrize("sent", [1, 2, 3])
def test_a_step_beyond_the_cap_keeps_its_moment_after_the_nudges_before_it(sent: int) -> None:
    moment = OFFER.last_activity_at + CAP + timedelta(days=1)
    nudged = replace(OFFER, next_step_at=moment, nudges_sent=sent)
    assert due(nudged, now=moment - timedelta(hours=1)) == (moment, "step", sent + 1)


def test_a_step_beyond_the_cap_that_has_passed_is_what_is_asked_about_again() -> None:
    moment = OFFER.last_activity_at + CAP + timedelta(days=1)
    passed = replace(OFFER, next_step_at=moment, nudges_sent=1)
    found = due(passed, now=moment)
    assert found is not None
    assert found[1:] == ("step", 2)


def test_a_step_beyond_the_cap_is_not_repeated_for_ever() -> None:
    moment = OFFER.last_activity_at + CAP + timedelta(days=1)
    done = replace(OFFER, next_step_at=moment, nudges_sent=5)
    assert due(done) is None
    assert due(done, now=moment) is None


@pytest.mark.parametrize(
    ("sent", "now", "at"),
    [(1, berlin(9, 15), berlin(11, 15)), (2, berlin(11, 15), berlin(17, 15))],
)
def test_an_unanswered_nudge_comes_back_after_two_and_then_four_working_days(
    sent: int, now: datetime, at: datetime
) -> None:
    assert due(replace(OFFER, nudges_sent=sent), now) == (at, "stall", sent + 1)
    assert due(replace(OFFER, nudges_sent=sent)) == (at, "stall", sent + 1)


def test_after_three_nudges_it_is_the_managers_turn_and_then_the_digest_carries_the_deal() -> None:
    assert due(replace(OFFER, nudges_sent=3), berlin(17, 15)) == (berlin(19, 15), "escalate", 4)
    assert due(replace(OFFER, nudges_sent=4), berlin(19, 15)) is None
    assert (
        find_step_fault(replace(OFFER, nudges_sent=3), FUNNEL, BERLIN, berlin(17, 15)) == "stalled"
    )


def test_whoever_slept_through_a_nudge_is_not_sent_the_next_one_at_once() -> None:
    sent_late = berlin(23, 10)
    assert due(replace(OFFER, nudges_sent=1), sent_late) == (berlin(25, 10), "stall", 2)


def test_an_unanswered_step_is_repeated_in_working_hours() -> None:
    nudged = replace(OFFER, next_step_at=berlin(8, 22), nudges_sent=1)
    assert due(nudged, now=berlin(8, 22)) == (berlin(11, 9), "step", 2)


@pytest.mark.parametrize("status", [DealStatus.WON, DealStatus.LOST, DealStatus.WITHDRAWN])
def test_a_closed_deal_is_left_alone(status: DealStatus) -> None:
    closed = replace(OFFER, status=status, next_step_at=berlin(9, 10))
    assert due(closed) is None
    assert find_step_fault(closed, FUNNEL, BERLIN, berlin(30, 12)) is None


@pytest.mark.parametrize(
    ("until", "wakes"),
    [(date(2026, 11, 12), berlin(12, 9)), (date(2026, 11, 14), berlin(16, 9))],
)
def test_a_parked_deal_wakes_when_work_begins_on_its_day_or_the_first_working_day_after(
    until: date, wakes: datetime
) -> None:
    asleep = replace(OFFER, status=DealStatus.PARKED, parked_until=until)
    assert due(asleep) == (wakes, "unpark", 1)
    assert find_step_fault(asleep, FUNNEL, BERLIN, berlin(30, 12)) is None


def test_a_parked_deal_that_nobody_wakes_is_asked_about_three_times() -> None:
    asleep = replace(OFFER, status=DealStatus.PARKED, parked_until=date(2026, 11, 12))
    assert due(replace(asleep, nudges_sent=1), berlin(12, 9)) == (berlin(16, 9), "unpark", 2)
    assert due(replace(asleep, nudges_sent=2), berlin(16, 9)) == (berlin(20, 9), "unpark", 3)
    assert due(replace(asleep, nudges_sent=3), berlin(20, 9)) is None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Honolulu"])
def test_a_deal_parked_until_the_end_of_time_is_no_error(zone: str) -> None:
    asleep = replace(OFFER, status=DealStatus.PARKED, parked_until=date.max)
    found = find_attention(asleep, FUNNEL, replace(BERLIN, zone=zone))
    assert found is not None
    assert found.at > datetime(8999, 12, 31, tzinfo=UTC)


def test_a_step_at_the_end_of_time_is_no_error() -> None:
    far = replace(OFFER, next_step_at=datetime.max.replace(tzinfo=UTC), nudges_sent=4)
    found = find_attention(far, FUNNEL, replace(BERLIN, zone="Pacific/Kiritimati"))
    assert found is not None
    assert found.at == far.next_step_at


def test_a_deal_is_stalled_from_the_moment_its_patience_ends() -> None:
    moment = berlin(9, 15)
    assert find_step_fault(OFFER, FUNNEL, BERLIN, moment - timedelta(seconds=1)) == "no_step"
    assert find_step_fault(OFFER, FUNNEL, BERLIN, moment) == "stalled"


def test_a_deal_whose_step_has_passed_is_overdue_and_never_stalled() -> None:
    missed = replace(OFFER, next_step_at=berlin(6, 10))
    assert find_step_fault(missed, FUNNEL, BERLIN, berlin(6, 9)) is None
    assert find_step_fault(missed, FUNNEL, BERLIN, berlin(6, 10)) == "overdue"
    assert find_step_fault(missed, FUNNEL, BERLIN, berlin(10, 9)) == "overdue"
    far = replace(OFFER, next_step_at=OFFER.last_activity_at + 2 * CAP)
    assert far.next_step_at is not None
    found = find_attention(replace(far, nudges_sent=1), FUNNEL, BERLIN, far.next_step_at)
    assert found is not None
    assert found.kind == "step"


def test_a_step_too_far_away_holds_no_stall_back() -> None:
    far = replace(OFFER, next_step_at=OFFER.last_activity_at + 2 * CAP)
    assert find_step_fault(far, FUNNEL, BERLIN, berlin(9, 15)) == "stalled"


def test_the_reason_counts_the_working_days_without_activity() -> None:
    now = berlin(12, 15)
    assert explain(OFFER, FUNNEL, BERLIN, now) == Reason("negotiation", days=5, patience=2)
    assert count_idle_working_days(OFFER, BERLIN, now) == 5
