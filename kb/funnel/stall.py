"""When a deal next deserves attention: its next step's time, or the end of its stage's patience.

The rule: a live deal with a future next step is never called stalled. Without one, the stage's
patience counts in the owner's working time from the last activity. An unanswered nudge is repeated
after two and then four more working days, three at most; the morning digest carries it from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stage import Funnel

Kind = Literal["step", "stall", "unpark"]
REPEATED_AFTER = (2, 4)  # working days after the first and the second nudge


@dataclass(frozen=True)
class DealFacts:
    """What the rule needs of a deal; instants are aware UTC, `parked_until` a local day."""

    stage: str
    status: str
    stage_since: datetime
    last_activity_at: datetime
    next_step_at: datetime | None = None
    parked_until: date | None = None
    nudges_sent: int = 0


@dataclass(frozen=True)
class Attention:
    """When (aware UTC), why, and which nudge in a row it is, from 1."""

    at: datetime
    kind: Kind
    n: int


def attention(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar) -> Attention | None:
    """The next time the deal deserves a nudge; None when nothing more is to be said.

    The time may lie in the past: it then came due while nobody looked.
    """
    if facts.status == "parked":
        return _unpark(facts, calendar)
    if facts.status != "live":
        return None
    if facts.next_step_at is None:
        return _repeated(stalls_at(facts, funnel, calendar), "stall", facts, calendar)
    step = _repeated(facts.next_step_at, "step", facts, calendar)
    if booked(facts, funnel) or step is None:
        return step
    stall = _repeated(stalls_at(facts, funnel, calendar), "stall", facts, calendar)
    return stall if stall is not None and stall.at < step.at else step


def booked(facts: DealFacts, funnel: Funnel) -> bool:
    """Whether the deal's next step is near enough to count: within the stage's cap."""
    cap = timedelta(days=funnel.stage(facts.stage).cap_days)
    return facts.next_step_at is not None and facts.next_step_at - facts.last_activity_at <= cap


def stalls_at(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar) -> datetime:
    """The instant the stage's patience ends, inside working hours."""
    patience = funnel.stage(facts.stage).patience
    return calendar.add_working_days(facts.last_activity_at, patience)


def is_stalled(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether a live deal has no future next step and its patience has ended."""
    if facts.status != "live":
        return False
    future = facts.next_step_at is not None and facts.next_step_at > now
    if future and booked(facts, funnel):
        return False
    return stalls_at(facts, funnel, calendar) <= now


def idle_working_days(facts: DealFacts, calendar: WorkCalendar, now: datetime) -> int:
    """Whole working days since the last activity: what the patience is measured against."""
    return calendar.working_days_between(facts.last_activity_at, now)


def days_in_stage(facts: DealFacts, now: datetime) -> int:
    """Whole days since the deal came into its stage."""
    return max(0, (now - facts.stage_since) // timedelta(days=1))


def _unpark(facts: DealFacts, calendar: WorkCalendar) -> Attention | None:
    if facts.parked_until is None or facts.nudges_sent:
        return None
    morning = calendar.at_local(facts.parked_until, calendar.start)
    return Attention(calendar.next_working(morning), "unpark", 1)


def _repeated(
    first: datetime, kind: Kind, facts: DealFacts, calendar: WorkCalendar
) -> Attention | None:
    sent = facts.nudges_sent
    if sent > len(REPEATED_AFTER):
        return None
    at = first
    for days in REPEATED_AFTER[:sent]:
        at = calendar.add_working_days(at, days)
    return Attention(at, kind, sent + 1)
