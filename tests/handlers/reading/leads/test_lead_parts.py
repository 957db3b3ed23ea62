"""One field of a lead's line: the names in it, and the words around them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.leads.lead_parts import Parts, is_name, split_field


def list_names(parts: Parts) -> list[tuple[str, str]]:
    """The parts that may be names."""
    return [(text, role) for text, role in parts if role != "note"]


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Jane at Acme wants a demo", [("Acme", "customer"), ("Jane", "person")]),
        ("met Jane from Acme at the fair", [("Acme", "customer"), ("Jane", "person")]),
        ("Jane (Acme)", [("Acme", "customer"), ("Jane", "person")]),
        ("Acme Ltd (Jane Doe)", [("Acme Ltd", "customer"), ("Jane Doe", "person")]),
        ("王芳（华为）", [("华为", "customer"), ("王芳", "person")]),
        ("华为王总", [("华为", "customer"), ("王总", "person")]),
        ("华为的王芳", [("华为", "customer"), ("王芳", "person")]),
        ("CEO of Acme", [("Acme", "customer")]),
    ],
)
def test_words_that_link_two_names_say_which_is_which(
    field: str, names: list[tuple[str, str]]
) -> None:
    assert list_names(split_field(field)) == names


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Acme wants a demo", [("Acme", "name")]),
        ("Big Blue Co", [("Big Blue Co", "name")]),
        ("The Body Shop", [("The Body Shop", "name")]),
        ("From the fair: Jane", [("Jane", "name")]),
        ("华为想要演示", [("华为", "name")]),
        ("见了王芳", [("王芳", "name")]),
    ],
)
def test_a_name_stands_before_or_behind_a_sentence(
    field: str, names: list[tuple[str, str]]
) -> None:
    assert list_names(split_field(field)) == names


@pytest.mark.parametrize("field", ["spoke to Acme", "called Acme", "visited Acme"])
def test_a_firm_that_was_spoken_to_is_only_a_hint_and_stays_in_the_note(field: str) -> None:
    assert split_field(field) == [("Acme", "hint"), (field, "note")]


@pytest.mark.parametrize(
    "field",
    [
        "wants 10 seats",
        "CEO",
        "采购总监",
        "referral from Bob",
        "we met",
        "想要演示",
        "x" * 600,
        "deal",
    ],
)
def test_a_field_without_a_name_is_a_note(field: str) -> None:
    assert list_names(split_field(field)) == []


@pytest.mark.parametrize(
    "text", ["Acme", "Smith & Sons", "3M", "华为", "上海字节网络科技", "Jane Doe"]
)
def test_a_name_has_no_word_of_a_sentence(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["", "wants a demo", "12k", "想要演示", "a b c d e f g", "x" * 121]
)
def test_what_no_name_can_be_is_none(text: str) -> None:
    assert not is_name(text)


WORDS = st.sampled_from(
    ["Acme", "Jane", "Doe", "at", "from", "wants", "10", "seats", "(Bob)", "CEO", "of", "The",
     "华为", "的", "王芳", "想要演示", "公司", "the", "fair:", "met", "&"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_every_word_of_a_field_is_in_some_part(field: str) -> None:
    kept = " ".join(text for text, _role in split_field(field))
    for word in re.findall(r"\w+", field):
        assert word in kept or word in ("at", "from", "of"), field
