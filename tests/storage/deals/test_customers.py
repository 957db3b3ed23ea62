"""Customers: found by name, and by how the people there are reached."""

from __future__ import annotations

import pytest

from storage.engine import Database
from storage.tables.people_and_deals import Deal
from tests.storage.world import a_deal, add_customer, contact_at


@pytest.fixture
def deal(database: Database) -> Deal:
    return a_deal(database)


def test_customers_are_known_by_name_and_key(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        other = add_customer(memory, memory.members.get_team(deal.team_id), "北辰")
        expected = [(deal.customer_id, "Acme", "acme"), (other.id, "北辰", "北辰")]
    with database.work() as memory:
        assert sorted(memory.customers.list_name_keys(deal.team_id)) == expected
        found = memory.customers.get(deal.team_id, other.id)
        assert found is not None
        assert found.name == "北辰"


@pytest.mark.parametrize(
    ("phone", "email", "names"),
    [
        ("+1", "", ["Li", "Wang"]),
        ("", "li@acme.io", ["Li"]),
        ("+2", "wang@acme.io", ["Wang", "Max"]),
        ("+3", "", []),
        ("", "", []),
    ],
)
def test_people_are_found_by_phone_or_mail_and_by_nothing_nobody(
    database: Database, deal: Deal, phone: str, email: str, names: list[str]
) -> None:
    with database.work() as memory:
        contact_at(memory, deal, name="Li", phone="+1", email="li@acme.io")
        contact_at(memory, deal, name="Wang", phone="+1", email="wang@acme.io")
        contact_at(memory, deal, name="Max", phone="+2")
        contact_at(memory, deal, name="Nobody")
    with database.work() as memory:
        found = memory.customers.find_contacts(deal.team_id, phone, email)
        assert [contact.name for contact in found] == names


def test_the_people_at_a_customer_come_oldest_first(database: Database, deal: Deal) -> None:
    with database.work() as memory:
        for name in ("Zed", "Ann", "Li"):
            contact_at(memory, deal, name=name)
    with database.work() as memory:
        there = memory.customers.list_contacts(deal.team_id, deal.customer_id)
        assert [contact.name for contact in there] == ["Zed", "Ann", "Li"]
