"""Notices of somebody else's doing: in the reader's language, in their working hours, once."""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.contract.reply import Reply
from handlers.contract.words import Words
from handlers.outbox.notices import find_deciders, notify_other
from storage.tables.people_and_deals import Role
from tests.office import Office, desk_of


def thank(words: Words) -> Reply:
    return Reply(words.say("contract.common.today"))


def test_a_notice_waits_for_the_readers_working_hours_and_speaks_their_language(
    office: Office,
) -> None:
    office.clock.move_to(datetime(2026, 11, 20, 20, tzinfo=UTC))  # Friday evening
    with desk_of(office, "Ann") as desk:
        mia = desk.memory.members.get(1, office.member("Mia"))
        assert mia is not None
        mia.language = "zh"
        assert notify_other(desk, mia.id, "thanks:1", thank)
    with desk_of(office, "Ann") as desk:
        # Monday, nine o'clock in Berlin.
        assert desk.memory.claims.next_due_at() == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert "今天" in office.one("select body from outbox")


def test_nobody_is_told_of_their_own_doing_nor_twice(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert not notify_other(desk, desk.member.id, "thanks:1", thank)
        assert not notify_other(desk, None, "thanks:1", thank)
        assert notify_other(desk, office.member("Mia"), "thanks:1", thank)
        assert not notify_other(desk, office.member("Mia"), "thanks:1", thank)
    assert office.one("select count(*) from outbox") == 1


def test_nobody_of_another_team_is_told(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert not notify_other(desk, office.member("Eve"), "thanks:1", thank)


def test_ones_own_manager_decides_else_every_manager_else_the_admins(office: Office) -> None:
    mia, kim = office.member("Mia"), office.member("Kim")
    with desk_of(office, "Ann") as desk:
        memory = desk.memory
        assert [each.id for each in find_deciders(memory, 1, mia)] == [mia]
        assert [each.id for each in find_deciders(memory, 1, kim)] == [kim]
        assert [each.id for each in find_deciders(memory, 1, None)] == [mia]
        manager = memory.members.get(1, mia)
        assert manager is not None
        manager.role = Role.REP
        # Who is a rep by now decides nothing, whoever still reports to them.
        assert [each.id for each in find_deciders(memory, 1, mia)] == [kim]
