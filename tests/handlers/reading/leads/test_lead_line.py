"""A whole lead from one line, in any order and both languages."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.handlers.reading.leads.lead import read

FIELDS = ("Acme", "Jane Doe", "+44 20 7946 0958", "12k", "inbound", "jane@acme.com")
_TOKEN = re.compile(r"\w+")
_LINKS = {"at", "from", "of"}  # a link that was understood is said by the fields it links


@pytest.mark.parametrize("separator", [", ", "; ", "\n", "，", "、"])
def test_any_order_of_fields_says_the_same(separator: str) -> None:
    for fields in itertools.islice(itertools.permutations(FIELDS), 0, 720, 41):
        lead = read(separator.join(fields))
        assert (lead.customer, lead.person) == ("Acme", "Jane Doe"), fields
        assert (lead.phone, lead.email) == ("+442079460958", "jane@acme.com")
        assert lead.money is not None
        assert lead.money.amount == 12_000
        assert (lead.source, lead.note) == ("inbound", "")


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_a_chinese_line_is_read_by_its_blanks_in_any_order(order: tuple[int, ...]) -> None:
    fields = ("华为", "王芳", "13800138000", "3万", "转介绍")
    lead = read(" ".join(fields[place] for place in order))
    assert (lead.customer, lead.person, lead.phone) == ("华为", "王芳", "+8613800138000")
    assert lead.money is not None
    assert lead.money.amount == 30_000
    assert (lead.source, lead.note) == ("referral", "")


def test_what_is_no_field_becomes_the_note_in_its_order() -> None:
    lead = read("Acme, Jane Doe, 10 seats, demo tomorrow 3pm, 12k, second phone 07911 123456")
    assert lead.note.startswith("10 seats, demo tomorrow 3pm")


def test_names_are_bounded_and_cleaned_and_the_long_one_stays_in_the_note() -> None:
    long = "x" * 300
    lead = read(f"customer: {long}, contact: Ja\u202ene\x00")
    assert (lead.customer, lead.person) == ("x" * 200, "Jane")
    assert long in lead.note


def test_spans_say_where_each_field_stands() -> None:
    line = "Acme, Jane Doe, +44 20 7946 0958, 12k, inbound, jane@acme.com"
    spans = read(line).spans
    assert {name: line[slice(*span)] for name, span in spans.items()} == {
        "phone": "+44 20 7946 0958",
        "money": "12k",
        "source": "inbound",
        "email": "jane@acme.com",
    }


_WORDS = st.sampled_from(
    [
        "Acme",
        "Ltd",
        "Jane",
        "Doe",
        "wants",
        "10",
        "seats",
        "12k",
        "inbound",
        "jane@acme.com",
        "the",
        "fair",
        "met",
        "+44 20 7946 0958",
        "华为",
        "王芳",
        "3万",
        "转介绍",
        "想要演示",
        "有限公司",
        "(Bob)",
        "20k",
        "bob@x.com",
        "CEO",
        "&",
    ]
)


@given(
    parts=st.lists(st.tuples(_WORDS, st.sampled_from([", ", " ", "; ", "\n", "，"])), max_size=14)
)
def test_nothing_typed_is_lost(parts: list[tuple[str, str]]) -> None:
    line = "".join(word + separator for word, separator in parts)
    lead = read(line)
    understood = " ".join(line[slice(*span)] for span in lead.spans.values())
    kept = " ".join((lead.customer, lead.person, lead.note, understood)).casefold()
    for token in _TOKEN.findall(line.casefold()):
        assert token in kept or token in _LINKS, (line, lead)
