"""Workspace access: whether full members of a workspace may join the team by themselves."""

from __future__ import annotations

from handlers.contract.catalog import action
from handlers.contract.desk import Desk
from handlers.contract.refusals import NotFound
from handlers.contract.reply import Button, Reply, Text
from handlers.contract.request import Request
from storage.tables.people_and_deals import Role
from storage.tables.workspaces import Workspace

SHOWN = 1  # workspaces with a button; a team seldom has more


def render_workspaces(desk: Desk) -> list[Text]:
    """A line for each workspace, for admins."""
    if not desk.may(Role.ADMIN):
        return []
    return [
        desk.words.say(
            f"team.workspace_access.{_name_state(each)}", workspace=each.name or each.workspace_id
        )
        for each in desk.memory.workspaces.list_of_team(desk.team.id)
    ]


def make_buttons(desk: Desk) -> list[Button]:
    """A button for each workspace that turns it round."""
    return [
        Button(
            desk.words.line(f"team.workspace_access.do_{'shut' if each.members_join else 'open'}"),
            f"door:{each.id}:{'shut' if each.members_join else 'open'}",
        )
        for each in desk.memory.workspaces.list_of_team(desk.team.id)[:SHOWN]
    ]


@action("door", role=Role.ADMIN)
def set_access(request: Request, desk: Desk) -> Reply:
    """Lets a workspace's people in by themselves, or no more: `door:<workspace>:<open|shut>`."""
    ours = {each.id: each for each in desk.memory.workspaces.list_of_team(desk.team.id)}
    found = ours.get(request.number(0))
    if found is None or request.word(1) not in ("open", "shut"):
        raise NotFound
    found.members_join = request.word(1) == "open"
    kind = f"workspace {request.word(1)}"
    desk.memory.members.add_audit(desk.team.id, desk.member.id, kind, desk.now, workspace=found.id)
    name = found.name or found.workspace_id
    return Reply(desk.words.say(f"team.workspace_access.{_name_state(found)}", workspace=name))


def _name_state(workspace: Workspace) -> str:
    return "open" if workspace.members_join else "shut"
