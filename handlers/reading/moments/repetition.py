"""Words of a repetition: "every monday", "mondays", 每周一, 每个工作日; read, and taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_NUMBER = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_COUNT = r"(?:(?:other|second|third|two|three|four|\d{1,2})\s+)?"
# Further days of the same repetition go with its words: every mon, wed and fri -> mon.
_MORE_DAYS = rf"(?:(?:\s*[,/&+]\s*(?:and\s+)?|\s+and\s+){_DAY}s?\b)*"
# With these the day itself stays: every monday -> monday, every 15th -> 15th.
_WITH_DAY = re.compile(
    rf"\b(?:every|each)\s+{_COUNT}(?:(?P<day>{_DAY})s?\b{_MORE_DAYS}"
    r"|(?P<date>\d{1,2}(?:st|nd|rd|th))\b(?:\s+of\s+(?:the|each|every)\s+month\b)?"
    r"|(?P<end>last\s+day\s+of\s+the\s+month)\b|(?P<part>morning|evening|afternoon)\b)"
    rf"|\b(?P<days>{_DAY})s\b(?!\s*(?:ltd|inc|gmbh)){_MORE_DAYS}",
    re.IGNORECASE,
)
# "Weekly" repeats at the end of a line or before a time of day; "the weekly report" is a name.
_WITHOUT_DAY = re.compile(
    rf"\b(?:of\s+)?(?:every|each)\s+{_COUNT}(?:working\s+days?|week\s?days?|days?|weeks?|months?"
    r"|quarters?|years?|hours?)\b"
    r"|\b(?:once|twice)\s+(?:a|per)\s+(?:day|week|month|quarter|year)\b"
    r"|\b(?:daily|(?:bi-?)?weekly|fortnightly|(?:bi-?)?monthly|quarterly|yearly|annually"
    r"|(?:on\s+)?(?:week|work)days)(?=\s*[.!]*\Z"
    rf"|\s+on\s+{_DAY}\b"
    r"|\s+(?:at\s+)?\d{1,2}(?:[:.]\d\d|\s*[ap]m)?\b)",
    re.IGNORECASE,
)
# What follows a further weekday is no hour and no other word: 每周一三点 is Monday at three.
_CHINESE_MORE_DAYS = (
    r"(?:[、和及,，]?(?:(?:周|星期|礼拜)[一二三四五六日天]|[二三四五六](?![点點个個十次方家位月天:：])"
    r"|(?<=六)日(?!报|報)))*"
)
_CHINESE_WITH_DAY = re.compile(
    r"每(?:隔?[一二两兩三四五六\d]*[个個]?)?(?:月|天)?(?:(?P<day>(?:周|週|星期|礼拜|禮拜)[一二三四五六日天])"
    rf"{_CHINESE_MORE_DAYS}"
    r"|(?P<date>\d{1,2}[号號日])|(?P<part>早上|上午|中午|下午|晚上))"
    r"|每?(?:隔|双|雙)(?P<days>(?:周|週)[一二三四五六日])"
)
_CHINESE_WITHOUT_DAY = re.compile(
    r"(?:每(?:隔?[一二两兩三四五六七八九十\d]*[个個]?)?(?:工作日|天|日|周|週|星期|礼拜|禮拜|月|季度?|年|小时|小時)"
    r"|隔(?:天|周|週|月))"
)
# How long a repetition goes on; read only beside one.
_BOUNDS = re.compile(
    r"[,;]?\s*\b(?:until|till?|through)\s+(?:the\s+)?"
    r"(?:end\s+of\s+(?:the\s+|this\s+|next\s+)?(?:year|month|quarter|week)|eoy|eom"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:\s+\d{{4}}\b)?"
    rf"|{_MONTH}\b(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+\d{{4}}\b)?"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?)"
    rf"|[,;]?\s*\bfor\s+(?:the\s+next\s+)?{_NUMBER}\s+(?:days|weeks|months|quarters|years)\b"
    rf"|[,;]?\s*\b(?:for\s+)?{_NUMBER}\s+times\b"
    r"|[,，]?\s*(?:直?到|至)(?:今年底?|明年底?|年底|月底|季度末|\d{1,2}月(?:\d{1,2}[号號日]|底)?)(?:为止|為止)?"
    r"|[,，]?\s*(?:一?共|总共|總共)[一二两兩三四五六七八九十\d]+次",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Repetition:
    """Words that ask for a repetition, and the line as it reads for a single time."""

    words: str
    once: str


def split_repetition(text: str) -> tuple[str, Repetition | None]:
    """The text as it reads for a single time, and the repetition it asks for, if any."""
    repetition = read_repetition(text)
    return (repetition.once, repetition) if repetition is not None else (text, None)


def read_repetition(text: str) -> Repetition | None:
    """The first repetition that the text asks for; None where it asks for none."""
    for pattern in (_WITH_DAY, _CHINESE_WITH_DAY, _WITHOUT_DAY, _CHINESE_WITHOUT_DAY):
        found = pattern.search(text)
        if found is None:
            continue
        day = next(filter(None, found.groupdict().values()), "")
        rest = f"{text[: found.start()]}{day}{text[found.end() :]}"
        bounds = " ".join(each[0].strip(" ,;，") for each in _BOUNDS.finditer(rest))
        once = " ".join(_BOUNDS.sub("", rest).split())
        return Repetition(f"{found[0]} {bounds}".strip(), once)
    return None
