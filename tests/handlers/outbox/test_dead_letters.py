"""Dead letters: one member's broken data is undone, kept for the admins, and holds up nobody."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from handlers.contract.desk import Desk
from handlers.outbox.dead_letters import try_for_member
from tests.office import Office, desk_of


def fail(desk: Desk) -> bool:
    """Work of Ann's that changes her name and breaks then."""

    def work() -> None:
        desk.member.name = "Broken"
        desk.memory.flush()
        raise KeyError("stage")

    with capture_logs():
        return try_for_member(desk.memory, desk.team.id, desk.member.id, desk.now, work)


def test_work_that_goes_well_is_kept(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        member = desk.member

        def work() -> None:
            member.name = "Anna"

        assert try_for_member(desk.memory, 1, member.id, desk.now, work)
    assert office.one("select count(*) from member where name = 'Anna'") == 1
    assert office.one("select count(*) from outbox") == 0


def test_work_that_breaks_is_undone_and_kept_as_dead_for_the_admin(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert not fail(desk)
    assert office.one("select count(*) from member where name = 'Broken'") == 0
    assert office.rows("select member_id, kind, state, trouble from outbox order by id") == [
        (office.member("Ann"), "unwritten", "dead", "not written: KeyError"),
        (office.member("Kim"), "notice", "pending", ""),
    ]


def test_the_admins_are_told_once_a_day(office: Office) -> None:
    for hours in (0, 1, 23):
        office.wait(hours=hours)
        with desk_of(office, "Ann") as desk:
            fail(desk)
    kinds = [kind for (kind,) in office.rows("select kind from outbox order by id")]
    assert kinds == ["unwritten", "notice", "unwritten", "notice"]


def test_a_busy_database_is_nobodys_broken_data(office: Office) -> None:
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def work() -> None:
        raise OperationalError("update", {}, busy)

    with desk_of(office, "Ann") as desk, pytest.raises(OperationalError):
        try_for_member(desk.memory, 1, desk.member.id, desk.now, work)
    assert office.one("select count(*) from outbox") == 0
