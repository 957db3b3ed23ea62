"""Words of a repetition: "every monday", "mondays", 每周一, 每个工作日; read, and taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_COUNT = r"(?:(?:other|second|third|two|three|four|\d{1,2})\s+)?"
# With these the day itself stays: every monday -> monday, every 15th -> 15th.
_WITH_DAY = re.compile(
    rf"\b(?:every|each)\s+{_COUNT}(?P<day>{_DAY}\b|\d{{1,2}}(?:st|nd|rd|th)\b|morning\b|evening\b"
    rf"|afternoon\b)|\b(?P<days>{_DAY})s\b(?!\s*(?:ltd|inc|gmbh))",
    re.IGNORECASE,
)
_WITHOUT_DAY = re.compile(
    rf"\b(?:every|each)\s+{_COUNT}(?:working\s+days?|week\s?days?|days?|weeks?|months?|quarters?"
    r"|years?|hours?)\b",
    re.IGNORECASE,
)
_CHINESE_WITH_DAY = re.compile(
    r"每(?:隔?[一二两三四五六\d]*个?)?(?:月|天)?(?P<day>(?:周|星期|礼拜)[一二三四五六日天]|\d{1,2}[号日]|(?:早上|上午|中午|下午|晚上))"
)
_CHINESE_WITHOUT_DAY = re.compile(
    r"(?:每(?:隔?[一二两三四五六七八九十\d]*个?)?(?:工作日|天|日|周|星期|礼拜|月|季度?|年|小时)|隔(?:天|周|月))"
)


@dataclass(frozen=True)
class Repetition:
    """Words that ask for a repetition, and the line as it reads for a single time."""

    words: str
    once: str


def read_repetition(text: str) -> Repetition | None:
    """The first repetition that the text asks for; None where it asks for none."""
    for pattern in (_WITH_DAY, _CHINESE_WITH_DAY, _WITHOUT_DAY, _CHINESE_WITHOUT_DAY):
        found = pattern.search(text)
        if found is None:
            continue
        days = (found.groupdict().get(name) for name in ("day", "days"))
        day = next(filter(None, days), "")
        once = f"{text[: found.start()]}{day}{text[found.end() :]}"
        return Repetition(found[0], " ".join(once.split()))
    return None
