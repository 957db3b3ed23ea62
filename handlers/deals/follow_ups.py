"""Follow-ups of a deal and their days: win it back, a discount's end, a date that slipped, a win.

Each is a row of its own that is sent once; the nudges of the stall rule neither see nor count it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from handlers.contract.desk import Desk
from handlers.deals.attention import get_owner_calendar
from kb.funnel.stages.playbook import find_win_back
from kb.states import OPEN, DealStatus
from storage.tables.people_and_deals import Deal

MORNING = time(9)
AFTER_WIN = (("delivery", 7), ("satisfaction", 21))  # days after the win
AFTER_HAPPY_ANSWER = {"proof": 1, "referral": 14}  # days after a happy answer
WATCHED_COLUMNS = frozenset({"status", "discount_until", "close_date"})
FARTHEST = date(9000, 1, 1)  # the calendar itself ends soon after


def update(desk: Desk, deal: Deal, columns: Collection[str]) -> None:
    """Sets and drops the deal's follow-ups, after these columns of it have changed."""
    if not WATCHED_COLUMNS & set(columns):
        return
    _update_discount(desk, deal)
    _update_slip(desk, deal)
    if "status" in columns:
        _update_winback(desk, deal)
        _update_after_win(desk, deal)


def schedule(desk: Desk, deal: Deal, kind: str, days: int) -> None:
    """Schedules a follow-up of this kind in so many days, in a morning of the deal's owner."""
    day = get_owner_calendar(desk, deal).local(desk.now).date() + timedelta(days=days)
    _set(desk, deal, kind, day)


def drop(desk: Desk, deal: Deal, *kinds: str) -> None:
    """Drops the deal's follow-ups of these kinds."""
    desk.memory.occasions.cancel(desk.team.id, deal.id, kinds)


def _update_winback(desk: Desk, deal: Deal) -> None:
    leaving = find_win_back(desk.funnel.stage(deal.stage).leave, deal.lost_reason)
    if deal.status != DealStatus.LOST or leaving is None:
        drop(desk, deal, "winback")
    else:
        schedule(desk, deal, "winback", leaving.after)


def _update_after_win(desk: Desk, deal: Deal) -> None:
    if deal.status == DealStatus.WON:
        for kind, days in AFTER_WIN:
            schedule(desk, deal, kind, days)
    else:
        drop(desk, deal, *(kind for kind, _ in AFTER_WIN), *AFTER_HAPPY_ANSWER)


def _update_discount(desk: Desk, deal: Deal) -> None:
    """The working morning before the last day, or at once where that has passed."""
    until = deal.discount_until
    if until is None or deal.status not in OPEN:
        drop(desk, deal, "discount")
        return
    calendar = get_owner_calendar(desk, deal)
    day = min(until, FARTHEST) - timedelta(days=1)
    while not calendar.is_working_day(day) and day > calendar.local(desk.now).date():
        day -= timedelta(days=1)
    _set(desk, deal, "discount", day)


def _update_slip(desk: Desk, deal: Deal) -> None:
    """The morning after the close date; what has been asked about a date is not asked again."""
    if deal.close_date is None or deal.status != DealStatus.LIVE:
        drop(desk, deal, "slip")
    else:
        _set(desk, deal, "slip", min(deal.close_date, FARTHEST) + timedelta(days=1))


def _set(desk: Desk, deal: Deal, kind: str, day: date) -> None:
    calendar = get_owner_calendar(desk, deal)
    at: datetime = max(calendar.at_local(min(day, FARTHEST), MORNING), desk.now)
    desk.memory.occasions.schedule(desk.team.id, deal.id, kind, at, desk.now)
