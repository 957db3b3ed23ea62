"""A whole lead from one line, in any order and both languages."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading import LeadLine, read_lead
from kb.objections.normalise import has_hanzi

FIELDS = ("Acme", "Jane Doe", "+44 20 7946 0958", "12k", "inbound", "jane@acme.com")
_TOKEN = re.compile(r"\w+")
_LINKS = {"at", "from", "of"}  # a link that was understood is said by the fields it links


def read(line: str) -> LeadLine:
    return read_lead(line, "CN" if has_hanzi(line) else "GB", "EUR")


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


@pytest.mark.parametrize(
    ("line", "customer", "person"),
    [
        ("Acme, Jane, 12k", "Acme", "Jane"),
        ("Jane Doe, Acme, 12k", "Acme", "Jane Doe"),
        ("Acme Jane Doe 12k inbound", "Acme", "Jane Doe"),
        ("Blue Sky Studios Jane Doe 12k inbound", "Blue Sky Studios", "Jane Doe"),
        ("Jane Doe Acme Ltd 12k", "Acme Ltd", "Jane Doe"),
        ("Acme Jane jane@acme.com 12k", "Acme", "Jane"),
        ("Jane (Acme) 12k", "Acme", "Jane"),
        ("Acme (Jane Doe), referral", "Acme", "Jane Doe"),
        ("Jane at Acme, 12k", "Acme", "Jane"),
        ("met Jane from Acme at the fair, wants 10 seats", "Acme", "Jane"),
        ("spoke to Bob at Initech about 20 seats", "Initech", "Bob"),
        ("Jane Doe, CEO of Acme, 12k", "Acme", "Jane Doe"),
        ("Acme, Inc., Jane Doe, $12,000", "Acme, Inc", "Jane Doe"),
        ("Smith & Sons, John Smith, 12k", "Smith & Sons", "John Smith"),
        ("3M, Jane Doe, 12k", "3M", "Jane Doe"),
        ("Jane Doe, jane@acme.com", "Acme", "Jane Doe"),
        ("Jane Doe jane@gmail.com 5k", "Jane Doe", ""),
        ("Big Blue Co", "Big Blue Co", ""),
        ("New York Times, 12k", "New York Times", ""),
        ("Acme wants a demo", "Acme", ""),
        ("Company: Acme\nContact: Jane Doe\nBudget: 12k", "Acme", "Jane Doe"),
        ("王芳 华为 3万", "华为", "王芳"),
        ("华为王总 13800138000", "华为", "王总"),
        ("华为的王芳，想要演示", "华为", "王芳"),
        ("李娜 上海字节网络科技 13800138000", "上海字节网络科技", "李娜"),
        ("微软（中国）有限公司 李明 30w", "微软（中国）有限公司", "李明"),
        ("公司：华为 联系人：王芳 电话：13800138000", "华为", "王芳"),
        ("客户 中国移动 联系人 赵敏", "中国移动", "赵敏"),
        ("张三，腾讯，二十万，朋友介绍", "腾讯", "张三"),
        ("華為/王芳/3萬/轉介紹", "華為", "王芳"),
        ("华为想要演示", "华为", ""),
    ],
)
def test_the_customer_is_told_from_the_person(line: str, customer: str, person: str) -> None:
    lead = read(line)
    assert (lead.customer, lead.person) == (customer, person)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Acme, website", "inbound"),
        ("Acme, cold call", "outbound"),
        ("Acme, referral from Bob", "referral"),
        ("Acme, partner", "partner"),
        ("met Jane from Acme at the fair", "event"),
        ("华为 官网", "inbound"),
        ("华为 陌拜", "outbound"),
        ("华为 老客户介绍", "referral"),
        ("展会认识的 华为 王芳", "event"),
        ("华为，来源：渠道", "partner"),
        ("Event Partners Ltd, Jane", ""),
    ],
)
def test_the_source_is_known_by_its_words(line: str, source: str) -> None:
    assert read(line).source == source


def test_a_teams_own_words_for_a_source_count() -> None:
    lead = read_lead("Acme, golf club", "GB", "EUR", {"event": ("golf club",)})
    assert (lead.customer, lead.source, lead.note) == ("Acme", "event", "")


def test_what_was_not_understood_becomes_the_note_in_its_order() -> None:
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
