"""Reads how long something takes: 3d4h, 2h30m, 90m, 1w, 2 days, 三天, 一个半小时."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from handlers.reading.clean import fold_in_place
from handlers.reading.moments.offsets_en import NUMBERS
from handlers.reading.moments.pieces import compile_ascii
from handlers.reading.numbers_zh import read_chinese_number

LONGEST = timedelta(days=3660)
_TEXT_LIMIT = 64
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080}
_MINUTES_ZH = {"分": 1, "分钟": 1, "小时": 60, "钟头": 60, "天": 1440, "日": 1440, "周": 10_080,
               "星期": 10_080, "礼拜": 10_080}  # fmt: skip
_ENGLISH = compile_ascii(
    r"\s*(?:and )?(?P<n>\d{1,6}(?:\.\d{1,3})?|half an?|an?|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve)\s?"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|[mhdw])(?![a-z]),?"
)
_CHINESE = compile_ascii(
    r"\s*(?P<n>\d{1,6}(?:\.\d{1,3})?|[一二三四五六七八九十百两半]{1,5})(?P<half>个半)?个?"
    r"(?P<unit>分钟|分|小时|钟头|天|日|周|星期|礼拜)(?P<late>半)?"
)


def read_duration(text: str) -> timedelta | None:
    """The length of time that the whole text names, at most ten years; None for anything else."""
    plain = fold_in_place(text[:_TEXT_LIMIT]).strip()
    if not plain or len(text) > _TEXT_LIMIT:
        return None
    minutes, at = Decimal(0), 0
    while at < len(plain):
        part = _read_part(plain, at)
        if part is None:
            return None
        minutes, at = minutes + part[0], part[1]
    length = timedelta(minutes=float(minutes))
    return length if length <= LONGEST else None


def _read_part(plain: str, at: int) -> tuple[Decimal, int] | None:
    """The minutes of the part that begins at `at`, and where it ends."""
    english = _ENGLISH.match(plain, at)
    if english:
        word = english["n"].removesuffix(" an").removesuffix(" a")
        count = Decimal(NUMBERS.get(word, word))
        return count * _MINUTES[english["unit"][0]], english.end()
    chinese = _CHINESE.match(plain, at)
    if not chinese:
        return None
    number = Decimal("0.5") if chinese["n"] == "半" else read_chinese_number(chinese["n"])
    if number is None:
        return None
    if chinese["half"] or chinese["late"]:
        number += Decimal("0.5")
    return number * _MINUTES_ZH[chinese["unit"]], chinese.end()
