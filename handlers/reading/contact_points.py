"""Finds e-mail addresses and phone numbers in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, ValidationResult

from handlers.reading.clean import Span, same_length

_EMAIL = re.compile(
    r"(?<![\w.+-])(?:mailto:)?(?P<address>[A-Za-z0-9][\w.+%'-]{0,63}@"
    r"(?:[A-Za-z0-9\u00c0-\uffdc](?:[A-Za-z0-9\u00c0-\uffdc-]{0,61}[A-Za-z0-9\u00c0-\uffdc])?\.){1,6}"
    r"[A-Za-z]{2,24})(?![\w@-])",
    re.ASCII,
)
_CHINESE_MOBILE = re.compile(r"(?<![\d+])1[3-9]\d([ -]?)\d{4}\1\d{4}(?!\d)")
_INTERNATIONAL = re.compile(r"(?<!\d)\+\d[\d ().-]{6,22}\d")
_LABELLED = re.compile(
    r"(?:phone|tel|mobile|cell|call|电话|手机|座机)\s{0,2}[:.：]?\s{0,2}([+(\d][\d ().-]{5,22}\d)"
)
_MOST_TEXT = 4000  # characters searched for phones: the matcher is slow, a contact card is short
_FREE_MAIL = frozenset(
    "gmail googlemail outlook hotmail live msn yahoo ymail icloud me mac aol proton protonmail gmx "
    "web mail qq 163 126 yeah sina sohu foxmail 139 189 aliyun zoho fastmail yandex mailru".split()
)


@dataclass(frozen=True)
class Found:
    """A contact point in its stored form: an address in lower case, a phone in E.164."""

    value: str
    span: Span


def emails_in(text: str) -> list[Found]:
    """Every e-mail address, in order."""
    return [Found(found["address"].lower(), found.span()) for found in _EMAIL.finditer(text)]


def phones_in(text: str, region: str) -> list[Found]:
    """Every phone number, in order; local ones are those of `region` (ISO country) or Chinese."""
    plain = same_length(text)[:_MOST_TEXT]
    found: dict[Span, Found] = {}
    for phone in _candidates(plain, region.upper()):
        if not any(_overlap(phone.span, other) for other in found):
            found[phone.span] = phone
    return [found[span] for span in sorted(found)]


def company_of(email: str) -> str:
    """The firm of an address's domain ("acme" of jane@mail.acme.co.uk); "" for free mail."""
    labels = email.rpartition("@")[2].lower().split(".")[:-1]
    while len(labels) > 1 and labels[-1] in ("co", "com", "org", "net", "ac", "gov", "edu"):
        labels.pop()
    name = labels[-1] if labels else ""
    return "" if name in _FREE_MAIL else name


def _candidates(plain: str, region: str) -> Iterator[Found]:
    for match in PhoneNumberMatcher(plain, region):
        yield Found(_e164(match.number), (match.start, match.start + len(match.raw_string)))
    for pattern, home in ((_CHINESE_MOBILE, "CN"), (_INTERNATIONAL, None), (_LABELLED, region)):
        for found in pattern.finditer(plain):
            group = 1 if pattern is _LABELLED else 0
            number = _parsed(found[group], home)
            if number is not None:
                yield Found(_e164(number), found.span(group))


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    return number if reason == ValidationResult.IS_POSSIBLE else None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
