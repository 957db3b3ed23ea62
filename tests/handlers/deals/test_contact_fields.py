"""Contact fields: a number, an address and an amount are taken only where they are one."""

from __future__ import annotations

import pytest

from handlers.deals.contact_fields import (
    find_amount_error,
    find_contact_errors,
    is_email,
    read_phone,
)
from tests.office import Office, desk_of


@pytest.mark.parametrize(
    ("said", "number"),
    [("+44 20 7946 0958", "+442079460958"), ("030 901820", "+4930901820"), ("", ""), ("12", None),
     ("ring me", None)],
)  # fmt: skip
def test_a_phone_is_read_by_the_teams_country(
    office: Office, said: str, number: str | None
) -> None:
    with desk_of(office, "Ann") as desk:
        assert read_phone(desk, said) == number


@pytest.mark.parametrize(
    ("said", "one"),
    [("jane@acme.com", True), ("jane@", False), ("@acme.com", False), ("a b@acme.com", False)],
)
def test_an_address_has_a_name_and_a_host(said: str, *, one: bool) -> None:
    assert is_email(said) is one


def test_errors_stand_at_their_fields_and_empty_fields_have_none(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        wrong = {"phone": "ring me", "email": "jane@", "amount": "plenty"}
        assert set(find_contact_errors(desk, wrong)) == {"phone", "email"}
        assert set(find_amount_error(desk, wrong, "EUR")) == {"amount"}
        assert find_contact_errors(desk, {}) == find_amount_error(desk, {}, "EUR") == {}
        assert find_amount_error(desk, {"amount": "10-12k"}, "EUR") == {}
