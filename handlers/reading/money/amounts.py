"""Reads the number of an amount: digits in any grouping, with a scale, in Chinese, in words."""

from __future__ import annotations

import re
from decimal import Decimal
from math import prod
from re import Match

from handlers.reading.numbers_en import SCALES, WORDS, read_english_number
from handlers.reading.numbers_zh import DIGITS, LARGE, NUMERAL, SMALL, read_chinese_number

_SCALES = {
    **SCALES, "k": 10**3, "mm": 10**6, "m": 10**6, "mn": 10**6, "mio": 10**6, "mill": 10**6,
    "b": 10**9, "bn": 10**9, "w": 10**4, "tsd": 10**3, "hundred thousand": 10**5, "kk": 10**6,
}  # fmt: skip
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_GROUPED = r"\d{{1,15}}(?:[ ']\d{{3}}(?!\d)|[.,]\d{{1,6}}){{0,5}}|\.\d{{1,2}}"
_CHINESE = (
    r"(?:(?:\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,12}}(?:\.\d{{1,6}})?)\s?(?=[十百千万亿])"
    rf"|(?![百千拾佰仟])[{NUMERAL}])[{NUMERAL}万亿\d]{{{{0,15}}}}"
)

AMOUNT = (
    rf"(?P<{{n}}>(?P<{{n}}_zh>{_CHINESE})"
    rf"|(?P<{{n}}_digits>{_GROUPED})(?:\s?(?P<{{n}}_scale>{_SCALE})s?(?![a-z]))?"
    rf"|(?P<{{n}}_words>{WORDS.replace('{', '{{').replace('}', '}}')}))"
)
"""A pattern with a place `{n}` for the name of its groups."""

_LOOSE = re.compile(r"[,\s]")
_UNITS = {**SMALL, **LARGE}
_BETWEEN = re.compile(r"([一二两三四五六七八九])([一二两三四五六七八九])([十百千]?[万亿]|[百千])")
_TRAILING = re.compile(r"[十百千万亿]+\Z")


def read_amount(found: Match[str], name: str) -> tuple[Decimal | None, Decimal | None]:
    """The number in the named group and, for 三五万 ("thirty to fifty thousand"), its upper end."""
    chinese, words = found[f"{name}_zh"], found[f"{name}_words"]
    if chinese:
        between = _BETWEEN.fullmatch(chinese)
        if between:
            return _read_between(*between.groups())
        return read_chinese_number(_LOOSE.sub("", chinese)), None
    if words:
        return read_english_number(words), None
    scale = found[f"{name}_scale"]
    number = read_digits(found[f"{name}_digits"], scaled=bool(scale))
    return (None if number is None else number * _SCALES.get(scale or "", 1)), None


def is_scaled(found: Match[str], name: str) -> bool:
    """Whether the number says thousands or more in a word: 12k, 3万, half a million."""
    chinese, words = found[f"{name}_zh"] or "", found[f"{name}_words"] or ""
    in_words = any(word.removesuffix("s") in SCALES for word in re.split("[ -]", words))
    return bool(found[f"{name}_scale"]) or in_words or any(unit in chinese for unit in "千万亿仟")


def read_unit(found: Match[str], name: str) -> int:
    """By how much the number's last unit multiplies: 1000 in 15k, 10,000 in 5万."""
    trailing = _TRAILING.search(found[f"{name}_zh"] or "")
    if trailing:
        return prod(_UNITS[unit] for unit in trailing[0])
    words = (found[f"{name}_words"] or "").split()
    scale = found[f"{name}_scale"] or (words[-1].removesuffix("s") if words else "")
    return _SCALES.get(scale, 1)


def read_digits(text: str, *, scaled: bool = False) -> Decimal | None:
    """The number that digits write; point, comma, space or apostrophe may group its thousands.

    One point or comma before exactly three digits groups (€4.500), unless the number is `scaled`
    by a word behind it (1.234m).
    """
    head, *thousands = re.split("[ ']", text)
    if thousands and not re.fullmatch(r"\d{1,3}", head):
        return None
    plain = head + "".join(thousands)
    last = max(plain.rfind("."), plain.rfind(","))
    if "." in plain and "," in plain:
        whole, fraction = plain[:last], plain[last + 1 :]
        grouped = _remove_grouping(whole, "," if plain[last] == "." else ".")
        return None if grouped is None else Decimal(f"{grouped}.{fraction}")
    if last < 0:
        return Decimal(plain)
    return _read_one_separator(plain, plain[last], scaled)


def _read_one_separator(plain: str, mark: str, scaled: bool) -> Decimal | None:
    parts = plain.split(mark)
    whole = _remove_grouping(plain, mark)
    if len(parts) == 2 and (whole is None or parts[0] == "0" or (scaled and mark == ".")):
        return Decimal(f"{parts[0] or 0}.{parts[1]}")
    return None if whole is None else Decimal(whole)


def _remove_grouping(text: str, mark: str) -> str | None:
    """The digits without their thousands separators, also the Indian way: 12,34,567."""
    if mark not in text:
        return text
    head, *groups = text.split(mark)
    by_three = 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)
    lakhs = mark == "," and 1 <= len(head) <= 2 and len(groups) > 1 and len(groups[-1]) == 3
    if by_three or (lakhs and all(len(group) == 2 for group in groups[:-1])):
        return head + "".join(groups)
    return None


def _read_between(first: str, second: str, unit: str) -> tuple[Decimal | None, Decimal | None]:
    scale = prod(_UNITS[sign] for sign in unit)
    low, high = DIGITS[first], DIGITS[second]
    if high == low + 1 or (low, high) == (3, 5):
        return Decimal(low * scale), Decimal(high * scale)
    return None, None
