"""Reads a whole lead from one line: names, phone, e-mail, amount and source in any order.

What is none of these becomes the note; nothing a person typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from handlers.reading.clean import LONGEST, Span, clean_text
from handlers.reading.contact_points import ContactPoint, find_emails, find_phones
from handlers.reading.leads.lead_names import LeadNames, find_names
from handlers.reading.leads.lead_parts import is_name
from handlers.reading.leads.sources import (
    SOURCES,
    SourceWords,
    find_source_at_edge,
    find_source_within,
    read_source_field,
)
from handlers.reading.money.money import Money, find_marked, find_money, find_unmarked
from handlers.reading.names.name_evidence import has_company_word, is_only_suffix
from kb.objections.normalise import has_hanzi

NAME_CHARACTERS = 200
_LOOSE = " ,.;:，。；：-–—'\"“”‘’\t\r\n\x00"
_LABELS = {
    "customer": "company|customer|client|account|organi[sz]ation|firm|lead(?! source)|公司名?称?|"
    "新?客户名?称?|单位|企业|线索(?!来源)",
    "person": "contact person|contact|person|name|联系人|姓名|名字|对接人|负责人",
    "source": "lead source|source|channel|来源|渠道|线索来源",
    "note": "notes?|comments?|remarks?|备注|说明",
    "other": "phone|telephone|tel|mobile|mob|cell|e-?mail|mail|amount|budget|value|deal size|"
    "worth|电话|手机号?|座机|邮箱|邮件|金额|预算|报价",
}
_LABEL = re.compile(
    rf"\s*(?:{'|'.join(f'(?P<{role}>{words})' for role, words in _LABELS.items())})"
    r"\.?(?:\s*[:：=]\s*|\s+is\s+|(?=\s+[\d+(])|\s*(?=\Z))"
    r"|\s*(?:(?P<firm>公司|客户|单位)\s+|(?P<contact>联系人|对接人|姓名)\s*|(?P<origin>来源|渠道来源)\s*)",
    re.IGNORECASE,
)
_WITHOUT_COLON = {"firm": "customer", "contact": "person", "origin": "source"}
_SEPARATOR = re.compile(
    r"[;；，、|\t\r\n\v\f\u2028\u2029。]|,(?!(?<=\d,)\d{3}(?!\d))|(?<=\s)[-–—/•·](?=\s)"
    rf"|\s(?=(?:{'|'.join(_LABELS.values())})\s?[:：])"
    r"|\s(?=(?:联系人|对接人|来源)\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LeadLine:
    """What a line says of a lead; "" or None where it says nothing."""

    customer: str = ""  # at most NAME_CHARACTERS, as is the person
    person: str = ""
    phone: str = ""  # E.164
    email: str = ""  # in lower case
    money: Money | None = None
    source: str = ""  # a key of the sources
    note: str = ""  # all the words that are nothing of this
    spans: Mapping[str, Span] = field(default_factory=dict)  # where each field was read


@dataclass(frozen=True)
class _Field:
    """A piece of the line between separators, e-mails, phones and amounts."""

    text: str
    span: Span
    role: str = ""  # what its label says it is ("Contact: Jane"); "" without a label


def read_lead(line: str, region: str, currency: str, sources: SourceWords = SOURCES) -> LeadLine:
    """The lead that a line names.

    `region` is the ISO country of local phone numbers, `currency` the team's own, `sources` maps
    each source to the words for it.
    """
    text = _split_slashes(line[:LONGEST])
    details = _Details.find(text, region, currency)
    fields = _split_fields(text, details.spans)
    is_plain = not _SEPARATOR.search(_blank_out(text, details.spans).strip())
    source, spans, fields = _take_source(fields, sources)
    names = find_names(
        [(field.text, field.role) for field in fields],
        details.email.value if details.email else "",
        is_plain=is_plain,
        has_more=bool(details.spans or source),
    )
    return LeadLine(
        customer=clean_text(names.customer, NAME_CHARACTERS),
        person=clean_text(names.person, NAME_CHARACTERS),
        phone=details.phone.value if details.phone else "",
        email=details.email.value if details.email else "",
        money=details.money,
        source=source,
        note=_join_notes([*_find_long_names(names), *names.notes, line[LONGEST:]]),
        spans={**details.named_spans, **spans},
    )


def _split_slashes(text: str) -> str:
    """The text with slashes as separators where it has no others: 华为/王芳/3万."""
    if text.count("/") < 2 or "://" in text or _SEPARATOR.search(text.strip()):
        return text
    return text.replace("/", ";")


@dataclass(frozen=True)
class _Details:
    """The e-mail, phone and amount of a line, which are known by their form alone."""

    email: ContactPoint | None
    phone: ContactPoint | None
    money: Money | None

    @classmethod
    def find(cls, text: str, region: str, currency: str) -> _Details:
        """The first of each in the text; none is searched for inside another."""
        emails = find_emails(text)
        hidden = _blank_out(text, [email.span for email in emails])
        phones = find_phones(hidden, region)
        rest = _blank_out(hidden, [phone.span for phone in phones])
        money = (
            _find_marked_amount(rest, currency)
            or find_money(rest, currency)
            or find_unmarked(rest, currency)
        )
        return cls(emails[0] if emails else None, phones[0] if phones else None, money)

    @property
    def named_spans(self) -> dict[str, Span]:
        """Where each stands, by name."""
        found = {"email": self.email, "phone": self.phone, "money": self.money}
        return {name: point.span for name, point in found.items() if point is not None}

    @property
    def spans(self) -> list[Span]:
        """Where they stand, from left to right."""
        return sorted(self.named_spans.values())


def _find_marked_amount(text: str, currency: str) -> Money | None:
    """The first marked amount; one that opens the line with no currency may be a name: 3M."""
    first, second = [*islice(find_marked(text, currency), 2), None, None][:2]
    opens = first and not first.explicit and not text[: first.span[0]].strip()
    return second if opens and second else first


def _blank_out(text: str, spans: list[Span]) -> str:
    """The text with the spans blanked, each other character in its old place."""
    for start, end in spans:
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return text


def _split_fields(text: str, spans: list[Span]) -> list[_Field]:
    """The fields of the line around the details' spans."""
    found: list[_Field] = []
    start = 0
    for begin, end in [*spans, (len(text), len(text))]:
        for stop, following in _find_stops(text, start, begin):
            field = _read_field(text, start, stop)
            if field and found and is_only_suffix(field.text):
                found.append(_append_suffix(text, found.pop(), stop))
            elif field:
                found.append(field)
            start = following
        start = end
    return found


