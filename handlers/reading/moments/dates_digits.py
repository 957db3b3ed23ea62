"""The grammar of dates and times in digits: 2026-12-03, 12/3, 3.12.2026, 14:00."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from re import Match

from handlers.reading.counted_nouns import NOT_COUNTED
from handlers.reading.moments.pieces import (
    Clock,
    Piece,
    Rule,
    TimeFields,
    compile_ascii,
    find_pieces,
)

_OPEN, _SHUT = r"(?<![\w.,:/+$€£¥%-])", r"(?![\d/%]|[.,:-]\d|\.\d|[a-z])"
_YEAR_FIRST = compile_ascii(rf"{_OPEN}(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?=t\d|{_SHUT})")
_YEAR_LAST = compile_ascii(rf"{_OPEN}(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d\d){_SHUT}")
_DAY_AND_MONTH = compile_ascii(rf"{_OPEN}(\d{{1,2}})/(\d{{1,2}}){_SHUT}(?!\sof\s){NOT_COUNTED}")
_ALONE = compile_ascii(r"\s*(\d{1,2})[-.](\d{1,2})\.?\s*\Z")
_CLOCK = compile_ascii(
    r"(?:(?<=\dt)|(?<![\w.,:/+$€£¥-]))(?:(?:at|@)\s{0,2})?(\d{1,2}):(\d\d)(?::\d\d)?"
    r"(?:\s?[-~至到]\s?\d{1,2}:\d\d)?(?!\s?[ap]\.?m\b)(?![\d%]|[.,:]\d)"
)


def find_digit_pieces(text: str, day_first: bool) -> Iterator[Piece]:
    """Every date or time in digits; `day_first` says whether 12/3 is in March."""
    in_order = partial(_read_month_and_day, day_first=day_first)
    rules: tuple[Rule, ...] = (
        (_YEAR_FIRST, "anywhere", lambda found: _read_full_date(found[1], found[3], found[4])),
        (_YEAR_LAST, "anywhere", partial(_read_date_with_year, day_first=day_first)),
        (_DAY_AND_MONTH, "anywhere", in_order),
        (_CLOCK, "anywhere", lambda found: _read_clock(found[1], found[2])),
    )
    yield from find_pieces(rules, text)
    alone = _ALONE.match(text)
    fields = in_order(alone) if alone else None
    if alone and fields and not fields.impossible:
        yield Piece(alone.start(), alone.end(), fields)


def _read_clock(hour: str, minute: str | None) -> TimeFields:
    """A clock's reading without am or pm; a leading zero tells the morning."""
    if int(hour) > 24 or int(minute or 0) > 59:
        return TimeFields(impossible=True)
    return TimeFields(clock=Clock(int(hour), int(minute or 0), sure=hour.startswith("0")))


def _read_full_date(year: str, month: str, day: str) -> TimeFields:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return TimeFields(impossible=True)
    return TimeFields(year=int(year), month=int(month), day=int(day))


def _order_month_and_day(first: str, second: str, day_first: bool) -> tuple[str, str]:
    """Month and day; where only one order can be, that one."""
    swapped = int(first) > 12 if not day_first else int(second) <= 12
    return (second, first) if swapped else (first, second)


def _read_month_and_day(found: Match[str], day_first: bool) -> TimeFields | None:
    month, day = _order_month_and_day(found[1], found[2], day_first)
    if (found[1], found[2]) == ("24", "7") or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return TimeFields(month=int(month), day=int(day))


def _read_date_with_year(found: Match[str], day_first: bool) -> TimeFields | None:
    separator, year = found[2], found[4]
    if len(year) == 2 and separator != "/":
        return None  # 1.2.26 is as often a version, 10-11-12 a list
    month, day = _order_month_and_day(found[1], found[3], day_first or separator == ".")
    return _read_full_date(year if len(year) == 4 else f"20{year}", month, day)
