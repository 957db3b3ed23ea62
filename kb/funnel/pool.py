"""When an untouched lead goes back to its team's pool, and when its owner is told that it will.

The rule: so many working days of the owner without activity in a funnel's first stage, counted
from the last activity or the booked step, whichever is later. The owner is told a working day
before; a lead of whose return nobody could be told waits until somebody could.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel import Funnel
from kb.funnel.stall import DealFacts, booked

SHORTEST, LONGEST = 2, 60  # working days
TOLD_BEFORE = 1  # working day
LEAD = "opportunity"  # the default funnel's first stage; other funnels' say that they are like it


@dataclass(frozen=True)
class Turn:
    """What the rule does next, and when (aware UTC, in working hours): warn, or give it back."""

    at: datetime
    kind: Literal["warn", "pool"]


def is_lead(stage: str, funnel: Funnel) -> bool:
    """Whether a deal in this stage is a lead still."""
    return stage == funnel.stages[0].key or funnel.like(stage) == LEAD


def turn(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, warned_at: datetime | None
) -> Turn | None:
    """The rule's next act on a deal; None where it has none. It may lie in the past.

    `warned_at` is when its owner was last told; what they were told before the last activity no
    longer counts.
    """
    days = funnel.pool_days
    if days <= 0 or facts.status != "live" or not is_lead(facts.stage, funnel):
        return None
    since = touched_at(facts, funnel)
    if warned_at is None or warned_at < since:
        return Turn(calendar.add_working_days(since, max(0, days - TOLD_BEFORE)), "warn")
    told = calendar.add_working_days(warned_at, TOLD_BEFORE)
    return Turn(max(calendar.add_working_days(since, days), told), "pool")


def touched_at(facts: DealFacts, funnel: Funnel) -> datetime:
    """From when on a lead counts as untouched."""
    step = facts.next_step_at
    if step is None or not booked(facts, funnel):
        return facts.last_activity_at
    return max(facts.last_activity_at, step)
