"""The English grammar of times of day: 3pm, at 9, half past 3, noon, in the morning, EOD."""

from __future__ import annotations

from re import Match

from handlers.reading.counted_nouns import NOT_COUNTED
from handlers.reading.moments.offsets_en import NUMBERS
from handlers.reading.moments.pieces import Clock, DayPart, TimeFields, compile_rules

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
_PART: dict[str, DayPart] = {
    "morning": "morning", "afternoon": "afternoon", "arvo": "afternoon", "evening": "evening",
    "night": "night", "eve": "evening",
}  # fmt: skip
_NEAR: dict[tuple[str, DayPart], DayPart] = {
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


def _read_number(word: str | None) -> int:
    return int(NUMBERS.get(word, word)) if word else 0


def _build_clock(hour: int, minute: int, half: str | None) -> TimeFields:
    """A clock's reading; `half` is a, p or nothing."""
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12 and hour < 13):
        return TimeFields(impossible=True)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return TimeFields(clock=Clock(hour, minute, sure=bool(half)))


def _read_hour(found: Match[str]) -> TimeFields:
    groups = found.groupdict()
    return _build_clock(
        _read_number(found["hour"]), int(groups.get("minute") or 0), groups.get("half")
    )


def _read_range(found: Match[str]) -> TimeFields:
    """3-5pm begins at 15:00, 11-1pm at 11:00."""
    start, end = _read_number(found["hour"]), int(found["end"])
    half = found["first"] or found["half"]
    if not found["first"] and start > end and start != 12:
        half = "a" if half == "p" else "p"
    return _build_clock(start, int(found["minute"] or 0), half)


def _read_past_or_to(found: Match[str]) -> TimeFields:
    minutes = _PAST.get(found["minutes"]) or int(found["minutes"])
    hour = _read_number(found["hour"])
    if found["way"] in ("to", "before"):
        hour, minutes = hour - 1 or 12, 60 - minutes
    return _build_clock(hour, minutes, found["half"])


def _read_part(found: Match[str]) -> TimeFields:
    part = _PART[found["part"]]
    return TimeFields(part=_NEAR.get((found["near"] or "", part), part))


def _read_this_part(found: Match[str]) -> TimeFields:
    return TimeFields(days=0, part=_read_part(found).part)


TIME_RULES = compile_rules((
    (rf"{_OPEN}{_AT}?{_HOUR}(?:[:.h](?P<minute>\d\d))?\s?{_HALF}(?![\w-])", "anywhere",
     _read_hour),
    (rf"{_OPEN}(?:(?:from|between|at)\s)?{_HOUR}(?:[:.](?P<minute>\d\d))?\s?"
     rf"(?P<first>[ap])?(?:\.?m\.?)?\s?(?:-|to|and|until|till)\s?(?P<end>\d{{1,2}})"
     rf"(?:[:.]\d\d)?\s?{_HALF}(?![\w-])", "anywhere", _read_range),
    (rf"{_OPEN}(?:at|@)\s{{0,2}}{_HOUR}(?:[.h](?P<minute>\d\d))?"
     rf"(?:\s?o'?clock|\s?ish|\ssharp)?{_SHUT}{_NOT_COUNTED}(?!\s[a-z]+[^s\W]s\b)",
     "anywhere", _read_hour),
    (rf"{_OPEN}(?:by|around|from|until|till|before|after)\s{{0,2}}{_HOUR}"
     rf"{_SHUT}{_ENDS}", "anywhere", _read_hour),
    (rf"{_OPEN}{_AT}?{_HOUR}(?P<minute>)\s?o'?clock(?![\w-])", "anywhere", _read_hour),
    (r"(?<![\w.,:/+$€£¥'-])(?P<hour>\d{1,2})h(?P<minute>\d\d)(?!\w)", "anywhere",
     _read_hour),
    (rf"{_OPEN}(?:at )?(?P<minutes>half|(?:a )?quarter|five|ten|twenty|"
     r"twenty-five|5|10|20|25)"
     rf"(?: min(?:ute)?s)? (?P<way>past|after|to|before) {_HOUR}(?:\s?{_HALF})?{_SHUT}"
     rf"{_NOT_COUNTED}", "anywhere", _read_past_or_to),
    (rf"{_OPEN}(?P<minutes>half) {_HOUR}(?P<half>)(?P<way>)(?![\w-])",
     "whole", _read_past_or_to),
    (rf"{_OPEN}{_HOUR}(?= (?:tonight|in the (?:morning|afternoon|evening)|"
     r"this (?:morning|afternoon|evening)|tomorrow (?:morning|afternoon|evening)))",
     "joined", _read_hour),
    (rf"{_OPEN}(?P<hour>\d{{1,2}})h(?!\w)", "joined", _read_hour),
    (r"(?<=[a-z\d] )(?P<hour>\d{1,2})(?=\s*(?:\Z|[,;!?]|\.\s))", "joined", _read_hour),
    (r"(?<![\w'-])(?:at |by |around |before )?(?:12 )?(?:noon|midday)(?![\w-])", "anywhere",
     lambda _: TimeFields(clock=Clock(12, sure=True))),
    (r"(?<![\w'-])(?:at |by |around )?lunch ?time(?![\w-])", "anywhere",
     lambda _: TimeFields(part="noon")),
    (r"(?<![\w'-])at lunch(?![\w-])", "anywhere", lambda _: TimeFields(part="noon")),
    (r"(?<![\w'-])before lunch(?![\w-])", "anywhere",
     lambda _: TimeFields(part="late morning")),
    (r"(?<![\w'-])after lunch(?![\w-])", "anywhere", lambda _: TimeFields(part="afternoon")),
    (r"(?<![\w'-])(?:at )?midnight(?![\w-])", "anywhere",
     lambda _: TimeFields(clock=Clock(24, sure=True))),
    (r"(?<![\w'-])(?:tonight|tonite|2nite)(?![\w-])", "anywhere",
     lambda _: TimeFields(days=0, part="night")),
    (rf"(?<![\w'-])this {_PART_WORD}(?![\w-])", "anywhere", _read_this_part),
    (rf"(?<![\w'-])(?:first thing )?(?:in|by) the {_PART_WORD}(?![\w-])", "anywhere", _read_part),
    (rf"(?<![\w'-]){_PART_WORD}(?![\w-])", "whole", _read_part),
    (r"(?<![\w'-])first thing(?![\w-])", "whole", lambda _: TimeFields(part="early")),
    (rf"(?<![\w'-])(?:by |before |at )?(?:{_DAY_END})(?![\w-])", "anywhere",
     lambda _: TimeFields(part="eod")),
))  # fmt: skip
