"""A member is found by what people type, and nobody is taken for somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.deals.find_member import find_member
from handlers.team.create_team import add_member
from storage.tables.people_and_deals import Role
from tests.office import Office, desk_of

PEOPLE = ("李雷", "韩梅梅", "Maria Rossi", "Stephen Hall", "Stephan Orr", "Jonathan")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bo", "Bo"),
        ("me", "Ann"),
        ("我", "Ann"),
        ("maria", "Maria Rossi"),
        ("rossi", "Maria Rossi"),
        ("jon", "Jonathan"),
        ("jonathn", "Jonathan"),
        ("hanmeimei", "韩梅梅"),
        ("hmm", "韩梅梅"),
        ("梅梅", "韩梅梅"),
        ("李雷", "李雷"),
        ("李磊", None),
        ("mario", None),
        ("bob", None),
        ("anna", None),
        ("steph", None),
        ("legal", None),
        ("eve", None),
        ("...", None),
        ("", None),
    ],
)
async def test_a_member_is_found_or_asked_for(office: Office, text: str, name: str | None) -> None:
    with desk_of(office, "Ann") as desk:
        for each in PEOPLE:
            add_member(desk.memory, desk.team, each, Role.REP, desk.now - timedelta(days=1))
        found, _nearest = find_member(desk, text)
        assert (found.name if found else None) == name
