"""What is due about one deal close together is one message: the step its owner booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel_templates import load_funnel
from kb.funnel.stall import (
    CLOSE_TOGETHER,
    DealFacts,
    find_attention,
    find_stall_time,
    is_step_booked,
)
from kb.states import DealStatus
from tests.kb.funnel.strategies import calendars, moments

FUNNEL = load_funnel("odds6")
STAGES = st.sampled_from([stage.key for stage in FUNNEL.stages])
MINUTE = timedelta(minutes=1)
MINUTES = int(CLOSE_TOGETHER / MINUTE)


@st.composite
def far_steps(draw: st.DrawFn, calendar: WorkCalendar) -> DealFacts:
    """A deal whose step lies beyond the cap, so that it may stall before."""
    since = draw(moments(calendar.zone))
    facts = DealFacts(draw(STAGES), DealStatus.LIVE, last_activity_at=since)
    rhythm = draw(st.integers(200, 260))  # a patience that ends about when such a step comes
    stall = find_stall_time(replace(facts, rhythm=rhythm), FUNNEL, calendar)
    step = stall + draw(st.integers(-2 * MINUTES, 2 * MINUTES)) * MINUTE
    return replace(facts, rhythm=rhythm, next_step_at=step)


@given(data=st.data(), calendar=calendars())
def test_no_stall_is_asked_about_right_before_the_step_comes(
    data: st.DataObject, calendar: WorkCalendar
) -> None:
    facts = data.draw(far_steps(calendar))
    step = facts.next_step_at
    assert step is not None
    assert not is_step_booked(facts, FUNNEL)
    first = find_attention(facts, FUNNEL, calendar, facts.last_activity_at)
    assert first is not None
    if first.kind == "stall":
        assert step - first.at > CLOSE_TOGETHER
    else:
        assert first.at == step
    following = find_attention(replace(facts, nudges_sent=1), FUNNEL, calendar, first.at)
    assert following is not None
    assert abs(following.at - first.at) > CLOSE_TOGETHER or following.kind == "step" != first.kind


@given(data=st.data(), calendar=calendars(), sent=st.integers(0, 4))
def test_the_manager_s_turn_is_not_the_owner_s_message(
    data: st.DataObject, calendar: WorkCalendar, sent: int
) -> None:
    facts = replace(data.draw(far_steps(calendar)), nudges_sent=sent)
    found = find_attention(facts, FUNNEL, calendar, facts.last_activity_at)
    alone = find_attention(
        replace(facts, next_step_at=None), FUNNEL, calendar, facts.last_activity_at
    )
    if found is not None and alone is not None and alone.kind == "escalate":
        assert found.at <= alone.at
