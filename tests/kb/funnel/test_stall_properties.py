"""Attention for any deal, calendar and sweep: never too early, never too often, never forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stall import (
    ESCALATE_AFTER,
    MOST_NUDGES,
    REPEAT_AFTER,
    Attention,
    DealFacts,
    find_attention,
    find_step_fault,
)
from kb.states import DealStatus
from tests.kb.funnel.strategies import calendars, moments, zones

FUNNEL = load_funnel("odds6")
STAGES = st.sampled_from([stage.key for stage in FUNNEL.stages])
MINUTE = timedelta(minutes=1)
YEAR = 365 * 24 * 60  # minutes


@st.composite
def deals(
    draw: st.DrawFn, calendar: WorkCalendar, status: DealStatus = DealStatus.LIVE
) -> DealFacts:
    """A deal without a next step."""
    since = draw(moments(calendar.zone))
    return DealFacts(draw(STAGES), status, last_activity_at=since)


def cap_of(facts: DealFacts) -> int:
    return FUNNEL.stage(facts.stage).cap_days * 24 * 60


@given(data=st.data(), calendar=calendars(), sent=st.integers(0, 6))
def test_no_deal_with_a_booked_step_is_ever_called_stalled(
    data: st.DataObject, calendar: WorkCalendar, sent: int
) -> None:
    facts = data.draw(deals(calendar))
    ahead = data.draw(st.integers(1, cap_of(facts)))
    moment = facts.last_activity_at + ahead * MINUTE
    booked = replace(facts, next_step_at=moment, nudges_sent=sent)
    now = moment - data.draw(st.integers(1, ahead)) * MINUTE
    found = find_attention(booked, FUNNEL, calendar, now)
    assert found is None or (found.kind == "step" and found.at >= moment)
    assert find_step_fault(booked, FUNNEL, calendar, now) is None


@given(data=st.data(), calendar=calendars())
def test_a_booked_step_comes_at_exactly_its_time(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(deals(calendar))
    moment = facts.last_activity_at + data.draw(st.integers(1, cap_of(facts))) * MINUTE
    found = find_attention(replace(facts, next_step_at=moment), FUNNEL, calendar)
    assert found is not None
    assert (found.at, found.kind, found.n) == (moment, "step", 1)


@given(data=st.data(), calendar=calendars())
def test_every_live_deal_without_a_step_is_due_in_working_hours_when_its_patience_ends(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(deals(calendar))
    found = find_attention(facts, FUNNEL, calendar)
    assert found is not None
    assert found.kind == "stall"
    assert calendar.is_working(found.at)
    assert found.why.days == found.why.patience == FUNNEL.stage(facts.stage).patience


@given(data=st.data(), zone=zones)
def test_in_an_ordinary_week_it_is_due_within_its_patience_and_the_weekends(
    data: st.DataObject, zone: str
) -> None:
    calendar = WorkCalendar(zone, time(9), time(18), frozenset(range(5)))
    facts = data.draw(deals(calendar))
    patience = FUNNEL.stage(facts.stage).patience
    found = find_attention(facts, FUNNEL, calendar)
    assert found is not None
    slack = timedelta(days=3, hours=2)  # a Friday evening to Monday morning, and a clock change
    weekends = 2 * (patience // 5 + 1)
    waited = found.at - facts.last_activity_at
    assert timedelta(days=patience, hours=-2) <= waited
    assert waited <= timedelta(days=patience + weekends) + slack


@given(data=st.data(), calendar=calendars())
def test_a_deal_is_stalled_exactly_from_when_its_nudge_is_due(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(deals(calendar))
    found = find_attention(facts, FUNNEL, calendar)
    assert found is not None
    assert find_step_fault(facts, FUNNEL, calendar, found.at) == "stalled"
    just_before = found.at - timedelta(microseconds=1)
    assert find_step_fault(facts, FUNNEL, calendar, just_before) == "no_step"


@given(data=st.data(), calendar=calendars())
def test_a_parked_deal_sleeps_until_its_day_and_is_asked_about_in_working_hours(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(deals(calendar, DealStatus.PARKED))
    until = calendar.local(facts.last_activity_at).date() + timedelta(
        days=data.draw(st.integers(1, 400))
    )
    found = find_attention(replace(facts, parked_until=until), FUNNEL, calendar)
    assert found is not None
    assert found.kind == "unpark"
    assert calendar.local(found.at).date() >= until
    assert calendar.is_working(found.at)


@given(data=st.data(), calendar=calendars())
def test_however_late_the_sweeps_nudges_are_few_and_far_between(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(deals(calendar))
    naps = st.sampled_from([1, 60, 60 * 24, 60 * 24 * 14])
    found = run_sweeps(facts, calendar, data.draw(st.lists(naps, max_size=60)))
    sent = [at for at, due in found if due.kind != "escalate"]
    assert len(sent) <= MOST_NUDGES
    assert len(found) - len(sent) <= 1
    for number, days in enumerate(REPEAT_AFTER[: max(0, len(sent) - 1)]):
        assert calendar.working_days_between(sent[number], sent[number + 1]) >= days


@given(data=st.data(), calendar=calendars())
def test_a_deal_nobody_touches_gets_three_nudges_then_goes_to_the_manager_and_then_peace(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(deals(calendar))
    found = [due for _, due in run_sweeps(facts, calendar)]
    assert [due.kind for due in found] == ["stall"] * 3 + ["escalate"]
    assert all(calendar.is_working(due.at) for due in found)
    told, seen = found[-2].at, found[-1].at
    assert calendar.working_days_between(told, seen) >= ESCALATE_AFTER
    assert find_attention(replace(facts, nudges_sent=4), FUNNEL, calendar, seen) is None


@given(data=st.data(), calendar=calendars())
def test_a_step_beyond_the_cap_is_reminded_of_at_its_time_whatever_came_before(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(deals(calendar))
    ahead = cap_of(facts) + data.draw(st.integers(1, YEAR))
    moment = facts.last_activity_at + ahead * MINUTE
    found = [due for _, due in run_sweeps(replace(facts, next_step_at=moment), calendar)]
    assert moment in {due.at for due in found if due.kind == "step"}
    assert len(found) <= MOST_NUDGES + 2
    assert all(due.at < moment for due in found if due.kind == "stall")


def run_sweeps(
    facts: DealFacts, calendar: WorkCalendar, naps: list[int] | None = None
) -> list[tuple[datetime, Attention]]:
    """What a sweep sends, and when, if it sleeps so many minutes between its rounds.

    Without naps it comes the very moment something is due.
    """
    found: list[tuple[datetime, Attention]] = []
    now = facts.last_activity_at
    stored = find_attention(facts, FUNNEL, calendar, now)
    for nap in naps if naps is not None else [0] * 10:
        if stored is None:
            break
        now = stored.at if naps is None else now + nap * MINUTE
        if stored.at <= now:
            found.append((now, stored))
            facts = replace(facts, nudges_sent=facts.nudges_sent + 1)
            stored = find_attention(facts, FUNNEL, calendar, now)
    return found
