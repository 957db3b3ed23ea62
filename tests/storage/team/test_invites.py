"""Invites: as many ways in as were given, never one more, and no secret kept."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from storage.engine import Database
from storage.tables.people_and_deals import Invite, Member
from storage.team.invites import hash_secret
from tests.databases import Databases
from tests.storage.conftest import Open
from tests.storage.world import HOUR, NOW, a_member, at_once

SECRET = "q7Vf0Xw9sT3kLm2Zb8Rd1A"
USES = 7


@pytest.fixture
def admin(database: Database) -> Member:
    return a_member(database)


def invite(database: Database, admin: Member, **columns: Any) -> Invite:
    values: dict[str, Any] = {
        "team_id": admin.team_id,
        "made_by_id": admin.id,
        "secret_hash": hash_secret(SECRET),
        "expires_at": NOW + HOUR,
        "created_at": NOW,
    }
    with database.work() as memory:
        return memory.invites.add(Invite(**(values | columns)))


def redeem(database: Database, secret: str = SECRET) -> bool:
    with database.work() as memory:
        return memory.invites.redeem(secret, NOW) is not None


@pytest.mark.parametrize("processes", [1, 4])
def test_of_many_at_once_exactly_as_many_get_in_as_there_are_uses(
    databases: Databases, opened: Open, processes: int
) -> None:
    url = databases.ready()
    known = [opened(url) for _ in range(processes)]
    invite(known[0], a_member(known[0]), uses_left=USES)
    tries = at_once([partial(redeem, known[n % processes]) for n in range(20)])
    assert sum(tries) == USES
    assert not redeem(known[0])


def test_a_redeemed_invite_says_the_way_in_and_what_is_left_of_it(
    database: Database, admin: Member
) -> None:
    made = invite(database, admin, role="manager", uses_left=2)
    with database.work() as memory:
        taken = memory.invites.redeem(SECRET, NOW)
    assert taken is not None
    assert (taken.id, taken.role, taken.uses_left) == (made.id, "manager", 1)


def test_a_try_that_is_undone_uses_nothing_up(database: Database, admin: Member) -> None:
    invite(database, admin, uses_left=1)
    with pytest.raises(KeyError), database.work() as memory:
        raise KeyError(memory.invites.redeem(SECRET, NOW))
    assert redeem(database)


@pytest.mark.parametrize(
    "columns",
    [
        {"expires_at": NOW},
        {"expires_at": NOW - timedelta(days=9)},
        {"revoked_at": NOW - HOUR},
        {"uses_left": 0},
        {"secret_hash": hash_secret("another")},
        {"secret_hash": SECRET},
    ],
    ids=["expires now", "expired", "revoked", "used up", "wrong", "kept as it is"],
)
def test_an_invite_that_does_not_hold_lets_nobody_in(
    database: Database, admin: Member, columns: dict[str, Any]
) -> None:
    made = invite(database, admin, **columns)
    with database.work() as memory:
        assert memory.invites.find_valid(SECRET, NOW) is None
    assert not redeem(database)
    with database.engine.connect() as connection:
        left = connection.execute(text("SELECT uses_left FROM invite")).scalar_one()
    assert left == made.uses_left


def test_looking_at_an_invite_does_not_use_it_up(database: Database, admin: Member) -> None:
    invite(database, admin, uses_left=1)
    for _ in range(3):
        with database.work() as memory:
            assert memory.invites.find_valid(SECRET, NOW) is not None
    assert redeem(database)


def test_a_revoked_invite_lets_nobody_in(database: Database, admin: Member) -> None:
    made = invite(database, admin)
    with database.work() as memory:
        assert memory.invites.revoke(admin.team_id, made.id, NOW)
        assert not memory.invites.revoke(admin.team_id, made.id, NOW)
    assert not redeem(database)


def test_another_team_cannot_revoke_an_invite(database: Database, admin: Member) -> None:
    made, stranger = invite(database, admin), a_member(database)
    with database.work() as memory:
        assert not memory.invites.revoke(stranger.team_id, made.id, NOW)
    assert redeem(database)


def test_only_invites_that_still_hold_are_open_and_link_codes_are_not_among_them(
    database: Database, admin: Member
) -> None:
    held = [invite(database, admin, secret_hash=hash_secret(f"open{n}")) for n in range(2)]
    ended: list[dict[str, Any]] = [
        {"expires_at": NOW},
        {"revoked_at": NOW},
        {"uses_left": 0},
        {"member_id": admin.id},
        {"team_id": a_member(database).team_id},
    ]
    for number, columns in enumerate(ended):
        invite(database, admin, secret_hash=hash_secret(f"ended{number}"), **columns)
    with database.work() as memory:
        found = [one.id for one in memory.invites.list_open(admin.team_id, NOW)]
    assert found == [one.id for one in held]


def everything_in(database: Database) -> str:
    with database.engine.connect() as connection:
        tables = [connection.execute(text(f'SELECT * FROM "{name}"')) for name in names_of_all()]  # noqa: S608 our own tables' names
        return "\n".join(str(row) for table in tables for row in table)


def names_of_all() -> list[str]:
    return list(SQLModel.metadata.tables)


def test_a_secret_stands_nowhere_in_the_database(database: Database, admin: Member) -> None:
    invite(database, admin, uses_left=2)
    assert redeem(database)
    assert hash_secret(SECRET) in everything_in(database)
    assert SECRET not in everything_in(database)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_secret_stands_nowhere_in_the_file(database: Database, admin: Member) -> None:
    invite(database, admin)
    assert redeem(database)
    database.close()
    file = Path(database.url.removeprefix("sqlite:///"))
    written = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    assert hash_secret(SECRET).encode() in written
    assert SECRET.encode() not in written
