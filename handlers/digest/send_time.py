"""Send time: when a message may leave, and which late ones are folded into one digest."""

from __future__ import annotations

from datetime import datetime, time

from handlers.contract.desk import Desk
from handlers.digest import due_messages, weekly_team_digest
from handlers.nudges.ring import read_ring_time
from handlers.outbox import background_jobs, settled_nudges
from kb.funnel.nudge_budget import CATCH_UP, LATE
from storage.tables.messages import Nudge, Outbox

AT_ONCE = (background_jobs.KIND, settled_nudges.KIND)


def find_leave_time(row: Outbox, desk: Desk) -> datetime:
    """`desk.now` for a message that may leave now, else the next working minute.

    A long job's own messages answer somebody and leave at any time, as does what only changes one
    that stands there; so does a step's nudge at the very time its owner booked, but not on a day
    off. The digest and the manager's week come at their own hour, and no later than that or the
    end of work.
    """
    calendar, now = desk.calendar, desk.now
    if row.kind in AT_ONCE or _is_booked_for_now(row, desk):
        return now
    if row.kind in ("digest", weekly_team_digest.KIND):
        day = calendar.local(now).date()
        hours, own = calendar.hours_on(day), calendar.at_local(day, time(desk.member.digest_hour))
        if hours is not None and now <= max(hours[1], own + due_messages.STILL_ON_TIME):
            return now
    return calendar.next_working(now)


def fold_into_catch_up(row: Outbox, desk: Desk) -> bool:
    """Replaces late nudges by one catch-up digest; false where they are few or not late.

    Then the others are cancelled and the digest is in the outbox.
    """
    if row.kind != "nudge" or row.wanted_at is None or desk.now - row.wanted_at <= LATE:
        return False
    late = desk.memory.outbox.list_late(row, desk.now - LATE)
    if len(late) <= CATCH_UP:
        return False
    desk.memory.outbox.cancel(late)
    for each in late:
        nudge = _find_nudge(each, desk)
        for told in desk.memory.nudges.list_in_message(row.team_id, nudge.id if nudge else 0):
            told.folded = told.answered_at is None
    due_messages.enqueue_catch_up(desk.memory, desk.member, desk.now)
    return True


def fold_over_limit(row: Outbox, desk: Desk) -> bool:
    """Leaves a nudge to the digest when the member has had the day's limit; false where not.

    A booked step is always sent.
    """
    nudge = _find_nudge(row, desk) if row.kind == "nudge" else None
    if nudge is None or read_ring_time(nudge) is not None:
        return False
    begin, end = desk.calendar.find_day_bounds(desk.now)
    had = desk.memory.outbox.count_nudges_sent(row.team_id, row.member_id, begin, end)
    if had < desk.member.nudges_a_day:
        return False
    nudge.folded = True
    return True


def _is_booked_for_now(row: Outbox, desk: Desk) -> bool:
    nudge = _find_nudge(row, desk) if row.kind == "nudge" else None
    booked = read_ring_time(nudge) if nudge is not None else None
    if nudge is None or booked is None:
        return False
    step = desk.memory.steps.get(row.team_id, nudge.step_id or 0)
    away = desk.calendar.is_away(desk.calendar.local(desk.now).date())
    may_ring = not away or (step is not None and step.anyway)
    return may_ring and desk.now - booked <= due_messages.STILL_ON_TIME


def _find_nudge(row: Outbox, desk: Desk) -> Nudge | None:
    return desk.memory.nudges.get(row.team_id, row.subject_id or 0)
