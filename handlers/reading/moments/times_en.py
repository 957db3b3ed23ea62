"""The English words for times of day: 3pm, at 9, half past 3, noon, in the morning, EOD."""

from __future__ import annotations

from re import Match

from handlers.reading.counted_nouns import NOT_COUNTED
from handlers.reading.moments.offsets_en import NUMBERS
from handlers.reading.moments.pieces import Clock, Part, Rule, Saying, pattern

_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HOUR = rf"(?P<hour>\d{{1,2}}|{_HOUR_WORD})"
_HALF = r"(?P<half>[ap])\.?\s?m\b\.?"
_OPEN, _SHUT = r"(?<![\w.,:/+$€£¥'-])", r"(?![\w%-]|[.,:/]\d|\s?[€$£¥%])"
_NOT_COUNTED = rf"{NOT_COUNTED}(?!\s(?:thousand|million|grand|k|bucks|dollars|euros?|pounds)\b)"
_AT = r"(?:(?:at|@|by|around|about|from|until|till|before|after)\s{0,2})"
_ENDS = (
    r"(?=\s*(?:\Z|[,.;!?)]|(?:tomorrow|tmrw|today|tonight|on|this|next|in the|sharp|o'?clock|"
    r"mon|tue|wed|thu|fri|sat|sun)))"
)
_PART: dict[str, Part] = {
    "morning": "morning", "afternoon": "afternoon", "arvo": "afternoon", "evening": "evening",
    "night": "night", "eve": "evening",
}  # fmt: skip
_NEAR: dict[tuple[str, Part], Part] = {
    ("early", "morning"): "early",
    ("mid", "morning"): "late morning",
    ("late", "morning"): "late morning",
    ("early", "afternoon"): "early afternoon",
    ("late", "afternoon"): "late afternoon",
    ("early", "evening"): "dusk",
}
_PART_WORD = r"(?:(?P<near>early|mid|late)[ -]?)?(?P<part>morning|afternoon|arvo|evening|night)"
_DAY_END = (
    r"eod|cob|eob|(?:the )?close of (?:business|play)|(?:the )?end of (?:the )?"
    r"(?:business |working |work)?day|end of business|end of play"
)


_PAST = {
    "half": 30, "quarter": 15, "a quarter": 15, "five": 5, "ten": 10, "twenty": 20,
    "twenty-five": 25,
}  # fmt: skip


def _number(word: str | None) -> int:
    return int(NUMBERS.get(word, word)) if word else 0


def clock(hour: int, minute: int, half: str | None) -> Saying:
    """A clock's reading; `half` is a, p or nothing."""
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12 and hour < 13):
        return Saying(impossible=True)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return Saying(clock=Clock(hour, minute, sure=bool(half)))


def _said_hour(found: Match[str]) -> Saying:
    groups = found.groupdict()
    return clock(_number(found["hour"]), int(groups.get("minute") or 0), groups.get("half"))


def _range(found: Match[str]) -> Saying:
    """3-5pm begins at 15:00, 11-1pm at 11:00."""
    start, end = _number(found["hour"]), int(found["end"])
    half = found["first"] or found["half"]
    if not found["first"] and start > end and start != 12:
        half = "a" if half == "p" else "p"
    return clock(start, int(found["minute"] or 0), half)


def _past_or_to(found: Match[str]) -> Saying:
    minutes = _PAST.get(found["minutes"]) or int(found["minutes"])
    hour = _number(found["hour"])
    if found["way"] in ("to", "before"):
        hour, minutes = hour - 1 or 12, 60 - minutes
    return clock(hour, minutes, found["half"])


def _part(found: Match[str]) -> Saying:
    part = _PART[found["part"]]
    return Saying(part=_NEAR.get((found["near"] or "", part), part))


def _this_part(found: Match[str]) -> Saying:
    return Saying(days=0, part=_part(found).part)


