"""The marks and words for currencies, and which currency each of them means to a team."""

from __future__ import annotations

import re

from babel.core import get_global

_CODES = (
    "usd eur gbp cny jpy chf cad aud nzd hkd sgd twd krw inr rub brl mxn zar sek nok dkk pln czk "
    "huf bgn ils aed sar qar kwd thb vnd idr myr uah kzt ngn kes egp clp"
).split()
_SYMBOLS = {
    "us$": "USD", "u$s": "USD", "hk$": "HKD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD",
    "s$": "SGD", "sg$": "SGD", "nz$": "NZD", "nt$": "TWD", "r$": "BRL", "mx$": "MXN", "cn¥": "CNY",
    "jp¥": "JPY", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY",
    "₫": "VND", "฿": "THB", "₴": "UAH", "₦": "NGN", "₪": "ILS", "₱": "PHP", "zł": "PLN",
    "kč": "CZK",
}  # fmt: skip
_WORDS = {
    "rmb": "CNY", "yuan": "CNY", "renminbi": "CNY", "人民币": "CNY", "元人民币": "CNY",
    "dollars": "USD", "dollar": "USD", "us dollars": "USD", "bucks": "USD", "美元": "USD",
    "美金": "USD", "美刀": "USD", "刀": "USD", "euros": "EUR", "euro": "EUR", "欧元": "EUR",
    "欧": "EUR", "pounds": "GBP", "pound": "GBP", "quid": "GBP", "sterling": "GBP", "英镑": "GBP",
    "镑": "GBP", "yen": "JPY", "日元": "JPY", "日圆": "JPY", "円": "JPY", "港币": "HKD",
    "港元": "HKD", "港纸": "HKD", "台币": "TWD", "新台币": "TWD", "澳元": "AUD", "澳币": "AUD",
    "加元": "CAD", "加币": "CAD", "新元": "SGD", "新币": "SGD", "新加坡元": "SGD", "纽元": "NZD",
    "瑞郎": "CHF", "瑞士法郎": "CHF", "francs": "CHF", "韩元": "KRW", "韩币": "KRW",
    "卢布": "RUB", "rubles": "RUB", "roubles": "RUB", "卢比": "INR", "rupees": "INR",
    "泰铢": "THB", "baht": "THB",
}  # fmt: skip
_SHARED: dict[str, tuple[str, ...]] = {  # the first is meant by a team that uses none of them
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"),
    "dollars": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"),
    "bucks": ("USD", "CAD", "AUD", "NZD"),
    "¥": ("CNY", "JPY"),
    "元": ("CNY", "TWD", "HKD", "MOP"),
    "圆": ("CNY", "JPY", "TWD"),
    "块": ("CNY", "TWD", "HKD"),
    "块钱": ("CNY", "TWD", "HKD"),
    "kr": ("SEK", "NOK", "DKK"),
}
_NAMED = {**{code: code.upper() for code in _CODES}, **_SYMBOLS, **_WORDS}


def _join_marks(marks: set[str]) -> str:
    longest_first = sorted(marks, key=lambda mark: (-len(mark), mark))
    return "|".join(re.escape(mark) + _end_of_word(mark) for mark in longest_first)


def _end_of_word(mark: str) -> str:
    return r"(?![a-z])" if mark[-1].isascii() and mark[-1].isalpha() else ""


_ONLY_BEHIND = {"元", "块", "块钱", "刀", "欧", "镑", "圆", "円", "元人民币"}
BEHIND = _join_marks({*_NAMED, *_SHARED})
BEFORE = _join_marks({*_NAMED, *_SHARED} - _ONLY_BEHIND)


def choose_currency(mark: str, own: str) -> str:
    """The ISO code that a mark means to a team whose own currency is `own`."""
    shared = _SHARED.get(mark)
    if shared is None:
        return _NAMED[mark]
    return own if own in shared else shared[0]


def find_currency(text: str, own: str) -> str | None:
    """The ISO 4217 code of a code or a word such as 人民币; None for anything else.

    `own` is what a mark that several currencies share is taken for.
    """
    code = text.strip().upper()
    if code in get_global("all_currencies"):
        return code
    try:
        return choose_currency(text.strip().casefold(), own)
    except KeyError:
        return None
