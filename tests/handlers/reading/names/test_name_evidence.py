"""What speaks for a company, and what for a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.names.name_evidence import (
    has_company_word,
    is_all_hanzi,
    is_only_suffix,
    split_words,
    weigh_company,
)


@pytest.mark.parametrize(
    "name",
    [
        "Acme Ltd",
        "Blue Sky Studios",
        "华为技术有限公司",
        "招商银行",
        "IBM",
        "3M",
        "The New York Times",
        "acme.io",
    ],
)
def test_a_company_is_known_by_its_words_signs_and_capitals(name: str) -> None:
    assert weigh_company(name, "") > 0


@pytest.mark.parametrize(
    "name", ["Jane Doe", "Dr. Smith", "王芳", "王总", "欧阳娜娜", "李明经理", "Jane"]
)
def test_a_person_is_known_by_a_given_name_a_surname_or_a_title(name: str) -> None:
    assert weigh_company(name, "") < 0


def test_an_address_tells_the_firm_from_the_person() -> None:
    for name, other in (("Acme", "Jane"), ("Acme Ltd", "Jane Doe")):
        assert weigh_company(name, "jane@acme.com") > weigh_company(name, "")
        assert weigh_company(other, "jane@acme.com") < weigh_company(other, "")
    assert weigh_company("Acme", "jane@gmail.com") == weigh_company("Acme", "")


@pytest.mark.parametrize(
    "name", ["Acme GmbH", "Smith Logistics", "字节跳动科技", "中国银行（上海）"]
)
def test_a_firms_word_is_seen(name: str) -> None:
    assert has_company_word(name)


@pytest.mark.parametrize("name", ["Acme", "Jane Doe", "Incorporate", "华为", ""])
def test_other_names_have_no_firms_word(name: str) -> None:
    assert not has_company_word(name)


@pytest.mark.parametrize(
    ("text", "only"),
    [("Inc.", True), ("Co. Ltd", True), ("GmbH & Co. KG", False), ("Acme Inc", False), ("", False)],
)
def test_a_legal_form_alone_is_no_name(text: str, only: bool) -> None:
    assert is_only_suffix(text) is only


def test_words_of_a_name_lose_their_punctuation() -> None:
    assert split_words("O'Neil & Co., St. Mary-le-Bow") == ["O'Neil", "Co", "St", "Mary-le-Bow"]


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("华为", True), ("让·雅克", True), ("华为 CN", False), ("Acme", False), ("", False)],
)
def test_hanzi_are_told_from_other_text(text: str, is_so: bool) -> None:
    assert is_all_hanzi(text) is is_so


@given(st.text(max_size=80), st.sampled_from(["", "jane@acme.com", "王芳@华为.com"]))
def test_any_name_is_weighed_within_bounds(name: str, email: str) -> None:
    assert -6 <= weigh_company(name, email) <= 13
