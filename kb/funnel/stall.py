"""When a deal next deserves attention: its next step's time, or the end of its stage's patience.

The rule: a live deal whose next step has passed is overdue, and nothing else; one with a future
next step within the stage's cap is never called stalled.
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
from kb.states import DealStatus

Kind = Literal["step", "stall", "unpark", "escalate"]
StepFault = Literal["overdue", "stalled", "no_step"]
STEP_FAULTS: tuple[StepFault, ...] = ("overdue", "stalled", "no_step")  # the worst first
Nudge = tuple[datetime, Kind]  # when it is due (aware UTC), and what for
REPEAT_AFTER = (2, 4)  # working days after the first and the second nudge
MOST_NUDGES = 1 + len(REPEAT_AFTER)
ESCALATE_AFTER = 2  # working days after the last nudge, which tells the owner of it
CLOSE_TOGETHER = timedelta(hours=4)  # what is due about one deal within so long is one message
NEVER = -1  # a rhythm: this deal's owner wants to hear of its next step only
FARTHEST = date(9000, 1, 1)  # the calendar itself ends soon after


@dataclass(frozen=True)
class DealFacts:
    """What the rule needs to know of a deal."""

    stage: str
    status: DealStatus
    last_activity_at: datetime  # aware UTC
    next_step_at: datetime | None = None  # aware UTC
    parked_until: date | None = None  # a local day of the owner's
    nudges_sent: int = 0  # since the last activity
    rhythm: int = 0  # the deal's own patience in working days; 0: its stage's, NEVER: no end of it


@dataclass(frozen=True)
class Reason:
    """Why a nudge comes: `days` working days without activity in `stage`, against its patience."""

    stage: str
    days: int
    patience: int  # working days


@dataclass(frozen=True)
class Attention:
    """The next nudge a deal deserves."""

    at: datetime  # aware UTC
    kind: Kind
    n: int  # which nudge in a row, from 1
    why: Reason  # as of then


def find_attention(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime | None = None
) -> Attention | None:
    """The next time the deal deserves a nudge; None when none is due any more.

    The time may lie in the past: it came due while nobody looked, or a passed step is due anew
    after some other activity (the nudge's own key, made of the step's time and `n`, keeps it from
    being sent twice). A step's first nudge keeps the step's exact instant; all others lie in
    working hours. Nudges are repeated counting from `now`, so that whoever slept through two of
    them gets one; without `now`, from when the one before was due.
    """
    nudges = _list_nudges(facts, funnel, calendar, now or facts.last_activity_at)
    if not nudges:
        return None
    at, kind = _choose_first(nudges)
    return Attention(at, kind, facts.nudges_sent + 1, explain(facts, funnel, calendar, at))


def _choose_first(nudges: list[Nudge]) -> Nudge:
    """The earliest nudge, or the owner's step where it is due CLOSE_TOGETHER behind a stall."""
    at, kind = min(nudges, key=lambda due: due[0])
    steps = [due for due in nudges if due[1] == "step" and due[0] - at <= CLOSE_TOGETHER]
    return steps[0] if steps and kind == "stall" else (at, kind)


def explain(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime) -> Reason:
    """What a nudge says of why it came."""
    days = count_idle_working_days(facts, calendar, now)
    return Reason(facts.stage, days, get_patience(facts, funnel))


def get_patience(facts: DealFacts, funnel: Funnel) -> int:
    """How many working days may pass without activity: the deal's own rhythm, or its stage's."""
    return facts.rhythm if facts.rhythm > 0 else funnel.stage(facts.stage).patience


def is_step_booked(facts: DealFacts, funnel: Funnel) -> bool:
    """Whether the deal's next step, future or past, lay near enough to count: within the cap.

    The cap counts from the last activity, which is when the step was booked or spoken of.
    """
    cap = timedelta(days=funnel.stage(facts.stage).cap_days)
    return facts.next_step_at is not None and facts.next_step_at - facts.last_activity_at <= cap


def find_stall_time(facts: DealFacts, funnel: Funnel, calendar: WorkCalendar) -> datetime:
    """The instant the deal's patience ends, inside working hours."""
    return calendar.add_working_days(facts.last_activity_at, get_patience(facts, funnel))


def is_overdue(facts: DealFacts, now: datetime) -> bool:
    """Whether a live deal's next step has come or passed."""
    live = facts.status == DealStatus.LIVE
    return live and facts.next_step_at is not None and facts.next_step_at <= now


