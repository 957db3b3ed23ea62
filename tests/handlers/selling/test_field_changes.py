"""Changes of one field in one line: whose it is, what is written, and what only asks."""

from __future__ import annotations

import pytest

from handlers.selling.field_changes import read_field_change
from tests.office import Office, labels

PEOPLE = "select name, phone, email from contact order by id"
COLUMNS = ("amount", "source", "competitor", "budget", "close_date")
DEAL = "select amount, source, competitor, budget, close_date from deal"
BOB, JANE = ("Bob Smith", "", ""), ("Jane Doe", "", "")


@pytest.fixture
async def acme(office: Office) -> Office:
    await office.says("Ann", "lead Acme, Bob Smith, 5k")
    await office.says("Ann", "contact acme Jane Doe")
    return office


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("edit bob phone +44 20 7946 0958", [("Bob Smith", "+442079460958", ""), JANE]),
        ("edit jane phone to +44 20 7946 0958", [BOB, ("Jane Doe", "+442079460958", "")]),
        ("jane's email is Jane@acme.com.", [BOB, ("Jane Doe", "", "jane@acme.com")]),
        ("bob的电话是13800138000", [("Bob Smith", "+8613800138000", ""), JANE]),
        ("改bob的邮箱 b@acme.com", [("Bob Smith", "", "b@acme.com"), JANE]),
    ],
)
async def test_a_person_is_found_by_name_and_undo_takes_the_change_back(
    acme: Office, line: str, stored: list[tuple[str, ...]]
) -> None:
    await acme.says("Ann", line)
    assert acme.rows(PEOPLE) == stored
    await acme.says("Ann", "undo")
    assert acme.rows(PEOPLE) == [BOB, JANE]


@pytest.mark.parametrize(
    "line",
    [
        "acme's number is +44 20 7946 0958",
        "edit acme email x@acme.com",
        "edit phone +44 20 7946 0958",
        "zeta's number is +44 20 7946 0958",
        "acme的电话是13800138000",
        "is jane's email jane@acme.com?",
        "jane's email is jane@acme.com, call her tomorrow about the price",
        "edit bob phone 12",
        "edit amount 10-12k",
        "the amount is 50k too much",
    ],
)
async def test_what_is_not_surely_understood_writes_nothing(acme: Office, line: str) -> None:
    await acme.says("Ann", line)
    assert acme.rows(PEOPLE) == [BOB, JANE]
    assert acme.rows("select amount from deal") == [("5000",)]


async def test_the_deal_in_hand_goes_before_a_namesake_elsewhere(acme: Office) -> None:
    await acme.says("Ann", "lead Zeta, Bob Ray")
    await acme.says("Ann", "edit bob phone +44 20 7946 0958")
    assert acme.rows(PEOPLE)[0] == BOB
    await acme.says("Ann", "lead Omega, Tom Fry")
    asked = await acme.says("Ann", "bob's email is bob@x.com")
    assert labels(asked) == ["Bob Smith · Acme", "Bob Ray · Zeta"]
    await acme.taps("Ann", asked.buttons[0][0].action)
    assert acme.rows(PEOPLE)[0] == ("Bob Smith", "", "bob@x.com")


@pytest.mark.parametrize(
    ("line", "column", "stored"),
    [
        ("edit amount 50k", "amount", "50000"),
        ("改金额 50万", "amount", "500000"),
        ("edit 16k", "amount", "16000"),
        ("acme's amount is 20k", "amount", "20000"),
        ("edit source referral", "source", "referral"),
        ("edit competitor Globex", "competitor", "Globex"),
        ("改预算 20万", "budget", "20万"),
        ("edit close date 20 dec", "close_date", "2026-12-20"),
    ],
)
async def test_a_field_of_the_deal_in_hand_needs_no_name(
    acme: Office, line: str, column: str, stored: str
) -> None:
    await acme.says("Ann", line)
    assert dict(zip(COLUMNS, acme.rows(DEAL)[0], strict=True))[column] == stored


async def test_a_customer_named_like_a_field_keeps_its_name(acme: Office) -> None:
    await acme.says("Ann", "lead Source Foods, 3k")
    await acme.says("Ann", "edit Source Foods 15k")
    assert acme.rows("select amount, source from deal order by id") == [("5000", ""), ("15000", "")]


@pytest.mark.parametrize("line", ["Acme, Jane, phone: 12345678", "price is too high", "改到周四"])
def test_a_line_without_owner_field_and_value_is_no_statement(line: str) -> None:
    change = read_field_change(line)
    assert change is None or not change.said