TIME_RULES: tuple[Rule, ...] = (
    (pattern(rf"{_OPEN}{_AT}?{_HOUR}(?:[:.h](?P<minute>\d\d))?\s?{_HALF}(?![\w-])"), "firm",
     _said_hour),
    (pattern(rf"{_OPEN}(?:(?:from|between|at)\s)?{_HOUR}(?:[:.](?P<minute>\d\d))?\s?"
                rf"(?P<first>[ap])?(?:\.?m\.?)?\s?(?:-|to|and|until|till)\s?(?P<end>\d{{1,2}})"
                rf"(?:[:.]\d\d)?\s?{_HALF}(?![\w-])"), "firm", _range),
    (pattern(rf"{_OPEN}(?:at|@)\s{{0,2}}{_HOUR}(?:[.h](?P<minute>\d\d))?"
                rf"(?:\s?o'?clock|\s?ish|\ssharp)?{_SHUT}{_NOT_COUNTED}(?!\s[a-z]+[^s\W]s\b)"),
     "firm", _said_hour),
    (pattern(rf"{_OPEN}(?:by|around|from|until|till|before|after)\s{{0,2}}{_HOUR}"
                rf"{_SHUT}{_ENDS}"), "firm", _said_hour),
    (pattern(rf"{_OPEN}{_AT}?{_HOUR}(?P<minute>)\s?o'?clock(?![\w-])"), "firm", _said_hour),
    (pattern(r"(?<![\w.,:/+$€£¥'-])(?P<hour>\d{1,2})h(?P<minute>\d\d)(?!\w)"), "firm",
     _said_hour),
    (pattern(rf"{_OPEN}(?:at )?(?P<minutes>half|(?:a )?quarter|five|ten|twenty|"
             r"twenty-five|5|10|20|25)"
                rf"(?: min(?:ute)?s)? (?P<way>past|after|to|before) {_HOUR}(?:\s?{_HALF})?{_SHUT}"
                rf"{_NOT_COUNTED}"), "firm", _past_or_to),
    (pattern(rf"{_OPEN}(?P<minutes>half) {_HOUR}(?P<half>)(?P<way>)(?![\w-])"),
     "whole", _past_or_to),
    (pattern(rf"{_OPEN}{_HOUR}(?= (?:tonight|in the (?:morning|afternoon|evening)|"
                r"this (?:morning|afternoon|evening)|tomorrow (?:morning|afternoon|evening)))"),
     "joined", _said_hour),
    (pattern(rf"{_OPEN}(?P<hour>\d{{1,2}})h(?!\w)"), "joined", _said_hour),
    (pattern(r"(?<=[a-z\d] )(?P<hour>\d{1,2})(?=\s*(?:\Z|[,;!?]|\.\s))"), "joined", _said_hour),
    (pattern(r"(?<![\w'-])(?:at |by |around |before )?(?:12 )?(?:noon|midday)(?![\w-])"), "firm",
     lambda _: Saying(clock=Clock(12, sure=True))),
    (pattern(r"(?<![\w'-])(?:at |by |around )?lunch ?time(?![\w-])"), "firm",
     lambda _: Saying(part="noon")),
    (pattern(r"(?<![\w'-])at lunch(?![\w-])"), "firm", lambda _: Saying(part="noon")),
    (pattern(r"(?<![\w'-])before lunch(?![\w-])"), "firm",
     lambda _: Saying(part="late morning")),
    (pattern(r"(?<![\w'-])after lunch(?![\w-])"), "firm", lambda _: Saying(part="afternoon")),
    (pattern(r"(?<![\w'-])(?:at )?midnight(?![\w-])"), "firm",
     lambda _: Saying(clock=Clock(24, sure=True))),
    (pattern(r"(?<![\w'-])(?:tonight|tonite|2nite)(?![\w-])"), "firm",
     lambda _: Saying(days=0, part="night")),
    (pattern(rf"(?<![\w'-])this {_PART_WORD}(?![\w-])"), "firm", _this_part),
    (pattern(rf"(?<![\w'-])(?:first thing )?(?:in|by) the {_PART_WORD}(?![\w-])"), "firm", _part),
    (pattern(rf"(?<![\w'-]){_PART_WORD}(?![\w-])"), "whole", _part),
    (pattern(r"(?<![\w'-])first thing(?![\w-])"), "whole", lambda _: Saying(part="early")),
    (pattern(rf"(?<![\w'-])(?:by |before |at )?(?:{_DAY_END})(?![\w-])"), "firm",
     lambda _: Saying(part="eod")),
)  # fmt: skip