def _append_suffix(text: str, name: _Field, stop: int) -> _Field:
    """The name with the legal form that a comma cut off it: "Acme, Inc."."""
    span = (name.span[0], stop)
    return replace(name, span=span, text=text[slice(*span)].strip(_LOOSE))


def _find_stops(text: str, start: int, end: int) -> Iterator[Span]:
    for separator in _SEPARATOR.finditer(text, start, end):
        yield separator.span()
    yield end, end


def _read_field(text: str, start: int, stop: int) -> _Field | None:
    label = _LABEL.match(text, start, stop)
    begin = label.end() if label else start
    begin += len(text[begin:stop]) - len(text[begin:stop].lstrip(_LOOSE + ")]>"))
    words = text[begin:stop].rstrip(_LOOSE + "([<")
    group = (label.lastgroup or "") if label else ""
    return (
        _Field(words, (begin, begin + len(words)), _WITHOUT_COLON.get(group, group))
        if words
        else None
    )


def _take_source(
    fields: list[_Field], sources: SourceWords
) -> tuple[str, dict[str, Span], list[_Field]]:
    """The source, where it stands, and the fields without it; a sentence keeps its words."""
    for place, each in enumerate(fields):
        source = read_source_field(each.text, sources) if each.role in ("", "source") else ""
        if source:
            return source, {"source": each.span}, fields[:place] + fields[place + 1 :]
    for place, each in enumerate(fields):
        beside = _find_source_beside_name(each, sources)
        if beside:
            source, (start, end) = beside
            span = (each.span[0] + start, each.span[0] + end)
            parts = [_cut_field(each, 0, start), _cut_field(each, end, len(each.text))]
            rest = [part for part in parts if part.text]
            return source, {"source": span}, [*fields[:place], *rest, *fields[place + 1 :]]
    within = (find_source_within(each.text, sources) for each in fields if not _is_firm(each))
    return next((found[0] for found in within if found), ""), {}, fields


def _is_firm(each: _Field) -> bool:
    return has_company_word(each.text) and is_name(each.text)


def _cut_field(each: _Field, start: int, end: int) -> _Field:
    text = each.text[start:end].strip(_LOOSE)
    return replace(each, text=text, span=(each.span[0] + start, each.span[0] + end))


def _find_source_beside_name(each: _Field, sources: SourceWords) -> tuple[str, Span] | None:
    """The source beside or between names ("Acme Jane Doe inbound"), and where it stands."""
    if each.role:
        return None
    beside = find_source_at_edge(each.text, sources)
    if beside and is_name(each.text[: beside[1][0]] + each.text[beside[1][1] :]):
        return beside
    for word in re.finditer(r"\S+", each.text):
        source = read_source_field(word[0], sources) if has_hanzi(word[0]) else ""
        if source:
            return source, word.span()
    return None


def _join_notes(pieces: Iterable[str]) -> str:
    cleaned = (clean_text(piece, len(piece)) for piece in pieces)
    return ", ".join(piece for piece in cleaned if piece)


def _find_long_names(names: LeadNames) -> list[str]:
    return [name for name in (names.customer, names.person) if len(name) > NAME_CHARACTERS]
