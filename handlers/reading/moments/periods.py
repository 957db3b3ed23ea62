"""Reads a week, month, quarter or year of the calendar: last month, q3, march, 本季度, 三月."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from re import Match

from handlers.reading.moments.dates_en import MONTH, read_month
from kb.funnel.figures.periods import Kind, Period, find_period

_UNITS: dict[str, Kind] = {
    **dict.fromkeys(("week", "weekly", "周", "星期", "周报"), "week"),
    **dict.fromkeys(("month", "monthly", "月", "月份", "月报", "个月"), "month"),
    **dict.fromkeys(("quarter", "quarterly", "季度", "季", "季报"), "quarter"),
    **dict.fromkeys(("year", "yearly", "年", "年度", "年报"), "year"),
}
_LAST = ("last", "previous", "past", "上", "去", "前一")
_NEXT = ("next", "following", "coming", "下", "明", "来")
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
        "十一": 11, "十二": 12}  # fmt: skip
_UNIT = re.compile(
    r"(?<![a-z])(?:(?P<which>this|last|previous|past|next|following|coming)\s+)?"
    r"(?P<unit>week|weekly|month|monthly|quarter|quarterly|year|yearly)(?![a-z])"
    r"|(?P<which_zh>本|这个?|上个?|下个?|去|今|明|来|当)?(?P<unit_zh>周报|月报|季报|年报|周|星期|季度|季|月份?|年度?)"
)
_QUARTER = re.compile(
    r"(?<![a-z0-9])(?:(?P<year>20\d\d)[\s-]?)?q(?P<n>[1-4])(?![a-z0-9])(?:\s+(?P<year_after>20\d\d))?"
    r"|(?:(?P<year_zh>20\d\d)年?)?第?(?P<n_zh>[一二三四1-4])季度?"
)
_MONTH = re.compile(
    rf"(?<![a-z])(?P<name>{MONTH})(?![a-z])(?:\s+(?P<year>20\d\d))?"
    r"|(?:(?P<year_zh>20\d\d)年)?(?P<n_zh>十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月份?"
)
_YEAR = re.compile(r"(?<!\d)(?P<year>20\d\d)(?:年度?)?(?!\d)")


@dataclass(frozen=True)
class PeriodMatch:
    """A period of the calendar that a text names."""

    period: Period
    rest: str  # the text without it


def read_period(text: str, today: date, *, ahead: bool = False) -> PeriodMatch | None:
    """The period that is named, or None; a year is the one nearest behind, or `ahead`, of today."""
    plain = text.casefold()
    for pattern, read in (
        (_QUARTER, _read_quarter),
        (_MONTH, _read_month),
        (_UNIT, _read_unit),
        (_YEAR, _read_year),
    ):
        found = pattern.search(plain) if len(plain) <= 300 else None
        if found is not None:
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return PeriodMatch(read(found, today, ahead), " ".join(rest.split()))
    return None


def _read_quarter(found: Match[str], today: date, ahead: bool) -> Period:
    number = found["n"] or found["n_zh"]
    month = 3 * (_HAN.get(number) or int(number)) - 2
    return _find_period("quarter", month, _read_year_group(found), today, ahead)


def _read_month(found: Match[str], today: date, ahead: bool) -> Period:
    if found["name"]:
        month = read_month(found["name"])
    else:
        month = _HAN.get(found["n_zh"]) or int(found["n_zh"])
    return _find_period("month", month, _read_year_group(found), today, ahead)


def _read_unit(found: Match[str], today: date, _ahead: bool) -> Period:
    period = find_period(_UNITS[found["unit"] or found["unit_zh"]], today)
    which = found["which"] or (found["which_zh"] or "").removesuffix("个")
    if which in _NEXT:
        return period.after
    return period.before if which in _LAST else period


def _read_year(found: Match[str], _today: date, _ahead: bool) -> Period:
    return find_period("year", date(int(found["year"]), 1, 1))


def _read_year_group(found: Match[str]) -> int | None:
    groups = found.groupdict()
    fields = groups.get("year") or groups.get("year_after") or groups.get("year_zh")
    return int(fields) if fields else None


def _find_period(kind: Kind, month: int, year: int | None, today: date, ahead: bool) -> Period:
    if year is not None:
        return find_period(kind, date(year, month, 1))
    period = find_period(kind, date(today.year, month, 1))
    if ahead and period.last < today:
        return find_period(kind, date(today.year + 1, month, 1))
    if not ahead and period.first > today:
        return find_period(kind, date(today.year - 1, month, 1))
    return period
