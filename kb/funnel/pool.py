"""When an untouched lead goes back to its team's pool, and when its owner is warned of it.

The rule: so many working days of the owner without activity in a funnel's first stage, counted
from the last activity or the booked step, whichever is later. The owner is warned a working day
before; a lead whose owner could not be warned waits until they could.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import DealFacts, is_step_booked
from kb.states import DealStatus

SHORTEST, LONGEST = 2, 60  # working days
WARN_BEFORE = 1  # working day
LEAD = "opportunity"  # the default funnel's first stage; other funnels' say that they are like it


@dataclass(frozen=True)
class PoolAct:
    """What happens to an untouched lead next, and when: its owner is warned, or it goes back."""

    at: datetime  # aware UTC, in working hours
    kind: Literal["warn", "pool"]


def is_lead(stage: str, funnel: Funnel) -> bool:
    """Whether a deal in this stage is a lead still."""
    return stage == funnel.stages[0].key or funnel.like(stage) == LEAD


def decide_pool_act(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, warned_at: datetime | None
) -> PoolAct | None:
    """What the rule does with a deal next; None where it does nothing. It may lie in the past.

    `warned_at` is when its owner was last warned; a warning before the last activity no longer
    counts.
    """
    days = funnel.pool_days
    if days <= 0:
        return None  # the team has no pool
    if facts.status != DealStatus.LIVE:
        return None  # parked, closed, or in the pool already
    if not is_lead(facts.stage, funnel):
        return None  # past the first stage a deal stays its owner's
    touched_at = find_last_touch(facts, funnel)
    if warned_at is None or warned_at < touched_at:
        return PoolAct(calendar.add_working_days(touched_at, max(0, days - WARN_BEFORE)), "warn")
    earliest = calendar.add_working_days(warned_at, WARN_BEFORE)
    return PoolAct(max(calendar.add_working_days(touched_at, days), earliest), "pool")


def find_last_touch(facts: DealFacts, funnel: Funnel) -> datetime:
    """The instant from which a lead counts as untouched: its last activity, or the booked step."""
    step = facts.next_step_at
    if step is None or not is_step_booked(facts, funnel):
        return facts.last_activity_at
    return max(facts.last_activity_at, step)
