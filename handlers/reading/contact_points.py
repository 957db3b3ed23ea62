"""Finds e-mail addresses and phone numbers in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, ValidationResult

from handlers.reading.clean import Span, fold_in_place

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
# A Mexican mobile as it was written until 2019 and messengers still hand it over: the library calls
# neither valid nor possible what has this 1.
_MEXICAN_ONE = re.compile(r"\A\+52[ .-]?1(?=(?:[ ().-]*\d){10}\Z)")
_MOST_TEXT = 4000  # characters searched for phones: the matcher is slow, a contact card is short
_FREE_MAIL = frozenset(
    "gmail googlemail outlook hotmail live msn yahoo ymail icloud me mac aol proton protonmail gmx "
    "web mail qq 163 126 yeah sina sohu foxmail 139 189 aliyun zoho fastmail yandex mailru".split()
)


@dataclass(frozen=True)
class ContactPoint:
    """An e-mail address or a phone number that stands in a text."""

    value: str  # as it is stored: an address in lower case, a phone in E.164
    span: Span


def find_emails(text: str) -> list[ContactPoint]:
    """Every e-mail address, in order."""
    return [ContactPoint(found["address"].lower(), found.span()) for found in _EMAIL.finditer(text)]


def find_phones(text: str, region: str) -> list[ContactPoint]:
    """Every phone number, in order; local ones are those of `region` (ISO country) or Chinese."""
    plain = fold_in_place(text)[:_MOST_TEXT]
    found: dict[Span, ContactPoint] = {}
    for phone in _find_candidates(plain, region.upper()):
        if not any(_overlaps(phone.span, other) for other in found):
            found[phone.span] = phone
    return [found[span] for span in sorted(found)]


def find_company(email: str) -> str:
    """The firm of an address's domain ("acme" of jane@mail.acme.co.uk); "" for free mail."""
    labels = email.rpartition("@")[2].lower().split(".")[:-1]
    while len(labels) > 1 and labels[-1] in ("co", "com", "org", "net", "ac", "gov", "edu"):
        labels.pop()
    name = labels[-1] if labels else ""
    return "" if name in _FREE_MAIL else name


def _find_candidates(plain: str, region: str) -> Iterator[ContactPoint]:
    for match in PhoneNumberMatcher(plain, region):
        yield ContactPoint(
            _format_e164(match.number), (match.start, match.start + len(match.raw_string))
        )
    for pattern, home in ((_CHINESE_MOBILE, "CN"), (_INTERNATIONAL, None), (_LABELLED, region)):
        for found in pattern.finditer(plain):
            group = 1 if pattern is _LABELLED else 0
            number = _parse(found[group], home)
            if number is not None:
                yield ContactPoint(_format_e164(number), found.span(group))


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(_MEXICAN_ONE.sub("+52", text), region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    return number if reason == ValidationResult.IS_POSSIBLE else None


def _format_e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
