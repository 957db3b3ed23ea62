"""The ways into a team by its workspace: who is let in, as what, and who is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.team.join_team import (
    Newcomer,
    claim_workspace,
    create_by_workspace,
    join_by_workspace,
)
from tests.handlers.team.workspaces import TENANT, ZOE, keep_workspace
from tests.office import Office, desk_of

FULL = Newcomer("Zoe Li", "zh-CN", "Asia/Shanghai", full=True)


def join(office: Office, newcomer: Newcomer, *, members_join: bool = True) -> str:
    with office.app.database.work() as memory:
        keep_workspace(memory, office, 1, members_join=members_join)
        return join_by_workspace(memory, ZOE, newcomer, TENANT, office.clock.now())


def zoe(office: Office) -> list[tuple[object, ...]]:
    return office.rows(
        "select team_id, role, language, time_zone, country from member where name = 'Zoe Li'"
    )


def test_a_full_member_joins_as_a_rep_with_their_own_language_and_zone(office: Office) -> None:
    assert join(office, FULL) == "Blue Harbour"
    assert zoe(office) == [(1, "rep", "zh", "Asia/Shanghai", "CN")]
    manager = office.one("select manager_id from member where name = 'Zoe Li'")
    assert manager == office.member("Mia")  # the team's only one


@pytest.mark.parametrize(
    ("newcomer", "members_join"), [(replace(FULL, full=False), True), (FULL, False)]
)
def test_a_guest_and_whoever_comes_to_a_shut_door_stay_out(
    office: Office, newcomer: Newcomer, members_join: bool
) -> None:
    assert join(office, newcomer, members_join=members_join) == ""
    assert zoe(office) == []


async def test_who_was_removed_stays_out(office: Office) -> None:
    join(office, FULL)
    zoe_id, ann = office.member("Zoe Li"), office.member("Ann")
    await office.taps("Kim", f"remove:{zoe_id}:{ann}")
    assert join(office, FULL) == ""
    assert len(zoe(office)) == 1


def test_a_workspace_nobody_installed_lets_nobody_in(office: Office) -> None:
    with office.app.database.work() as memory:
        assert join_by_workspace(memory, ZOE, FULL, ("", "T9"), office.clock.now()) == ""


def test_an_installation_makes_a_team_in_the_installers_country(office: Office) -> None:
    with office.app.database.work() as memory:
        keep_workspace(memory, office, None)
        create_by_workspace(memory, ZOE, FULL, TENANT, office.clock.now())
    team = office.one("select team_id from workspace")
    assert office.rows(
        "select name, language, time_zone, currency, country from team where id = ?", team
    ) == [("Harbour", "zh", "Asia/Shanghai", "CNY", "CN")]
    assert office.rows("select name, role from member where team_id = ?", team) == [
        ("Zoe Li", "admin")
    ]


def test_installing_again_keeps_the_team_and_joins_it(office: Office) -> None:
    with office.app.database.work() as memory:
        keep_workspace(memory, office, 1)
        create_by_workspace(memory, ZOE, FULL, TENANT, office.clock.now())
    assert office.one("select team_id from workspace") == 1
    assert [(row[0], row[1]) for row in zoe(office)] == [(1, "rep")]


@pytest.mark.parametrize(("who", "team"), [("Kim", 1), ("Ann", None)])
def test_only_an_admin_claims_a_workspace_without_a_team(
    office: Office, who: str, team: int | None
) -> None:
    with desk_of(office, who) as desk:
        workspace = keep_workspace(desk.memory, office, None)
        workspace.platform = desk.account.platform
        desk.memory.flush()
        claim_workspace(desk.memory, desk.account, TENANT, desk.now)
    assert office.one("select team_id from workspace") == team
