"""The Chinese grammar of times of day: 下午3点, 两点半, 七点一刻, 中午, 下班前."""

from __future__ import annotations

from re import Match

from handlers.reading.moments.pieces import Clock, DayPart, TimeFields, compile_rules
from handlers.reading.numbers_zh import read_chinese_number

_N = r"(?:\d{1,2}|[零〇一二三四五六七八九十两]{1,3})"
_PARTS: dict[str, DayPart] = {
    **dict.fromkeys(("凌晨",), "dawn"),
    **dict.fromkeys(("清晨", "大清早", "一大早", "清早", "一早"), "early"),
    **dict.fromkeys(("早上", "早晨", "上午", "早间", "早", "晨", "午前"), "morning"),
    **dict.fromkeys(("中午", "正午", "午间"), "noon"),
    **dict.fromkeys(("下午", "午后", "午饭后"), "afternoon"),
    **dict.fromkeys(("下班前", "下班之前", "下班以前", "收工前"), "eod"),
    **dict.fromkeys(("傍晚", "黄昏", "下班后"), "dusk"),
    **dict.fromkeys(("晚上", "晚间", "晚", "入夜"), "evening"),
    **dict.fromkeys(("夜里", "深夜", "夜间", "夜晚", "半夜", "午夜", "夜"), "night"),
}
_LONG = "|".join(sorted((word for word in _PARTS if len(word) > 1), key=len, reverse=True))
_THINGS = (
    r"(?![一些儿点子球钱赞评头名餐子]|意见|建议|要求|原因|问题|不同|理由|内容|想法|疑问|说明|需求|优势|好处|"
    r"以上|以下|折)"
)
_MINUTES = rf"(?P<tail>半|整|钟|[一三]刻|过?(?P<minute>{_N})分?(?!钟?[后内以之]))?"
_TO = r"(?:\s?[-~到至]\s?(?:[上下中]午|晚上)?\d{1,2}(?::\d\d|点半?)?(?!\d))?"
_A_LITTLE = r"一点(?!半|整|钟|[一三]刻|\d)"  # in 快一点 and 一点也不 no hour
_BEFORE = r"(?:(?<![\d.:第零一二三四五六七八九十两周期拜])|(?<=[周期拜][一二三四五六日天]))"


def _read_number(text: str) -> int:
    value = read_chinese_number(text)
    return 99 if value is None else int(value)


def _read_clock(found: Match[str]) -> TimeFields:
    hour, minute = _read_number(found["hour"]), _read_minute(found)
    if hour > 24 or minute > 59:
        return TimeFields(impossible=True)
    return TimeFields(clock=Clock(hour, minute, sure=found["hour"].startswith("0")))


def _read_minute(found: Match[str]) -> int:
    if found["minute"]:
        return _read_number(found["minute"])
    return {"半": 30, "一刻": 15, "三刻": 45}.get(found["tail"] or "", 0)


def _read_minutes_to(found: Match[str]) -> TimeFields:
    """Reads 差一刻三点 and 三点差五分: so many minutes before the hour."""
    missing = 15 if found["missing"] == "一刻" else _read_number(found["missing"].rstrip("分"))
    hour = _read_number(found["hour"])
    if not 1 <= hour <= 24 or not 1 <= missing <= 59:
        return TimeFields(impossible=True)
    return TimeFields(clock=Clock(hour - 1 or 12, 60 - missing))


def _read_part(found: Match[str]) -> TimeFields:
    return TimeFields(part=_PARTS[found["part"]])


TIME_RULES = compile_rules((
    (rf"{_BEFORE}(?!{_A_LITTLE})(?P<hour>{_N})\s?(?:点|时(?!间|候|尚|代)){_MINUTES}"
     rf"{_THINGS}{_TO}", "anywhere", _read_clock),
    (rf"{_BEFORE}(?P<hour>一)点(?P<tail>)(?P<minute>){_THINGS}", "joined", _read_clock),
    (rf"差(?P<missing>一刻|{_N}分)(?:钟)?(?:到)?(?P<hour>{_N})点", "anywhere", _read_minutes_to),
    (rf"(?<!\d)(?P<hour>{_N})点差(?P<missing>一刻|{_N}分)", "anywhere", _read_minutes_to),
    (rf"(?P<part>{_LONG})(?!好)(?:的时候)?", "anywhere", _read_part),
    (rf"(?P<part>早|晚|晨|夜)(?![点些好期安餐饭宴会]|一些|{_A_LITTLE})", "joined", _read_part),
))  # fmt: skip
