"""When a deal next deserves attention: its next step's time, or the end of its stage's patience.

The rule: a live deal with a future next step within the stage's cap is never called stalled.
Without one, the stage's patience counts in the owner's working time from the last activity. An
unanswered nudge is repeated after two and then four more working days, three in all. After as many
as the stage's ladder allows the owner's manager is told, two working days after the last; the
morning digest carries the deal from there.

One stored `attention` per deal is all a sweep needs: recomputed at every change of the deal (which
is activity and sets `nudges_sent` to 0) and after every nudge (which adds one to it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.funnel import Funnel

Kind = Literal["step", "stall", "unpark", "escalate"]
REPEATED_AFTER = (2, 4)  # working days after the first and the second nudge
MOST_NUDGES = 1 + len(REPEATED_AFTER)
ESCALATED_AFTER = 2  # working days after the last nudge, of which the owner was told in it
CLOSE = timedelta(hours=4)  # what is due about one deal within so long is one message
NEVER = -1  # a rhythm: this deal's owner wants to hear of its next step only
FARTHEST = date(9000, 1, 1)  # the calendar itself ends soon after


@dataclass(frozen=True)
class DealFacts:
    """What the rule needs of a deal; instants are aware UTC, `parked_until` a local day.

    `nudges_sent` counts the nudges since the last activity. `rhythm` is the deal's own patience in
    working days: 0 for the stage's, NEVER for no end of it.
    """

    stage: str
    status: str
    stage_since: datetime
    last_activity_at: datetime
    next_step_at: datetime | None = None
    parked_until: date | None = None
    nudges_sent: int = 0
    rhythm: int = 0


@dataclass(frozen=True)
class Reason:
    """Why: `days` working days without activity in `stage`; so many is the patience."""

    stage: str
    days: int
    patience: int


@dataclass(frozen=True)
class Attention:
    """When (aware UTC), what for, which nudge in a row it is from 1, and why (as of then)."""

    at: datetime
    kind: Kind
    n: int
    why: Reason


def attention(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime | None = None
) -> Attention | None:
    """The next time the deal deserves a nudge; None when nothing more is to be said.

    The time may lie in the past: it came due while nobody looked, or a passed step is due anew
    after some other activity (the nudge's own key, made of the step's time and `n`, keeps it from
    being sent twice). A step's first nudge keeps the step's exact instant; all others lie in
    working hours. Nudges are repeated counting from `now`, so that whoever slept through two of
    them gets one; without `now`, from when the one before was due.
    """
    coming = _coming(facts, funnel, calendar, now or facts.last_activity_at)
    if not coming:
        return None
    at, kind = _with_what_is_close(coming)
    return Attention(at, kind, facts.nudges_sent + 1, reason(facts, funnel, calendar, at))


def _with_what_is_close(coming: list[tuple[datetime, Kind]]) -> tuple[datetime, Kind]:
    """The first of what may come; the owner's step goes before a stall that is CLOSE to it."""
    at, kind = min(coming, key=lambda due: due[0])
    steps = [due for due in coming if due[1] == "step" and due[0] - at <= CLOSE]
    return steps[0] if steps and kind == "stall" else (at, kind)


def reason(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> Reason:
    """What a nudge says of why it came."""
    days = idle_working_days(facts, calendar, now)
    return Reason(facts.stage, days, patience_of(facts, funnel))


def patience_of(facts: DealFacts, funnel: Funnel) -> int:
    """How many working days may pass without activity: the deal's own rhythm, or its stage's."""
    return facts.rhythm if facts.rhythm > 0 else funnel.stage(facts.stage).patience


def booked(facts: DealFacts, funnel: Funnel) -> bool:
    """Whether the deal's next step, future or past, lay near enough to count: within the cap.

    The cap counts from the last activity, which is when the step was booked or spoken of.
    """
    cap = timedelta(days=funnel.stage(facts.stage).cap_days)
    return facts.next_step_at is not None and facts.next_step_at - facts.last_activity_at <= cap


def stalls_at(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar) -> datetime:
    """The instant the stage's patience ends, inside working hours."""
    return calendar.add_working_days(facts.last_activity_at, patience_of(facts, funnel))


def is_stalled(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether a live deal has no future next step that counts, and its patience has ended."""
    if facts.status != "live" or facts.rhythm == NEVER:
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


def _coming(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime
) -> list[tuple[datetime, Kind]]:
    """Every nudge the deal may get next; where two come at once, the first is the one to send."""
    if facts.status == "parked" and facts.parked_until is not None:
        morning = calendar.at_local(min(facts.parked_until, FARTHEST), calendar.start)
        return _repeated(calendar.next_working(morning), "unpark", facts, calendar, now)
    if facts.status != "live":
        return []
    ladder = funnel.stage(facts.stage).ladder
    if 0 < ladder <= facts.nudges_sent and facts.rhythm != NEVER:
        # Nobody is told of a deal whose step lies ahead, however long ago its owner was nudged.
        ahead = facts.next_step_at is not None and now < facts.next_step_at
        told = [] if ahead and booked(facts, funnel) else _escalated(facts, ladder, calendar, now)
        return [*_far_step(facts, calendar, now), *told]
    if booked(facts, funnel):
        return _step(facts, calendar, now)
    if facts.rhythm == NEVER:
        return _far_step(facts, calendar, now)
    stall = _repeated(stalls_at(facts, funnel, calendar), "stall", facts, calendar, now)
    return [*_far_step(facts, calendar, now), *stall]


def _step(facts: DealFacts, calendar: WorkCalendar, now: datetime) -> list[tuple[datetime, Kind]]:
    if facts.next_step_at is None:
        return []
    return _repeated(facts.next_step_at, "step", facts, calendar, now)


def _escalated(
    facts: DealFacts, ladder: int, calendar: WorkCalendar, now: datetime
) -> list[tuple[datetime, Kind]]:
    """The manager's turn, once: nothing more is said to the owner after it."""
    if facts.nudges_sent > ladder:
        return []
    return [(calendar.add_working_days(now, ESCALATED_AFTER), "escalate")]


def _far_step(
    facts: DealFacts, calendar: WorkCalendar, now: datetime
) -> list[tuple[datetime, Kind]]:
    """A step beyond the cap holds no stall back; its own moment is kept after any of them."""
    if facts.next_step_at is not None and now < facts.next_step_at:
        # Before it came at most all the stall's nudges, and the manager's turn.
        return [(facts.next_step_at, "step")] if facts.nudges_sent <= MOST_NUDGES + 1 else []
    return _step(facts, calendar, now)


def _repeated(
    first: datetime, kind: Kind, facts: DealFacts, calendar: WorkCalendar, now: datetime
) -> list[tuple[datetime, Kind]]:
    """The nudge that follows as many as were sent, if there is one more."""
    if facts.nudges_sent >= MOST_NUDGES:
        return []
    at = first
    gaps = REPEATED_AFTER[: facts.nudges_sent]
    for place, days in enumerate(gaps, start=1):
        since = max(at, now) if place == len(gaps) else at
        at = calendar.add_working_days(since, days)
    return [(at, kind)]
