"""What the app's acknowledgement does: a message, new views, errors beside fields, options."""

from __future__ import annotations

from typing import Any

from tests.fakes.slackapi.elements import GROUP, PLAIN_OPTION
from tests.fakes.slackapi.errors import ApiError, Json, Malformed
from tests.fakes.slackapi.looks import changed, pushed
from tests.fakes.slackapi.record import Refusal
from tests.fakes.slackapi.responding import show
from tests.fakes.slackapi.schema import listed
from tests.fakes.slackapi.views import View, check_view
from tests.fakes.slackapi.workspaces import Workspace
from tests.fakes.slackapi.world import ResponseUrl, World

CONNECTING = "We had some trouble connecting. Try again?"
OPTIONS = 100


def to_command(world: World, url: ResponseUrl, response: Json) -> None:
    """Shows what the acknowledgement of a command or action says, if anything."""
    if response:
        _attempt(world, url.user_id, lambda: show(world, url, response))


def to_submission(world: World, view: View, team: Workspace, response: Json) -> None:
    """Closes, changes or stacks views as the acknowledgement of a submission says."""
    _attempt(world, view.user_id, lambda: _submitted(world, view, team, response))


def to_suggestion(world: World, view: View | None, user_id: str, response: Json) -> list[Json]:
    """The options that the acknowledgement of a suggestion offers."""
    found: list[Json] = []

    def read() -> None:
        found.extend(_options(response))
        if view is not None:
            view.suggested = found

    _attempt(world, user_id, read)
    return found


def _attempt(world: World, user_id: str, act: Any) -> None:
    """What Slack does not take is a refusal, and trouble for the person."""
    try:
        act()
    except (ApiError, Malformed) as error:
        told = error.messages if isinstance(error, ApiError) else [str(error)]
        name = error.error if isinstance(error, ApiError) else "invalid_arguments"
        world.record.refusals.append(Refusal("ack", "", name, tuple(told)))
        world.record.troubles.append((user_id, CONNECTING))


def _submitted(world: World, view: View, team: Workspace, response: Json) -> None:
    stack = world.stacks.get((team.id, view.user_id), [])
    action = response.get("response_action")
    if not response:
        _close(stack, view)
    elif action == "clear":
        for one in list(stack):
            _close(stack, one)
    elif action == "errors":
        view.errors = _errors(view, response.get("errors"))
    elif action == "update":
        changed(world, view, check_view(response.get("view"), "modal"))
    elif action == "push":
        pushed(world, check_view(response.get("view"), "modal"), stack, team)
    else:
        raise Malformed(f"unknown response_action: {action}", "/response_action")


def _close(stack: list[View], view: View) -> None:
    view.open = False
    if view in stack:
        stack.remove(view)


def _errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.inputs.values()}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        raise Malformed("errors must name input blocks of this view", "/errors")
    if not all(isinstance(told, str) and told for told in errors.values()):
        raise Malformed("errors must be strings", "/errors")
    return dict(errors)


def _options(response: Json) -> list[Json]:
    if "option_groups" in response:
        listed(GROUP, OPTIONS, 0)(response["option_groups"], "/option_groups")
        return [one for group in response["option_groups"] for one in group["options"]]
    listed(PLAIN_OPTION, OPTIONS, 0)(response.get("options"), "/options")
    return list(response["options"])
