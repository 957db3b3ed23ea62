"""Reads Chinese numerals: 三, 十五, 两百, 三万五, 一百二十万, 3.5万, and 半."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "幺": 1,
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
}
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
NUMERAL = "零〇一二三四五六七八九两俩仨壹贰叁肆伍陆柒捌玖十百千拾佰仟"
LONGEST = 24  # characters of one numeral; a longer one is nobody's number

_MIXED = re.compile(rf"(?:\d{{1,12}}(?:\.\d{{1,6}})?|[{NUMERAL}万亿])")


def read_chinese_number(text: str) -> Decimal | None:
    """The value of a numeral in digits, in Chinese, or in both ("3万5千"); None for anything else.

    A digit after the last unit counts the next lower unit, as people speak: 三万五 is 35,000.
    """
    if not text or len(text) > LONGEST or "".join(_MIXED.findall(text)) != text:
        return None
    if not any(char in SMALL or char in LARGE for char in text):
        return _read_digit_by_digit(text)
    total = Decimal(0)
    for name, unit in (("亿", 100_000_000), ("万", 10_000)):
        head, found, text = text.rpartition(name)
        part = _read_below_ten_thousand(head) if head else None
        if found and part is None:
            return None
        total += (part or Decimal(0)) * unit
        if found and len(text) == 1 and text in _ONES:
            return total + Decimal(_ONES[text] * unit // 10)
    rest = _read_below_ten_thousand(text) if text else Decimal(0)
    return None if rest is None else total + rest


_ONES = {**DIGITS, **{str(digit): digit for digit in range(10)}}


def _read_digit_by_digit(text: str) -> Decimal | None:
    """The value of digits written one by one: 12, 3.5, 二〇二六."""
    if re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?", text):
        return Decimal(text)
    if all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    return None


def _read_below_ten_thousand(text: str) -> Decimal | None:
    """The value of 一百二十, 三千五, 十五, 两千零五, 5千, 12.5; of the head of 120万 too."""
    if "万" in text or "亿" in text:
        return read_chinese_number(text)
    total, unit = Decimal(0), 1
    number: Decimal | None = None
    after_zero = False
    for sign in _MIXED.findall(text):
        if sign in SMALL:
            unit = SMALL[sign]
            total += (Decimal(1) if number is None else number) * unit
            number = None
        elif sign in "零〇":
            after_zero = True
        elif number is not None:
            return None if total else _read_digit_by_digit(text)
        else:
            number = _read_digit_by_digit(sign)
    if number is None:
        return total
    counts_lower = total and unit > 10 and not after_zero and number < 10
    return total + (number * unit / 10 if counts_lower else number)
