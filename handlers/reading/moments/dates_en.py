"""The English grammar of days, weeks and months: next Friday, Dec 3rd, end of the month."""

from __future__ import annotations

from collections.abc import Iterator
from re import Match

from handlers.reading.counted_nouns import NOT_COUNTED
from handlers.reading.moments.offsets_en import OFFSET_RULES
from handlers.reading.moments.pieces import (
    Edge,
    Piece,
    TimeFields,
    build_year_edge,
    compile_rules,
    find_pieces,
)
from handlers.reading.moments.times_en import TIME_RULES

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ORDINALS = {
    word: place
    for place, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth".split(),
        start=1,
    )
}
_EDGES: dict[str, Edge] = {
    **dict.fromkeys(("start", "beginning", "early", "first week"), "start"),
    **dict.fromkeys(("middle", "mid"), "mid"),
    **dict.fromkeys(("end", "late", "later", "last day"), "end"),
}
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "1st": 1, "2nd": 2, "3rd": 3}
_ABBREVIATED: dict[str, TimeFields] = {
    "eow": TimeFields(weeks=0, edge="end"),
    "eom": TimeFields(edge="end"),
    "eoq": TimeFields(quarters=0, edge="end"),
    "eoy": TimeFields(years=0, edge="end"),
}
_OPEN = r"(?<![\w'.-])"
_SHUT = r"(?![\w-]|'[a-rt-z])"
_FULL_DAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SAFE_DAY = r"mon|tues?|thur?s?|fri"
_ANY_DAY = rf"{_FULL_DAY}|{_SAFE_DAY}|weds?|sat|sun"
MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WHICH = r"this coming|this|next|nxt|coming|following|last|past|previous"
_PERIOD = r"week|wk|month|quarter|year"
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)})"
_NO_VERB = r"(?!\s(?:be|have|not|also|want|need|come|go|call|take|get|ask|buy|change|even)\b)"
_YEAR = r"(?:,?[\s-]{1,2}(?P<year>(?:19|20)\d\d(?!\d)|\d{5,}(?=\s*\Z)))?"
_TO_DAY = r"(?:\s?(?:-|to|until)\s?\d{1,2}(?![\d:%])(?:st|nd|rd|th)?(?!\s?[ap]m))?"
_PRECEDED = r"(?:in|by|until|till|before|from|since|after|during)\s"


def _read_weekday(found: Match[str]) -> TimeFields | None:
    which, day = found["which"], _DAYS.index(found["day"][:3])
    if which in ("last", "past", "previous"):
        return TimeFields(past=True)
    if which in ("next", "nxt"):
        return TimeFields(weekday=day, weeks=1)
    return TimeFields(weekday=day, today_too=which == "this")


def _read_period(found: Match[str]) -> TimeFields:
    offset = {"next": 1, "nxt": 1, "coming": 1, "following": 1, "this": 0, "this coming": 1}
    if found["which"] not in offset:
        return TimeFields(past=True)
    ahead = offset[found["which"]] + bool(found["after"])
    if found["period"] == "weekend":
        return TimeFields(weekend=True, weeks=ahead)
    return _build_offset(found["period"], ahead)


def _build_offset(period: str, ahead: int, edge: Edge | None = None) -> TimeFields:
    if period in ("week", "wk"):
        return TimeFields(weeks=ahead, edge=edge)
    if period == "month":
        return TimeFields(months=ahead, edge=edge)
    if period == "quarter":
        return TimeFields(quarters=ahead, edge=edge)
    return TimeFields(years=ahead, edge=edge)


def _read_edge(found: Match[str]) -> TimeFields | None:
    edge, period = _EDGES[found["edge"]], found["period"]
    ahead = 1 if found["which"] else 0
    if period in _PERIOD.split("|"):
        if period == "month" and not ahead and found["edge"] != "later":
            return TimeFields(edge=edge)
        if period == "year" and not ahead:
            return build_year_edge(edge)
        return _build_offset(period, ahead, edge)
    if period.startswith("q"):
        return TimeFields(quarter=int(period[1]), edge=edge)
    return TimeFields(month=read_month(period), edge=edge)


def read_month(name: str) -> int:
    """The number of the month that an English name or abbreviation stands for."""
    return _MONTHS.index(name[:3]) + 1


def _read_nth(found: Match[str]) -> TimeFields:
    """The first Monday of next month, the last Friday in December."""
    nth, weekday = _NTH[found["nth"]], _DAYS.index(found["day"][:3])
    if found["month"] == "month":
        return TimeFields(nth=nth, weekday=weekday, months=1 if found["which"] else 0)
    return TimeFields(nth=nth, weekday=weekday, month=read_month(found["month"]))


def _read_month_day(found: Match[str]) -> TimeFields | None:
    day = _ORDINALS.get(found["day"]) or int(found["day"])
    if not 1 <= day <= 31 or len(found["year"] or "") > 4:
        return TimeFields(impossible=True)
    year = int(found["year"]) if found["year"] else None
    return TimeFields(month=read_month(found["month"]), day=day, year=year)


def _read_ordinal(found: Match[str]) -> TimeFields | None:
    day = int(found["day"])
    return TimeFields(day=day) if 1 <= day <= 31 else TimeFields(impossible=True)


