"""What a line says of a person: name, title, part in the decision, attitude, phone, e-mail."""

from __future__ import annotations

import pytest

from handlers.deals.person_line import (
    ATTITUDES,
    PARTS,
    PersonFacts,
    find_attitude,
    find_part,
    read_person,
)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("Jane CFO decides, supportive", PersonFacts("Jane", "CFO", "decides", "supportive")),
        ("王芳 财务总监 拍板 支持", PersonFacts("王芳", "财务总监", "decides", "supportive")),
        ("Bob, manager, blocks, against us", PersonFacts("Bob", "manager", "blocks", "against")),
        ("Jane Doe", PersonFacts("Jane Doe")),
        ("Jane Doe, our champion", PersonFacts("Jane Doe", "our", "influences", "supportive")),
        ("decides", PersonFacts("", "", "decides")),
        ("", PersonFacts("")),
    ],
)  # fmt: skip
def test_a_line_is_read_in_any_order(line: str, facts: PersonFacts) -> None:
    assert read_person(line) == facts


def test_a_phone_number_and_an_email_are_not_part_of_the_name() -> None:
    found = read_person("Jane Doe +44 20 7946 0958 jane@acme.com decides")
    assert (found.name, found.phone, found.email) == (
        "Jane Doe", "+44 20 7946 0958", "jane@acme.com"
    )  # fmt: skip


def test_every_key_names_itself() -> None:
    assert [find_part(part) for part in PARTS] == list(PARTS)
    assert [find_attitude(attitude) for attitude in ATTITUDES] == list(ATTITUDES)


@pytest.mark.parametrize("line", ["Jane usually replies", "Bob Blockson"])
def test_a_longer_word_is_no_part_in_the_decision(line: str) -> None:
    assert read_person(line).part == ""
