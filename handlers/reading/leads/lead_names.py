"""Decides which words of a lead's line are the customer, which the person, and which neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.reading.contact_points import find_company
from handlers.reading.leads.lead_parts import Parts, Role, split_field
from handlers.reading.names.name_evidence import (
    has_company_word,
    is_all_hanzi,
    is_only_suffix,
    weigh_company,
)

_CLEAR = 2  # by so much must the evidence speak against the order in which names were typed
_CLEARER = 3
_COMPANY_FOR_SURE = 3
_MOST_FIELDS = 24


@dataclass(frozen=True)
class Part:
    """A run of words and what it is."""

    text: str
    role: Role
    place: int  # among the line's parts, from 0


@dataclass(frozen=True)
class LeadNames:
    """The names of a lead's line; "" where it names none."""

    customer: str
    person: str
    notes: tuple[str, ...]  # in their order, all the words that are neither


def find_names(
    fields: Sequence[tuple[str, str]], email: str, *, is_plain: bool, has_more: bool
) -> LeadNames:
    """The names among a line's fields, each given with its label's role or "".

    `is_plain`: the line had no separators, so one field may hold both names. `has_more`: the line
    says more than names (a phone, an amount), so it is a lead's and not one long company name.
    """
    parts = list(_list_parts(fields))
    parts = _split_only_name(parts, email, is_plain=is_plain, has_more=has_more)
    customer = (
        _get_first(parts, "customer") or _choose_customer(parts, email) or _get_first(parts, "hint")
    )
    person = _get_first(parts, "person") or _choose_person(parts, customer, email)
    if customer is None and person is None:
        return LeadNames(_name_from_domain(email), "", _list_notes(parts, None, None))
    if person is None and customer is not None and _is_person(customer, email):
        return LeadNames(
            _name_from_domain(email), customer.text, _list_notes(parts, customer, None)
        )
    return LeadNames(
        customer.text if customer else _name_from_domain(email),
        person.text if person else "",
        _list_notes(parts, customer, person),
    )


def _list_parts(fields: Sequence[tuple[str, str]]) -> Iterator[Part]:
    place = 0
    for number, (text, role) in enumerate(fields):
        for part, kind in _split_by_label(text, role if number < _MOST_FIELDS else "note"):
            if part.strip():
                yield Part(part.strip(), kind, place)
                place += 1


def _split_by_label(text: str, role: str) -> Parts:
    if role == "customer":
        return [(text, "customer")]
    if role == "person":
        return [(text, "person")]
    return [(text, "note")] if role else split_field(text)


def _get_first(parts: Sequence[Part], role: Role) -> Part | None:
    return next((part for part in parts if part.role == role), None)


def _choose_customer(parts: Sequence[Part], email: str) -> Part | None:
    """Of the names, the first, unless another is more clearly a company's."""
    names = [part for part in parts if part.role == "name"]
    if not names:
        return None
    best = max(names, key=lambda part: weigh_company(part.text, email))
    first = names[0]
    clear = weigh_company(best.text, email) - weigh_company(first.text, email) >= _CLEAR
    return best if clear or (_get_first(parts, "person") and best is not first) else first


def _choose_person(parts: Sequence[Part], customer: Part | None, email: str) -> Part | None:
    names = [part for part in parts if part.role == "name" and part is not customer]
    likeliest = min(names, key=lambda part: weigh_company(part.text, email), default=None)
    if likeliest is None or weigh_company(likeliest.text, email) >= _COMPANY_FOR_SURE:
        return None
    return likeliest


def _is_person(name: Part, email: str) -> bool:
    """Whether the only name is a person's, of the firm that the e-mail's domain names."""
    return (
        name.role == "name"
        and bool(_name_from_domain(email))
        and weigh_company(name.text, email) <= -_CLEAR
    )


def _name_from_domain(email: str) -> str:
    name = find_company(email)
    return name.upper() if len(name) <= 3 else name.replace("-", " ").title()


def _list_notes(parts: Sequence[Part], *names: Part | None) -> tuple[str, ...]:
    return tuple(part.text for part in parts if part not in names and part.role != "hint")


def _split_only_name(
    parts: list[Part], email: str, *, is_plain: bool, has_more: bool
) -> list[Part]:
    """The only name of a line cut in two where it holds both: "Acme Jane Doe 12k inbound"."""
    names = [part for part in parts if part.role == "name"]
    if len(names) != 1 or any(part.role in ("customer", "person") for part in parts):
        return parts
    pair = _split_pair(names[0].text, email, is_plain=is_plain, has_more=has_more)
    if pair is None:
        return parts
    at = parts.index(names[0])
    place = names[0].place
    return [
        *parts[:at],
        Part(pair[0], "customer", place),
        Part(pair[1], "person", place),
        *parts[at + 1 :],
    ]


def _split_pair(text: str, email: str, *, is_plain: bool, has_more: bool) -> tuple[str, str] | None:
    """Customer and person, wherever the evidence between two words is best."""
    words = text.split()
    if not 2 <= len(words) <= 8 or any(is_all_hanzi(word) for word in words):
        return None
    if weigh_company(text, email) <= -_CLEARER:  # all of it is one person
        return None
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    pair = _choose_cut(cuts, email, _CLEAR if is_plain else _CLEARER)
    if pair is None:
        turned = [
            (company, person) for person, company in cuts if weigh_company(person, email) <= -2
        ]
        pair = _choose_cut(turned, email, _CLEARER + 1)
    if pair is None and is_plain and has_more and len(words) in (3, 4):
        pair = " ".join(words[:-2]), " ".join(words[-2:])
        return None if has_company_word(text) else pair
    return pair


def _choose_cut(cuts: list[tuple[str, str]], email: str, enough: int) -> tuple[str, str] | None:
    """The cut into company and person with the most evidence; None without enough of it."""
    possible = [
        (company, person)
        for company, person in cuts
        if not (is_only_suffix(company) or has_company_word(person)) and len(person.split()) <= 3
    ]
    best = max(possible, key=lambda cut: _weigh_cut(cut, email), default=None)
    return best if best and _weigh_cut(best, email) >= enough else None


def _weigh_cut(cut: tuple[str, str], email: str) -> int:
    company, person = cut
    return weigh_company(company, email) - weigh_company(person, email)
