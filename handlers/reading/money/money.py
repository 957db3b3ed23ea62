"""Reads amounts of money as people write them: 12k, €4.500,00, 3万, half a million, 10-15k.

`read_money` is for a text that is meant to be an amount, `find_money` for one in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from re import Match

from handlers.reading.clean import Span, fold_in_place
from handlers.reading.counted_nouns import COUNTED
from handlers.reading.money.amounts import AMOUNT, is_scaled, read_amount, read_unit
from handlers.reading.money.currencies import BEFORE, BEHIND, choose_currency

MOST = Decimal(10) ** 12
_CENT = Decimal("0.01")
_LEAST_UNMARKED, _MOST_UNMARKED = (
    100,
    10**8,
)  # a number without any mark is an amount only in between
_LEAST_LONE = 1000
_YEARS = range(2015, 2041)
_LONGEST_FIELD = 40

_BODY = (
    rf"(?>(?:(?P<before>{BEFORE})\s?)?{AMOUNT.format(n='low')}"
    rf"(?:\s?(?:-|~|to\s|and\s|到|至)\s?(?:(?P<again>{BEFORE})\s?)?{AMOUNT.format(n='high')})?"
    rf"(?:多|来|余|\+)?(?:\s?(?P<behind>{BEHIND}))?)(?![a-z0-9_%]|[.,:/]\d|-\d)"
)
_OPEN = r"(?<![a-z0-9_:/+%$€£¥负第-])(?<!\d[.,])(?<!minus )(?<!thanks )"
_AROUND = (
    r"(?:(?:about|around|approx\.?|approximately|roughly|circa|ca\.?|~|≈|some|up to|at least|max|"
    r"min|over|under|nearly|almost|maybe|probably|say|between|from|for|worth|budget|amount|price|total|"
    r"offer|is|of|=|:|大?约|大概|差不多|将近|接近|近|超过|不到|至少|最多|预算|金额|总价|总额|价格|报价|是|为)\s*)"
)
_BEHIND_IT = r"\s*(?:or so|roughly|左右|上下|出头|吧|的样子|\.)?"
_ABOUT = re.compile(
    r"(?:(?<![a-z])(?:about|around|approx\.?|approximately|roughly|circa|ca\.|up to|at least|over|"
    r"under|nearly|almost|maybe)\s|~|≈|大?约|大概|差不多|将近|接近|近|超过|不到|至少|最多)\s?\Z"
)
_OR_SO = re.compile(r"\s?(?:or so\b|左右|上下|出头)")
_WHOLE = re.compile(rf"\s*{_AROUND}{{0,4}}{_BODY}{_BEHIND_IT}\s*\Z", re.ASCII)
_FIRST = re.compile(rf"\s*{_AROUND}{{0,4}}{_BODY}(?=[\s,;])", re.ASCII)
_ANYWHERE = re.compile(_OPEN + _BODY, re.ASCII)
_IS_COUNTED = re.compile(COUNTED)
_IN = re.compile(r"\b(?:in|after|within|every)\s\Z")
_FIELD = re.compile(
    r"(?:[^,;|\n]|(?<=\d),(?=(?:\d\d,){0,4}\d{3}(?!\d))|(?<=\.\d{3}),(?=\d\d(?!\d)))+"
)


@dataclass(frozen=True)
class Money:
    """An amount of money that a text names."""

    amount: Decimal  # of a range ("10-15k") the lower end
    currency: str  # ISO 4217
    high: Decimal | None  # the upper end of a range
    span: Span  # where it stands in the text
    explicit: bool  # whether the currency was named; otherwise it is the team's own


def read_money(text: str, default_currency: str) -> Money | None:
    """The amount that the text is; or, where it says more, the first amount marked as one in it.

    None for a text that names no amount, a negative one, or one over 10^12.
    """
    plain = fold_in_place(text)
    whole = _WHOLE.match(plain) or _FIRST.match(plain)
    money = _build_money(whole, plain, default_currency) if whole else None
    if (
        whole
        and money
        and (_is_marked(whole) or whole.re is _WHOLE or _may_be_unmarked(money, whole))
    ):
        return money
    return find_money(text, default_currency)


def find_money(text: str, default_currency: str) -> Money | None:
    """The first amount in a sentence or a line of fields.

    It must have a currency or a word for thousands or more, or be the only thing between two
    commas; so that phones, dates, times and "10 seats" are left alone.
    """
    marked = next(find_marked(text, default_currency), None)
    return marked or _find_unmarked_field(fold_in_place(text), default_currency)


def find_marked(text: str, default_currency: str) -> Iterator[Money]:
    """Every amount that has a currency or a word for thousands or more."""
    plain = fold_in_place(text)
    found = (_build_money(each, plain, default_currency) for each in _find_marked_matches(plain))
    return (money for money in found if money)


def find_unmarked(text: str, default_currency: str) -> Money | None:
    """The first number of thousands that stands between blanks with no mark: "Acme Jane 30000"."""
    plain = fold_in_place(text)
    for found in _ANYWHERE.finditer(plain):
        money = _build_money(found, plain, default_currency)
        blank = (
            plain[max(0, found.start() - 1) : found.start()].strip()
            == plain[found.end() : found.end() + 1].strip()
            == ""
        )
        if money and blank and money.amount >= _LEAST_LONE and _may_be_unmarked(money, found):
            return money
    return None


def _find_marked_matches(plain: str) -> Iterator[Match[str]]:
    for found in _ANYWHERE.finditer(plain):
        if _is_marked(found) and not _is_span_of_time(found, plain):
            yield found


def _is_marked(found: Match[str]) -> bool:
    return bool(_get_mark(found)) or is_scaled(found, "low") or is_scaled(found, "high")


def _get_mark(found: Match[str]) -> str | None:
    return found["behind"] or found["before"] or found["again"]


def _is_span_of_time(found: Match[str], plain: str) -> bool:
    """Whether it is a time: "in 3m" and "in 2w" are months and weeks, not millions."""
    short = found["low_scale"] in ("m", "w") and not _get_mark(found)
    return short and bool(_IN.search(plain, max(0, found.start() - 8), found.start()))


def _build_money(found: Match[str], plain: str, own: str) -> Money | None:
    mark = _get_mark(found)
    low, high = _read_range(found)
    if low is None or (not mark and _IS_COUNTED.match(plain, found.end())):
        return None
    if low > MOST or (high is not None and high > MOST):
        return None
    currency = choose_currency(mark, own) if mark else own
    start = found.start("before") if found["before"] else found.start("low")
    return Money(low, currency, high, _widen(start, found.end(), plain), explicit=bool(mark))


def _widen(start: int, end: int, plain: str) -> Span:
    """The span with the words beside it that say "about": roughly, 约, 左右."""
    before = _ABOUT.search(plain, max(0, start - 16), start)
    after = _OR_SO.match(plain, end)
    return (before.start() if before else start, after.end() if after else end)


def _read_range(found: Match[str]) -> tuple[Decimal | None, Decimal | None]:
    """Both ends of a range: "10-15k" is ten to fifteen thousand; None for no upper end."""
    low, upper = read_amount(found, "low")
    if low is None or found["high"] is None:
        return _round(low), _round(upper)
    high, _ = read_amount(found, "high")
    if high is None:
        return None, None
    if not is_scaled(found, "low") and low * read_unit(found, "high") <= high:
        low *= read_unit(found, "high")
    elif not is_scaled(found, "high") and high < low:
        high *= read_unit(found, "low")
    return (_round(low), _round(high)) if low < high else (None, None)


def _round(amount: Decimal | None) -> Decimal | None:
    if amount is None or amount > MOST:
        return amount
    return Decimal(int(amount)) if amount == int(amount) else amount.quantize(_CENT)


def _find_unmarked_field(plain: str, own: str) -> Money | None:
    for field in _FIELD.finditer(plain):
        if len(field[0]) > _LONGEST_FIELD:
            continue
        whole = _WHOLE.match(field[0])
        money = _build_money(whole, field[0], own) if whole else None
        if money and whole and _may_be_unmarked(money, whole):
            start, end = money.span
            return replace(money, span=(start + field.start(), end + field.start()))
    return None


def _may_be_unmarked(money: Money, found: Match[str]) -> bool:
    written = found["low"]
    year = written.isdigit() and int(written) in _YEARS
    phone = written.startswith("0") or (written.isdigit() and len(written) > 7)
    return _LEAST_UNMARKED <= money.amount < _MOST_UNMARKED and not year and not phone
