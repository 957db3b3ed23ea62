"""Which words of a lead's line are the customer, and which the person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.leads.lead_names import LeadNames, find_names
from tests.handlers.reading.leads.lead import read

Fields = list[tuple[str, str]]


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
    ("fields", "customer", "person"),
    [
        ([("Acme", ""), ("Jane Doe", "")], "Acme", "Jane Doe"),
        ([("Jane Doe", ""), ("Acme Ltd", "")], "Acme Ltd", "Jane Doe"),
        ([("王芳", ""), ("华为", "")], "华为", "王芳"),
        ([("Jane Doe", "customer"), ("Acme Ltd", "")], "Jane Doe", ""),
        ([("Acme", "person"), ("Bob", "")], "Bob", "Acme"),
    ],
)
def test_a_label_goes_before_the_evidence_and_the_evidence_before_the_order(
    fields: Fields, customer: str, person: str
) -> None:
    names = find_names(fields, "", is_plain=False, has_more=False)
    assert (names.customer, names.person) == (customer, person)


def test_an_address_names_the_firm_where_the_line_does_not() -> None:
    for email, customer in (("jane@acme.com", "Acme"), ("jane@ibm.com", "IBM"), ("j@qq.com", "")):
        names = find_names([("10 seats", "")], email, is_plain=False, has_more=True)
        assert names == LeadNames(customer, "", ("10 seats",))


def test_the_only_name_is_the_persons_where_an_address_names_the_firm() -> None:
    names = find_names([("Jane Doe", "")], "jane@acme.com", is_plain=False, has_more=True)
    assert (names.customer, names.person) == ("Acme", "Jane Doe")


def test_three_words_are_a_firm_and_a_person_only_in_a_line_that_says_more() -> None:
    fields = [("Acme Zzyzx Qwert", "")]
    alone = find_names(fields, "", is_plain=True, has_more=False)
    beside = find_names(fields, "", is_plain=True, has_more=True)
    assert (alone.customer, alone.person) == ("Acme Zzyzx Qwert", "")
    assert (beside.customer, beside.person) == ("Acme", "Zzyzx Qwert")


@given(st.lists(st.sampled_from(["wants a demo", "10 seats", "明天联系", "CEO"]), max_size=6))
def test_words_that_are_no_names_are_notes_in_their_order(words: list[str]) -> None:
    names = find_names([(each, "") for each in words], "", is_plain=False, has_more=False)
    assert names == LeadNames("", "", tuple(words))
