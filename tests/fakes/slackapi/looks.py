"""The methods views.*: modals opened, changed and stacked, and the Home tab."""

from __future__ import annotations

import copy
from typing import Any

from tests.fakes.slackapi.calls import Call
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.kit import name_all
from tests.fakes.slackapi.views import STACK, View, check_view, started
from tests.fakes.slackapi.workspaces import Workspace
from tests.fakes.slackapi.world import World


def open_view(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.open"""
    raw = check_view(_given(call), "modal")
    _check_external_id(world, raw, call.team)
    trigger = world.exchange(call.required("trigger_id"), call.team)
    view = made(world, raw, trigger.user_id, call.team)
    world.stacks[call.team.id, trigger.user_id] = [view]
    return {"view": copy.deepcopy(view.raw)}


def push_view(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.push"""
    raw = check_view(_given(call), "modal")
    trigger = world.exchange(call.required("trigger_id"), call.team)
    stack = world.stacks.get((call.team.id, trigger.user_id), [])
    if not stack or trigger.view_id != stack[-1].id:
        raise ApiError("not_found")
    view = pushed(world, raw, stack, call.team)
    return {"view": copy.deepcopy(view.raw)}


def update_view(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.update"""
    raw = check_view(_given(call), "modal")
    view = _found(world, call)
    _check_hash(call, view)
    changed(world, view, raw)
    return {"view": copy.deepcopy(view.raw)}


def publish_view(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/views.publish"""
    raw = check_view(_given(call), "home")
    account = world.account(call.team, call.required("user_id"))
    key = (call.team.id, account.id)
    if key in world.homes:
        _check_hash(call, world.homes[key])
        changed(world, world.homes[key], raw)
    else:
        world.homes[key] = made(world, raw, account.id, call.team)
    return {"view": copy.deepcopy(world.homes[key].raw)}


def made(world: World, raw: Json, user_id: str, team: Workspace) -> View:
    """A view that is now there."""
    view_id = world.new_id("V")
    fixed: Json = {
        "id": view_id,
        "team_id": team.id,
        "app_id": world.app.id,
        "app_installed_team_id": team.id,
        "bot_id": team.bot_id,
        "root_view_id": view_id,
        "previous_view_id": None,
    }
    view = View(fixed, user_id, team.id)
    _fill(world, view, raw)
    return view


def changed(world: World, view: View, raw: Json) -> None:
    """The view shows something else; what was filled in under the same ids stays."""
    view.errors = {}
    _fill(world, view, raw)


def pushed(world: World, raw: Json, stack: list[View], team: Workspace) -> View:
    """A view on top of the others. Raises ApiError when it is one too many."""
    if len(stack) >= STACK:
        raise ApiError("push_limit_reached")
    view = made(world, raw, stack[-1].user_id, team)
    view.raw |= {"previous_view_id": stack[-1].id, "root_view_id": stack[0].id}
    stack.append(view)
    return view


def _fill(world: World, view: View, raw: Json) -> None:
    before = view.raw.get("state", {}).get("values", {})
    blocks = name_all(copy.deepcopy(raw["blocks"]), world.numbers)
    shown: Json = {
        "type": raw["type"],
        "blocks": blocks,
        "private_metadata": raw.get("private_metadata", ""),
        "callback_id": raw.get("callback_id", ""),
        "external_id": raw.get("external_id", ""),
        "state": {"values": started(blocks, before)},
        "hash": f"{int(world.clock.now())}.{next(world.numbers):08x}",
        "clear_on_close": raw.get("clear_on_close", False),
        "notify_on_close": raw.get("notify_on_close", False),
    }
    shown |= {name: raw.get(name) for name in ("title", "submit", "close")}
    view.raw |= shown
    world.note_live(blocks)


def _given(call: Call) -> Any:
    view = call.arguments.get("view")
    if view is None:
        raise ApiError("invalid_arguments", "missing required field: view")
    return view


def _check_external_id(world: World, raw: Json, team: Workspace) -> None:
    name = raw.get("external_id")
    stacks = [views for (team_id, _), views in world.stacks.items() if team_id == team.id]
    if name and any(view.raw["external_id"] == name for views in stacks for view in views):
        raise ApiError("duplicate_external_id")


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.raw["hash"]:
        raise ApiError("hash_conflict")


def _found(world: World, call: Call) -> View:
    view_id, external = call.text("view_id"), call.text("external_id")
    if not view_id and not external:
        raise ApiError("invalid_arguments", "missing required field: view_id")
    for (team_id, _), views in world.stacks.items():
        for view in views:
            named = view.id == view_id if view_id else view.raw["external_id"] == external
            if team_id == call.team.id and named:
                return view
    raise ApiError("not_found")
