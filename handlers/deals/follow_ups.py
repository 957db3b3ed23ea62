"""When something is to be said about a deal later: winning it back, a discount's end, after a win.

It follows the deal's own changes and leaves the funnel's rule of stalling alone: an occasion is a
row of its own, said once, whatever nudges the deal gets beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from handlers.contract.desk import Desk, calendar_of
from kb.funnel.calendar import WorkCalendar
from kb.funnel.stages.playbook import way_back
from storage.tables.people_and_deals import Deal

MORNING = time(9)
AFTER_WIN = (("delivery", 7), ("satisfaction", 21))  # days after the win
THEN = {"proof": 1, "referral": 14}  # days after a happy answer
FOLLOWED = frozenset({"status", "discount_until"})
OPEN = ("live", "parked")
FARTHEST = date(9000, 1, 1)  # the calendar itself ends soon after


def follow(desk: Desk, deal: Deal, changed: Collection[str]) -> None:
    """Sets and drops what is to be said, after these columns of the deal have changed."""
    if not FOLLOWED & set(changed):
        return
    _discount(desk, deal)
    if "status" in changed:
        _winback(desk, deal)
        _after_win(desk, deal)


def later(desk: Desk, deal: Deal, kind: str, days: int) -> None:
    """Has something said about the deal in so many days, in a morning of its owner's."""
    day = _calendar(desk, deal).local(desk.now).date() + timedelta(days=days)
    _set(desk, deal, kind, day)


def drop(desk: Desk, deal: Deal, *kinds: str) -> None:
    """Has it said no more."""
    desk.memory.occasions.drop(desk.team.id, deal.id, kinds)


def _winback(desk: Desk, deal: Deal) -> None:
    leaving = way_back(desk.funnel.stage(deal.stage).leave, deal.lost_reason)
    if deal.status != "lost" or leaving is None:
        drop(desk, deal, "winback")
    else:
        later(desk, deal, "winback", leaving.after)


def _after_win(desk: Desk, deal: Deal) -> None:
    if deal.status == "won":
        for kind, days in AFTER_WIN:
            later(desk, deal, kind, days)
    else:
        drop(desk, deal, *(kind for kind, _ in AFTER_WIN), *THEN)


def _discount(desk: Desk, deal: Deal) -> None:
    """The working morning before the last day, or at once where that has passed."""
    until = deal.discount_until
    if until is None or deal.status not in OPEN:
        drop(desk, deal, "discount")
        return
    calendar = _calendar(desk, deal)
    day = min(until, FARTHEST) - timedelta(days=1)
    while not calendar.is_working_day(day) and day > calendar.local(desk.now).date():
        day -= timedelta(days=1)
    _set(desk, deal, "discount", day)


def _set(desk: Desk, deal: Deal, kind: str, day: date) -> None:
    calendar = _calendar(desk, deal)
    at: datetime = max(calendar.at_local(min(day, FARTHEST), MORNING), desk.now)
    desk.memory.occasions.set(desk.team.id, deal.id, kind, at, desk.now)


def _calendar(desk: Desk, deal: Deal) -> WorkCalendar:
    owner = desk.memory.members.get(desk.team.id, deal.owner_id)
    return calendar_of(owner or desk.member)
