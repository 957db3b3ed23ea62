"""`away`: days off, in which nothing is sent and no patience runs out."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk, calendar_of
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Request
from handlers.nudges.member_settings import change_setting, reschedule_member
from handlers.reading import read_when

LONGEST = 366  # days
DAY = timedelta(days=1)
_RANGE = re.compile(r"\s+(?:to|until|till|-|–|—)\s+|\s*[-–—~～]\s*|\s*(?:到|至)\s*", re.IGNORECASE)
_BACK = re.compile(r"\A\s*(?:until|till|back(?: on)?)\s+", re.IGNORECASE)
_NOT = frozenset({"off", "no", "not", "back", "cancel", "取消", "回来了", "结束", "上班"})


@command("away", "vacation", "请假", "休假", "放假", "休息", "外出", glues=False)
def away(request: Request, desk: Desk) -> Reply:
    """`away until Monday`, `away 24 Dec - 2 Jan`, `away tomorrow`; alone it shows and asks."""
    said = request.text.strip()
    if not said:
        return _render_days_off(desk)
    if said.casefold() in _NOT:
        return _save_days_off(desk, None, None)
    first, last = _read_range(said, desk)
    if first is None or last is None or not first <= last <= first + LONGEST * DAY:
        raise TextRefusal("nudges.days_off.unread", said=said[:80])
    return _save_days_off(desk, first, last)


@action("away")
def choose_days(request: Request, desk: Desk) -> Reply:
    """`away:<days>` takes so many days off from today, `away:0` none any more."""
    days, today = request.number(0), _find_today(desk)
    if not days:
        return _save_days_off(desk, None, None).in_place()
    return _save_days_off(desk, today, today + (min(days, LONGEST) - 1) * DAY).in_place()


def _save_days_off(desk: Desk, first: date | None, last: date | None) -> Reply:
    change_setting(desk, "days_off", away_from=first, away_until=last)
    reschedule_member(desk)
    return _render_days_off(desk)


def _render_days_off(desk: Desk) -> Reply:
    """Whether the member is or will be away, and when work begins again."""
    member, words = desk.member, desk.words
    if (
        member.away_until is None
        or member.away_from is None
        or member.away_until < _find_today(desk)
    ):
        days = [Button(words.line("nudges.days_off.days", n=n), f"away:{n}") for n in (1, 3, 7, 14)]
        return Reply(words.say("nudges.days_off.not"), buttons=rows(days))
    calendar = calendar_of(member)
    back = calendar.next_working(calendar.at_local(member.away_until + DAY, calendar.start))
    begin = calendar.at_local(max(member.away_from, _find_today(desk)), calendar.start)
    said = words.say(
        "nudges.days_off.kept",
        first=words.day(begin, desk.zone, desk.now),
        back=words.day(back, desk.zone, desk.now),
    )
    return Reply(said, buttons=((Button(words.line("nudges.days_off.end"), "away:0"),),))


def _read_range(said: str, desk: Desk) -> tuple[date | None, date | None]:
    """The first and last day off. Away "until Monday" is back at work on Monday."""
    until = _BACK.match(said)
    if until is not None:
        back = _read_day(said[until.end() :], desk)
        return (_find_today(desk), back - DAY) if back is not None else (None, None)
    parts = [part for part in _RANGE.split(said, maxsplit=1) if part.strip()]
    if not parts:  # nothing but a dash
        return None, None
    days = [_read_day(part, desk) for part in parts]
    if len(days) == 2 and days[0] is not None and days[1] is not None and days[1] < days[0]:
        days[1] = _find_same_day_next_year(days[1])
    if said.startswith(("到", "至")):
        return _find_today(desk), days[-1]
    return days[0], days[-1]


def _find_same_day_next_year(day: date) -> date:
    """The day a year later; for 29 February it is the 28th."""
    later = day.replace(day=1, year=day.year + 1)
    return later.replace(day=min(day.day, monthrange(later.year, later.month)[1]))


def _read_day(said: str, desk: Desk) -> date | None:
    """The local day that the words name; today is one too."""
    if said.strip().casefold() in ("today", "今天", "now", "现在"):
        return _find_today(desk)
    calendar = desk.calendar
    when = read_when(said, desk.now, desk.zone, calendar.start, calendar.end)
    return calendar.local(when.at).date() if when is not None else None


def _find_today(desk: Desk) -> date:
    return desk.calendar.local(desk.now).date()
