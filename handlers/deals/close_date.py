"""Expected close date: the day on which a deal should be signed, read from words and rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.contract.desk import Desk
from handlers.contract.reply import Text, text_of
from handlers.deals.deal_terms import format_day
from handlers.deals.when import cut_moment, read_moment
from handlers.reading.moments.periods import read_period
from kb.funnel.figures.periods import Period, find_period
from kb.states import OPEN
from storage.tables.people_and_deals import Deal

LINE_CHARACTERS = 300
_SIGNED = (
    r"closes?|closing|signs?|signing|(?:be|get) (?:closed|signed)"
    r"|签(?:单|约|合同|下来?|字)?|成交|成单|拿下|关单|落单|下单"
)
_EXPECTED = (
    r"expected|expects?|will|should|likely|probably|hopefully|maybe|may|might|going|is|are|be|to"
    r"|we|they|i|it|the|deal|date|day|with|on|by|in|at|around|for|until|now"
    r"|预计|预期|估计|大概|大约|应该|可能|有望|争取|计划|打算|能够?|可以|会|要|我们|他们|对方|客户"
    r"|日期?|时间|在|于|到|是|为|就|改到|改成|改为|推迟到?|延到|的|了"
)
_MARKS = " ,，:：;；.。！!~"
_BESIDE = re.compile(rf"(?:(?:{_SIGNED}|{_EXPECTED})(?![a-z])|[\s,，:：;；.。!！~])", re.IGNORECASE)
_IS_SIGNED = re.compile(rf"(?<![a-z])(?:{_SIGNED})(?![a-z])", re.IGNORECASE)
_FORETOLD = re.compile(
    r"(?<![a-z])(?:closes?|closing|signs|will|should|expected|expects?|likely|probably|hopefully"
    r"|maybe|may|might|going)(?![a-z])|预计|预期|估计|大概|大约|应该|可能|有望|争取|计划|打算|(?:签单|签约|成交)日",
    re.IGNORECASE,
)
_NEXT_YEAR, _THIS_YEAR = re.compile("明年|来年"), re.compile("今年(?=[第一二三四五六七八九十1-9])")


@dataclass(frozen=True)
class CloseDate:
    """A close date that a line names."""

    day: date  # local
    rest: str  # what else the line says; empty where that is only that the deal is signed then
    says_signed: bool  # whether it says that something is closed or signed
    foretells: bool  # whether it says so as a forecast of a day, and not as a step to be done


def read_close_date(said: str, desk: Desk) -> CloseDate | None:
    """The close date of a line: a day, or the last working day of a week, month, quarter or year.

    It may be past, so that the caller can say so. None for a line without a day.
    """
    today = desk.calendar.local(desk.now).date()
    line = _THIS_YEAR.sub(f"{today.year}年", _NEXT_YEAR.sub(f"{today.year + 1}年", said))
    if len(line) > LINE_CHARACTERS:
        return None
    named = read_period(line, today, ahead=True)
    if named is not None and not _says_more(named.rest):
        return _make_close_date(_find_last_working_day(named.period, desk), named.rest)
    when = read_moment(line, desk)
    if when is None:
        return None
    day = desk.calendar.local(when.at).date()
    if when.precision in ("week", "month"):
        period = read_period(when.text, today, ahead=True)
        found = period.period if period else find_period("month", day)
        day = _find_last_working_day(found, desk)
    close_date = _make_close_date(day, cut_moment(line, when))
    return replace(close_date, foretells=close_date.foretells and when.precision != "minute")


def _make_close_date(day: date, beside: str) -> CloseDate:
    """The close date, and what the words beside the day make of it."""
    signed = _IS_SIGNED.search(beside) is not None
    foretells = signed and _FORETOLD.search(beside) is not None
    rest = beside.strip(_MARKS) if _says_more(beside) else ""
    return CloseDate(day, rest, signed, foretells)


def _says_more(beside: str) -> bool:
    """Whether the words beside a day say more than that the deal is to be signed then."""
    at = 0
    while (found := _BESIDE.match(beside, at)) is not None:
        at = found.end()
    return at < len(beside)


def _find_last_working_day(period: Period, desk: Desk) -> date:
    """The last working day of a period: nobody signs on a Sunday; its last day if there is none."""
    days = (period.last - timedelta(days=back) for back in range(7))
    working = (day for day in days if period.holds(day) and desk.calendar.is_working_day(day))
    return next(working, period.last)


def has_slipped(desk: Desk, deal: Deal) -> bool:
    """Whether an open deal's close date has passed."""
    today = desk.calendar.local(desk.now).date()
    return deal.status in OPEN and deal.close_date is not None and deal.close_date < today


def render_close_date(desk: Desk, deal: Deal) -> str:
    """The close date of an open deal, or that it has passed; empty without one."""
    if deal.close_date is None or deal.status not in OPEN:
        return ""
    day, slipped = format_day(desk, deal.close_date), has_slipped(desk, deal)
    key = "selling.close_date.slipped" if slipped else "selling.close_date.closes"
    return desk.words.line(key, day=day)


def add_close_date(text: Text, desk: Desk, deal: Deal) -> Text:
    """A line of a list with the deal's close date behind it."""
    closes = render_close_date(desk, deal)
    if not closes:
        return text
    return text_of(text, f" · {closes}") if text else text_of(closes)
