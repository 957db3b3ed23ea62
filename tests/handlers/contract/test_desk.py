"""What a desk knows of its member: the role's reach, the working time, the next digest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.contract.desk import calendar_of, next_digest
from storage.tables.people_and_deals import Role
from tests.office import Office, desk_of


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("Ann", {Role.REP}),
        ("Mia", {Role.REP, Role.MANAGER}),
        ("Kim", {Role.REP, Role.MANAGER, Role.ADMIN}),
    ],
)
def test_a_higher_role_may_what_a_lower_one_may(office: Office, who: str, roles: set[Role]) -> None:
    with desk_of(office, who) as desk:
        assert {role for role in Role if desk.may(role)} == roles


def test_the_next_digest_is_at_the_local_hour_of_the_next_working_day(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        desk.member.digest_hour = 8
        friday_noon = datetime(2026, 11, 20, 11, tzinfo=UTC)
        # Monday, eight o'clock in Berlin.
        assert next_digest(desk.member, friday_noon) == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_working_time_is_the_members_own(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        desk.member.work_start, desk.member.work_end = "10:00", "16:00"
        desk.member.time_zone, desk.member.work_days = "America/New_York", "6"
        calendar = calendar_of(desk.member)
        # The Sunday after, ten o'clock in New York.
        assert calendar.next_working(desk.now) == datetime(2026, 11, 22, 15, tzinfo=UTC)


def test_a_rep_reads_their_own_deals_and_a_manager_those_below(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        assert desk.scope.member_ids == frozenset({office.member("Ann")})
    with desk_of(office, "Mia") as desk:
        assert desk.scope.member_ids is not None
        assert {office.member("Ann"), office.member("Bo")} <= desk.scope.member_ids
