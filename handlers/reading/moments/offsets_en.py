"""The English grammar of times counted from now: in 2 days, a week from Friday, 3 hours ago."""

from __future__ import annotations

from decimal import Decimal
from re import Match

from handlers.reading.moments.pieces import TimeFields, compile_rules

NUMBERS = {
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty-five": "45",
    "ninety": "90", "couple": "2", "few": "3", "several": "3", "half": "0.5", "next": "1",
}  # fmt: skip
_NUMBER = (
    r"(?P<{n}>\d{{1,4}}(?:\.\d)?|half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|fifteen|twenty|thirty|forty-five|ninety|couple|few|several|an?)"
)
_UNIT = (
    r"(?P<{u}>minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|fortnights?|months?|"
    r"(?:working|business|work)[ -]days?|quarters?|years?|yrs?|(?:(?<=\d)|(?<=\d ))[mhdw](?![a-z]))"
)
_SOME = r"(?:(?:about|around|roughly|approx\.?|another|the next|a|say) )?"
_ARTICLE = r"(?: of)?(?: an?)?"
_AND_HALF = r"(?P<{n}_half> and a half)?"


def _build_span(number: str = "n", unit: str = "u") -> str:
    return (
        _SOME
        + _NUMBER.format(n=number)
        + _AND_HALF.format(n=number)
        + _ARTICLE
        + r"\s?"
        + _UNIT.format(u=unit)
        + r"(?![a-z])"
    )


_TAIL = (
    rf"(?:(?: and)? ?{_NUMBER.format(n='n2')}\s?{_UNIT.format(u='u2')}(?![a-z]))?"
    r"(?P<half> and a half)?"
)
_MINUTES = {"m": 1, "h": 60}
_DAYS = {"d": 1, "w": 7, "f": 14}


def _count_ahead(amount: Decimal, unit: str) -> TimeFields | None:
    """The offset of an amount of a unit; part of a day counts in hours, of a week in days."""
    kind = unit[:1]
    if unit.startswith("mo"):
        return (
            TimeFields(ahead_months=int(amount))
            if amount >= 1
            else TimeFields(days=int(30 * amount))
        )
    if kind in ("q", "y"):
        return TimeFields(ahead_months=int(amount * (3 if kind == "q" else 12)))
    if unit.startswith(("working", "business", "work")):
        return TimeFields(workdays=int(amount))
    if kind in _MINUTES:
        return TimeFields(minutes=int(amount * _MINUTES[kind]))
    days = amount * _DAYS[kind]
    return TimeFields(minutes=int(days * 480)) if days < 1 else TimeFields(days=int(days))


def _read_ahead(found: Match[str]) -> TimeFields | None:
    fields = _count_ahead(
        _read_amount(found["n"], bool(found["half"] or found["n_half"])), found["u"]
    )
    if not found["n2"] or fields is None:
        return fields
    more = _count_ahead(_read_amount(found["n2"]), found["u2"])
    if more is None or more.minutes is None:
        return None
    minutes = fields.minutes if fields.minutes is not None else (fields.days or 0) * 1440
    return TimeFields(minutes=minutes + more.minutes)


def _read_amount(word: str, half: bool = False) -> Decimal:
    return Decimal(NUMBERS.get(word, word)) + (Decimal("0.5") if half else 0)


def _read_shift(found: Match[str]) -> TimeFields | None:
    fields = _count_ahead(_read_amount(found["n"]), found["u"])
    return TimeFields(shift=fields.days) if fields is not None and fields.days else None


_OPEN = r"(?<![\w'.$€£¥,-])"
_OR_SO = r"(?: or (?:so|two|three))?(?:'s?)?(?: time| from now| from today)?(?![\w-])"

OFFSET_RULES = compile_rules((
    (rf"{_OPEN}(?:with)?in {_build_span()}{_TAIL}{_OR_SO}", "anywhere", _read_ahead),
    (rf"{_OPEN}after {_build_span()}{_TAIL}{_OR_SO}", "anywhere", _read_ahead),
    (rf"{_OPEN}{_build_span()}{_TAIL} (?:from now|from today|later|hence)(?![\w-])", "anywhere",
     _read_ahead),
    (rf"(?<!\S)\+ ?{_build_span()}{_TAIL}(?![\w-])", "anywhere", _read_ahead),
    (rf"{_OPEN}{_build_span()}{_TAIL}(?![\w-])", "alone", _read_ahead),
    (rf"{_OPEN}{_build_span()} (?:from|after)(?= (?:now|today|tomorrow|next|mon|tue|wed|thu|"
     r"fri|sat|sun|the \d|\d))", "joined", _read_shift),
    (rf"{_OPEN}{_build_span()}(?= tomorrow| on (?:mon|tue|wed|thu|fri|sat|sun))", "joined",
     _read_shift),
    (rf"{_OPEN}{_build_span()}{_TAIL} (?:ago|back|earlier)(?![\w-])", "anywhere",
     lambda _: TimeFields(past=True)),
))  # fmt: skip
