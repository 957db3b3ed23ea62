"""Who of a workspace may come in by themselves: an admin says so, and nobody else."""

from __future__ import annotations

from tests.handlers.team.workspaces import keep_workspace
from tests.office import Office, action, labels, said

OPEN = "Full members of Harbour join with their first message."
SHUT = "Members of Harbour need an invite."


def with_workspace(office: Office, team_id: int = 1) -> int:
    with office.app.database.work() as memory:
        return keep_workspace(memory, office, team_id).id


async def test_an_admin_shuts_the_door_and_opens_it_again(office: Office) -> None:
    with_workspace(office)
    shown = await office.taps("Kim", "of-team")
    assert OPEN in said(shown)
    assert SHUT in said(await office.taps("Kim", action(shown, "Only by invite")))
    assert office.one("select members_join from workspace") == 0
    again = await office.taps("Kim", "of-team")
    assert OPEN in said(await office.taps("Kim", action(again, "Let them join")))
    assert office.one("select members_join from workspace") == 1
    kinds = {kind for (kind,) in office.rows("select kind from audit")}
    assert {"workspace shut", "workspace open"} <= kinds


async def test_nobody_else_can(office: Office) -> None:
    workspace = with_workspace(office)
    assert "Only an admin" in said(await office.taps("Mia", f"door:{workspace}:shut"))
    assert "no longer here" in said(await office.taps("Eve", f"door:{workspace}:shut"))
    assert office.one("select members_join from workspace") == 1


async def test_a_forged_button_changes_nothing(office: Office) -> None:
    workspace = with_workspace(office)
    assert "no longer here" in said(await office.taps("Kim", f"door:{workspace}:ajar"))
    assert office.one("select members_join from workspace") == 1


async def test_a_team_without_workspaces_has_no_such_button(office: Office) -> None:
    assert not {"Only by invite", "Let them join"} & {*labels(await office.taps("Kim", "of-team"))}