_RULES = compile_rules(
    (
        (r"(?:to|2)day|2day", "anywhere", lambda _: TimeFields(days=0)),
        (r"later today", "anywhere", lambda _: TimeFields(days=0)),
        (r"tom{1,2}or{1,2}ow|tmr+w?|tmo?rro?w|tmw|2mor+ow|2moro", "anywhere",
         lambda _: TimeFields(days=1)),
        (r"(?:the )?day after (?:tom{1,2}or{1,2}ow|tmr+w?)", "anywhere",
         lambda _: TimeFields(days=2)),
        (r"(?:yesterday|the day before yesterday|last night|just now)", "anywhere",
         lambda _: TimeFields(past=True)),
        (rf"(?:(?:on|by|until|till|before|due)\s)?(?<!black )(?<!good )"
         rf"(?:(?P<which>{_WHICH})\s)?(?P<day>{_FULL_DAY}|{_SAFE_DAY})(?!\.[a-z])"
         r"\.?(?:'s)?", "anywhere", _read_weekday),
        (rf"(?:(?:on|by|until|till|before|due)\s)?(?P<which>{_WHICH})\s(?P<day>{_ANY_DAY})",
         "anywhere", _read_weekday),
        (r"(?P<which>)(?:on|by|until|till|before|due)\s(?P<day>weds?|sat|sun)", "anywhere",
         _read_weekday),
        (r"(?P<which>)(?P<day>weds?|sat|sun)\.?", "whole", _read_weekday),
        (rf"(?:on )?(?:the )?(?P<nth>{'|'.join(_NTH)}) (?P<day>{_ANY_DAY}) (?:of|in) "
         rf"(?:(?:the|this|(?P<which>next)) )?(?P<month>month|{MONTH})", "anywhere", _read_nth),
        (rf"(?P<day>{_ANY_DAY}) after next", "anywhere",
         lambda found: TimeFields(weekday=_DAYS.index(found["day"][:3]), weeks=2)),
        (rf"(?:the )?(?P<period>{_PERIOD}) after (?P<which>next)(?P<after>)", "anywhere",
         lambda found: _build_offset(found["period"], 2)),
        (rf"(?:(?:the|in the|during the) )?(?P<which>{_WHICH}) (?P<period>{_PERIOD}|weekend)"
         r"(?P<after>)", "anywhere", _read_period),
        (r"(?:(?:on|at|over|by|during|this) )?(?:the )?weekend", "anywhere",
         lambda _: TimeFields(weekend=True)),
        (rf"(?:(?:at|by|in|until|till|before) )?(?:the )?"
         rf"(?P<edge>{'|'.join(sorted(_EDGES, key=len, reverse=True))})(?: of)?[ -]"
         rf"(?:(?:the|this) )?(?:(?P<which>next|following|coming) )?"
         rf"(?P<period>{_PERIOD}|q[1-4]|{MONTH})", "anywhere", _read_edge),
        (r"(?:by )?(?P<period>month|year|quarter|week)['-]?s?[ -]end", "anywhere",
         lambda found: _build_offset(found["period"], 0, "end")),
        ("(?:by )?(?P<word>eow|eom|eoq|eoy)", "anywhere",
         lambda found: _ABBREVIATED[found["word"]]),
        (rf"(?:{_PRECEDED})q(?P<quarter>[1-4])", "anywhere",
         lambda found: TimeFields(quarter=int(found["quarter"]))),
        (r"q(?P<quarter>[1-4])", "whole", lambda found: TimeFields(quarter=int(found["quarter"]))),
        (rf"(?:on (?:the )?)?(?P<month>{MONTH})\.?\s?(?:the )?"
         rf"(?P<day>(?:\d{{1,2}}(?:(?=st|nd|rd|th)|(?!\d))|{_ORDINAL}\b))(?:st|nd|rd|th)?"
         rf"{_TO_DAY}(?![:\d%€$]|[ap]m\b|\s[ap]m\b|[.,]\d|/){NOT_COUNTED}{_YEAR}", "anywhere",
         _read_month_day),
        (rf"(?:on )?(?:the )?(?P<day>\d{{1,2}}(?=st|nd|rd|th|\D)|{_ORDINAL})"
         rf"(?:st|nd|rd|th)?{_TO_DAY}\.?[ -]?(?:of )?(?P<month>{MONTH})\b\.?{_NO_VERB}"
         rf"{_YEAR}", "anywhere", _read_month_day),
        (rf"(?P<month>{MONTH})\.?,? (?P<year>20\d\d)", "anywhere",
         lambda found: TimeFields(month=read_month(found["month"]), year=int(found["year"]))),
        (rf"(?:{_PRECEDED}|next |this |sometime in |in early )(?P<month>{MONTH})"
         rf"(?! \d){_NO_VERB}", "anywhere",
         lambda found: TimeFields(month=read_month(found["month"]))),
        (rf"(?P<month>{MONTH})\.?", "whole",
         lambda found: TimeFields(month=read_month(found["month"]))),
        (r"(?:on|by|until|till|before|from) the (?P<day>\d{1,2})(?:st|nd|rd|th)"
         rf"(?!\s(?:round|try|attempt|birthday|anniversary|street|avenue)){NOT_COUNTED}",
         "anywhere", _read_ordinal),
        (r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)", "whole", _read_ordinal),
        (r"(?:on )?(?:the )?(?P<word>first|last) (?:day )?of", "joined",
         lambda found: TimeFields(day=1) if found["word"] == "first" else TimeFields(edge="end")),
    ),
    before=_OPEN,
    behind=_SHUT,
)  # fmt: skip


def find_english_pieces(text: str) -> Iterator[Piece]:
    """Every piece of an English date or time in a lower-case text."""
    yield from find_pieces(_RULES, text)
    yield from find_pieces(OFFSET_RULES, text)
    yield from find_pieces(TIME_RULES, text)