def find_step_fault(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime
) -> StepFault | None:
    """What is wrong with a live deal's next step; None where nothing is, or the deal is not live.

    Whatever counts or lists such deals asks here, so that all of them agree. A deal has one fault:
    it is overdue when its step has passed; stalled when no future step counts and its patience has
    ended; without a step when it has none yet, or its owner wants to hear of no stall. `calendar`
    is its owner's working time.
    """
    if facts.status != DealStatus.LIVE:
        return None
    if is_overdue(facts, now):
        return "overdue"
    if facts.next_step_at is not None and is_step_booked(facts, funnel):
        return None
    if facts.rhythm != NEVER and find_stall_time(facts, funnel, calendar) <= now:
        return "stalled"
    return "no_step" if facts.next_step_at is None else None


def count_idle_working_days(facts: DealFacts, calendar: WorkCalendar, now: datetime) -> int:
    """Whole working days since the last activity: what the patience is measured against."""
    return calendar.working_days_between(facts.last_activity_at, now)


def _list_nudges(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime
) -> list[Nudge]:
    """Every nudge the deal may get next; where two come at once, the first is the one to send."""
    if facts.status == DealStatus.PARKED and facts.parked_until is not None:
        morning = calendar.at_local(min(facts.parked_until, FARTHEST), calendar.start)
        return _repeat(calendar.next_working(morning), "unpark", facts, calendar, now)
    if facts.status != DealStatus.LIVE:
        return []  # a closed, pooled or withdrawn deal waits for nobody
    ladder = funnel.stage(facts.stage).ladder
    if 0 < ladder <= facts.nudges_sent and facts.rhythm != NEVER:
        return [
            *_list_far_step(facts, calendar, now),
            *_list_escalation(facts, funnel, calendar, now),
        ]
    if is_step_booked(facts, funnel) or is_overdue(facts, now):
        return _list_step(facts, calendar, now)  # a booked or overdue step holds the stall back
    if facts.rhythm == NEVER:
        return _list_far_step(facts, calendar, now)  # the owner wants to hear of no stall
    stall = _repeat(find_stall_time(facts, funnel, calendar), "stall", facts, calendar, now)
    return [*_list_far_step(facts, calendar, now), *stall]


def _list_step(facts: DealFacts, calendar: WorkCalendar, now: datetime) -> list[Nudge]:
    """The nudge about the next step, at its exact instant the first time."""
    if facts.next_step_at is None:
        return []  # there is no step to speak of
    return _repeat(facts.next_step_at, "step", facts, calendar, now)


def _list_far_step(facts: DealFacts, calendar: WorkCalendar, now: datetime) -> list[Nudge]:
    """The nudge about a step beyond the cap, which holds no stall back and keeps its own moment."""
    if facts.next_step_at is None or facts.next_step_at <= now:
        return _list_step(facts, calendar, now)
    if facts.nudges_sent > MOST_NUDGES + 1:
        return []  # all nudges of a stall, the manager's turn and the step's own were sent
    return [(facts.next_step_at, "step")]


def _list_escalation(
    facts: DealFacts, funnel: Funnel, calendar: WorkCalendar, now: datetime
) -> list[Nudge]:
    """The manager's turn, once the stage's ladder is climbed."""
    if facts.nudges_sent > funnel.stage(facts.stage).ladder:
        return []  # the manager was told; the digest carries the deal from here
    is_ahead = facts.next_step_at is not None and now < facts.next_step_at
    if is_ahead and is_step_booked(facts, funnel):
        return []  # its owner has a step ahead, however long ago the last nudge was
    return [(calendar.add_working_days(now, ESCALATE_AFTER), "escalate")]


def _repeat(
    first: datetime, kind: Kind, facts: DealFacts, calendar: WorkCalendar, now: datetime
) -> list[Nudge]:
    """The nudge that follows as many as were sent; `first` is when the first of them was due."""
    if facts.nudges_sent >= MOST_NUDGES:
        return []  # it was asked often enough; the digest carries the deal
    at = first
    gaps = REPEAT_AFTER[: facts.nudges_sent]
    for place, days in enumerate(gaps, start=1):
        since = max(at, now) if place == len(gaps) else at
        at = calendar.add_working_days(since, days)
    return [(at, kind)]
