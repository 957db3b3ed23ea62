"""The pool's rule: in working days only, never without a warning a working day before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.calendar import WorkCalendar
from kb.funnel.pool import LONGEST, SHORTEST, decide_pool_act
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stall import DealFacts
from kb.states import DealStatus
from tests.kb.funnel.strategies import calendars, moments

FUNNEL = load_funnel("odds6")
DAYS = st.integers(SHORTEST, LONGEST)


@st.composite
def leads(draw: st.DrawFn, calendar: WorkCalendar) -> DealFacts:
    since = draw(moments(calendar.zone))
    return DealFacts("opportunity", DealStatus.LIVE, last_activity_at=since)


@given(data=st.data(), calendar=calendars(), days=DAYS)
def test_a_lead_goes_back_after_its_working_days_and_no_sooner(
    data: st.DataObject, calendar: WorkCalendar, days: int
) -> None:
    facts, funnel = data.draw(leads(calendar)), replace(FUNNEL, pool_days=days)
    warn = decide_pool_act(facts, funnel, calendar, None)
    assert warn is not None
    assert warn.kind == "warn"
    late = timedelta(minutes=data.draw(st.integers(0, 60 * 24 * 30)))
    back = decide_pool_act(facts, funnel, calendar, warn.at + late)
    assert back is not None
    assert back.kind == "pool"
    assert calendar.working_days_between(facts.last_activity_at, back.at) >= days
    assert calendar.working_days_between(warn.at + late, back.at) >= 1
    assert all(calendar.is_working(each.at) for each in (warn, back))


@given(data=st.data(), calendar=calendars(), days=DAYS, hours=st.integers(1, 400))
def test_a_touch_begins_it_anew(
    data: st.DataObject, calendar: WorkCalendar, days: int, hours: int
) -> None:
    facts, funnel = data.draw(leads(calendar)), replace(FUNNEL, pool_days=days)
    touched = replace(facts, last_activity_at=facts.last_activity_at + timedelta(hours=hours))
    found = decide_pool_act(touched, funnel, calendar, facts.last_activity_at)
    assert found is not None
    assert found.kind == "warn"
    assert found.at > touched.last_activity_at


@given(data=st.data(), calendar=calendars(), days=DAYS)
def test_only_a_live_lead_of_a_team_with_a_pool_goes_back(
    data: st.DataObject, calendar: WorkCalendar, days: int
) -> None:
    facts, funnel = data.draw(leads(calendar)), replace(FUNNEL, pool_days=days)
    assert decide_pool_act(facts, FUNNEL, calendar, None) is None
    further = replace(facts, stage="qualified")
    asleep, pooled = (
        replace(facts, status=DealStatus.PARKED),
        replace(facts, status=DealStatus.POOLED),
    )
    assert [
        decide_pool_act(deal, funnel, calendar, None) for deal in (further, asleep, pooled)
    ] == [None] * 3


@given(data=st.data(), calendar=calendars(), days=DAYS, ahead=st.integers(1, 50))
def test_a_booked_step_is_waited_for(
    data: st.DataObject, calendar: WorkCalendar, days: int, ahead: int
) -> None:
    facts, funnel = data.draw(leads(calendar)), replace(FUNNEL, pool_days=days)
    step = facts.last_activity_at + timedelta(days=ahead)
    found = decide_pool_act(replace(facts, next_step_at=step), funnel, calendar, None)
    assert found is not None
    assert found.at > step
