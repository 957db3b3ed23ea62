"""The English words for days, weeks and months."""

from __future__ import annotations

from collections.abc import Iterator
from re import Match, Pattern

from handlers.reading.counted_nouns import NOT_COUNTED
from handlers.reading.moments.offsets_en import OFFSET_RULES
from handlers.reading.moments.pieces import (
    Edge,
    Piece,
    Rule,
    Saying,
    edge_of_year,
    pattern,
    pieces_by,
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
_ABBREVIATED: dict[str, Saying] = {
    "eow": Saying(weeks=0, edge="end"),
    "eom": Saying(edge="end"),
    "eoq": Saying(quarters=0, edge="end"),
    "eoy": Saying(years=0, edge="end"),
}
_OPEN = r"(?<![\w'.-])"
_SHUT = r"(?![\w-]|'[a-rt-z])"
_FULL_DAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SAFE_DAY = r"mon|tues?|thur?s?|fri"
_ANY_DAY = rf"{_FULL_DAY}|{_SAFE_DAY}|weds?|sat|sun"
_MONTH = (
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


def _weekday(found: Match[str]) -> Saying | None:
    which, day = found["which"], _DAYS.index(found["day"][:3])
    if which in ("last", "past", "previous"):
        return Saying(past=True)
    if which in ("next", "nxt"):
        return Saying(weekday=day, weeks=1)
    return Saying(weekday=day, today_too=which == "this")


def _period(found: Match[str]) -> Saying:
    offset = {"next": 1, "nxt": 1, "coming": 1, "following": 1, "this": 0, "this coming": 1}
    if found["which"] not in offset:
        return Saying(past=True)
    ahead = offset[found["which"]] + bool(found["after"])
    if found["period"] == "weekend":
        return Saying(weekend=True, weeks=ahead)
    return _offset_of(found["period"], ahead)


def _offset_of(period: str, ahead: int, edge: Edge | None = None) -> Saying:
    if period in ("week", "wk"):
        return Saying(weeks=ahead, edge=edge)
    if period == "month":
        return Saying(months=ahead, edge=edge)
    if period == "quarter":
        return Saying(quarters=ahead, edge=edge)
    return Saying(years=ahead, edge=edge)


def _edge(found: Match[str]) -> Saying | None:
    edge, period = _EDGES[found["edge"]], found["period"]
    ahead = 1 if found["which"] else 0
    if period in _PERIOD.split("|"):
        if period == "month" and not ahead and found["edge"] != "later":
            return Saying(edge=edge)
        if period == "year" and not ahead:
            return edge_of_year(edge)
        return _offset_of(period, ahead, edge)
    if period.startswith("q"):
        return Saying(quarter=int(period[1]), edge=edge)
    return Saying(month=_month(period), edge=edge)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _nth(found: Match[str]) -> Saying:
    """The first Monday of next month, the last Friday in December."""
    nth, weekday = _NTH[found["nth"]], _DAYS.index(found["day"][:3])
    if found["month"] == "month":
        return Saying(nth=nth, weekday=weekday, months=1 if found["which"] else 0)
    return Saying(nth=nth, weekday=weekday, month=_month(found["month"]))


def _month_day(found: Match[str]) -> Saying | None:
    day = _ORDINALS.get(found["day"]) or int(found["day"])
    if not 1 <= day <= 31 or len(found["year"] or "") > 4:
        return Saying(impossible=True)
    year = int(found["year"]) if found["year"] else None
    return Saying(month=_month(found["month"]), day=day, year=year)


def _ordinal(found: Match[str]) -> Saying | None:
    day = int(found["day"])
    return Saying(day=day) if 1 <= day <= 31 else Saying(impossible=True)


def _rule(words: str) -> Pattern[str]:
    return pattern(_OPEN + words + _SHUT)


_RULES: tuple[Rule, ...] = (
    (_rule(r"(?:to|2)day|2day"), "firm", lambda _: Saying(days=0)),
    (_rule(r"later today"), "firm", lambda _: Saying(days=0)),
    (_rule(r"tom{1,2}or{1,2}ow|tmr+w?|tmo?rro?w|tmw|2mor+ow|2moro"), "firm",
     lambda _: Saying(days=1)),
    (_rule(r"(?:the )?day after (?:tom{1,2}or{1,2}ow|tmr+w?)"), "firm", lambda _: Saying(days=2)),
    (_rule(r"(?:yesterday|the day before yesterday|last night|just now)"), "firm",
     lambda _: Saying(past=True)),
    (_rule(rf"(?:(?:on|by|until|till|before|due)\s)?(?<!black )(?<!good )"
           rf"(?:(?P<which>{_WHICH})\s)?(?P<day>{_FULL_DAY}|{_SAFE_DAY})(?!\.[a-z])"
           r"\.?(?:'s)?"), "firm", _weekday),
    (_rule(rf"(?:(?:on|by|until|till|before|due)\s)?(?P<which>{_WHICH})\s(?P<day>{_ANY_DAY})"),
     "firm", _weekday),
    (_rule(r"(?P<which>)(?:on|by|until|till|before|due)\s(?P<day>weds?|sat|sun)"), "firm",
     _weekday),
    (_rule(r"(?P<which>)(?P<day>weds?|sat|sun)\.?"), "whole", _weekday),
    (_rule(rf"(?:on )?(?:the )?(?P<nth>{'|'.join(_NTH)}) (?P<day>{_ANY_DAY}) (?:of|in) "
           rf"(?:(?:the|this|(?P<which>next)) )?(?P<month>month|{_MONTH})"), "firm", _nth),
    (_rule(rf"(?P<day>{_ANY_DAY}) after next"), "firm",
     lambda found: Saying(weekday=_DAYS.index(found["day"][:3]), weeks=2)),
    (_rule(rf"(?:the )?(?P<period>{_PERIOD}) after (?P<which>next)(?P<after>)"), "firm",
     lambda found: _offset_of(found["period"], 2)),
    (_rule(rf"(?:(?:the|in the|during the) )?(?P<which>{_WHICH}) (?P<period>{_PERIOD}|weekend)"
           r"(?P<after>)"), "firm", _period),
    (_rule(r"(?:(?:on|at|over|by|during|this) )?(?:the )?weekend"), "firm",
     lambda _: Saying(weekend=True)),
    (_rule(rf"(?:(?:at|by|in|until|till|before) )?(?:the )?"
           rf"(?P<edge>{'|'.join(sorted(_EDGES, key=len, reverse=True))})(?: of)?[ -]"
           rf"(?:(?:the|this) )?(?:(?P<which>next|following|coming) )?"
           rf"(?P<period>{_PERIOD}|q[1-4]|{_MONTH})"), "firm", _edge),
    (_rule(r"(?:by )?(?P<period>month|year|quarter|week)['-]?s?[ -]end"), "firm",
     lambda found: _offset_of(found["period"], 0, "end")),
    (_rule("(?:by )?(?P<word>eow|eom|eoq|eoy)"), "firm",
     lambda found: _ABBREVIATED[found["word"]]),
    (_rule(rf"(?:{_PRECEDED})q(?P<quarter>[1-4])"), "firm",
     lambda found: Saying(quarter=int(found["quarter"]))),
    (_rule(r"q(?P<quarter>[1-4])"), "whole", lambda found: Saying(quarter=int(found["quarter"]))),
    (_rule(rf"(?:on (?:the )?)?(?P<month>{_MONTH})\.?\s?(?:the )?"
           rf"(?P<day>(?:\d{{1,2}}(?:(?=st|nd|rd|th)|(?!\d))|{_ORDINAL}\b))(?:st|nd|rd|th)?"
           rf"{_TO_DAY}(?![:\d%€$]|[ap]m\b|\s[ap]m\b|[.,]\d|/){NOT_COUNTED}{_YEAR}"), "firm",
     _month_day),
    (_rule(rf"(?:on )?(?:the )?(?P<day>\d{{1,2}}(?=st|nd|rd|th|\D)|{_ORDINAL})"
           rf"(?:st|nd|rd|th)?{_TO_DAY}\.?[ -]?(?:of )?(?P<month>{_MONTH})\b\.?{_NO_VERB}"
           rf"{_YEAR}"), "firm", _month_day),
    (_rule(rf"(?P<month>{_MONTH})\.?,? (?P<year>20\d\d)"), "firm",
     lambda found: Saying(month=_month(found["month"]), year=int(found["year"]))),
    (_rule(rf"(?:{_PRECEDED}|next |this |sometime in |in early )(?P<month>{_MONTH})"
           rf"(?! \d){_NO_VERB}"), "firm", lambda found: Saying(month=_month(found["month"]))),
    (_rule(rf"(?P<month>{_MONTH})\.?"), "whole",
     lambda found: Saying(month=_month(found["month"]))),
    (_rule(r"(?:on|by|until|till|before|from) the (?P<day>\d{1,2})(?:st|nd|rd|th)"
           rf"(?!\s(?:round|try|attempt|birthday|anniversary|street|avenue)){NOT_COUNTED}"),
     "firm", _ordinal),
    (_rule(r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)"), "whole", _ordinal),
    (_rule(r"(?:on )?(?:the )?(?P<word>first|last) (?:day )?of"), "joined",
     lambda found: Saying(day=1) if found["word"] == "first" else Saying(edge="end")),
)  # fmt: skip


def pieces_in_english(text: str) -> Iterator[Piece]:
    """Every piece of an English date or time in a lower-case text."""
    yield from pieces_by(_RULES, text)
    yield from pieces_by(OFFSET_RULES, text)
    yield from pieces_by(TIME_RULES, text)
