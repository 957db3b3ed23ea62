"""E-mail addresses and phone numbers, as people write them into a line."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.reading.contact_points import find_company, find_emails, find_phones


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Jane@Acme.com", ["jane@acme.com"]),
        (
            "mailto:jane@acme.com, bob.o'neil+x@mail.acme.co.uk",
            ["jane@acme.com", "bob.o'neil+x@mail.acme.co.uk"],
        ),
        ("王芳的邮箱wangfang@huawei.com，请联系", ["wangfang@huawei.com"]),
        ("jane@acme.com.", ["jane@acme.com"]),
        ("@bob", []),
        ("a@b", []),
        ("12k @ Acme", []),
    ],
)
def test_addresses_are_found_in_lower_case(text: str, addresses: list[str]) -> None:
    assert [found.value for found in find_emails(text)] == addresses


@pytest.mark.parametrize(
    ("text", "region", "phones"),
    [
        ("call +44 20 7946 0958 or 07911 123456", "GB", ["+442079460958", "+447911123456"]),
        ("tel: 020 7946 0958", "gb", ["+442079460958"]),
        ("（020）7946 0958", "GB", ["+442079460958"]),
        ("手机 138 0013 8000", "CN", ["+8613800138000"]),
        ("电话：010-62501234", "CN", ["+861062501234"]),
        ("＋８６ １３８００１３８０００", "US", ["+8613800138000"]),
    ],
)
def test_phones_are_found_in_international_form(text: str, region: str, phones: list[str]) -> None:
    assert [found.value for found in find_phones(text, region)] == phones


def test_a_chinese_mobile_is_known_in_any_country() -> None:
    assert [found.value for found in find_phones("138-0013-8000", "GB")] == ["+8613800138000"]


@pytest.mark.parametrize(
    "text", ["order 12345678", "2026-12-03", "12k", "10-15", "订单 2026120300001234567"]
)
def test_other_numbers_are_no_phones(text: str) -> None:
    assert find_phones(text, "GB") == []


def test_a_span_says_where_a_contact_point_stands() -> None:
    text = "Jane, +44 20 7946 0958, jane@acme.com"
    found = [*find_phones(text, "GB"), *find_emails(text)]
    assert [text[slice(*each.span)] for each in found] == ["+44 20 7946 0958", "jane@acme.com"]


@given(st.integers(0, 10**8 - 1), st.sampled_from(["{}{}", "{} {}", "({}) {}"]))
def test_a_london_number_is_read_however_it_is_grouped(number: int, style: str) -> None:
    local = style.format("020", f"{number:08}")
    assume(phonenumbers.is_valid_number(phonenumbers.parse(local, "GB")))
    assert [each.value for each in find_phones(local, "GB")] == [f"+4420{number:08}"]


@pytest.mark.parametrize(
    ("email", "company"),
    [
        ("jane@acme.com", "acme"),
        ("jane@mail.acme.co.uk", "acme"),
        ("info@big-blue.io", "big-blue"),
        ("jane@gmail.com", ""),
        ("wang@qq.com", ""),
        ("", ""),
    ],
)
def test_an_address_names_its_company_unless_the_mail_is_free(email: str, company: str) -> None:
    assert find_company(email) == company


@given(st.text(max_size=200), st.sampled_from(["GB", "CN", "US", ""]))
def test_contact_points_stand_apart_and_in_order(text: str, region: str) -> None:
    for found in (find_emails(text), find_phones(text, region)):
        ends = [0, *(each.span[1] for each in found)]
        assert all(end <= each.span[0] for end, each in zip(ends, found, strict=False))


@pytest.mark.parametrize("written", ["+52 1 55 1234 5678", "+5215512345678", "+52 (55) 1234-5678"])
def test_a_mexican_mobile_is_read_with_its_old_1_and_without(written: str) -> None:
    for region in ("MX", "GB", ""):
        found = find_phones(f"lead Acme, Juan, {written}", region)
        assert [each.value for each in found] == ["+525512345678"]
