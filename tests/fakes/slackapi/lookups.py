"""The methods that ask or tell about accounts: auth.*, users.*, conversations.*, assistant.*."""

from __future__ import annotations

from tests.fakes.slackapi.calls import Call
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.manifests import AGENT, ASSISTANT
from tests.fakes.slackapi.workspaces import Channel
from tests.fakes.slackapi.world import World

PROMPTS = 4


def auth_test(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.test"""
    team = call.team
    told: Json = {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": "repmate",
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": team.org_wide,
    }
    return told | ({"enterprise_id": team.enterprise_id} if team.enterprise_id else {})


def auth_revoke(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/auth.revoke"""
    if not call.flag("test"):
        call.team.state = "revoked"
    return {"revoked": not call.flag("test")}


def users_info(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/users.info"""
    account = world.account(call.team, call.required("user"))
    user = account.json(call.team.id, locale=call.flag("include_locale"))
    if call.team.scopes is not None and "users:read.email" not in call.team.scopes:
        user["profile"].pop("email", None)
    return {"user": user}


def team_info(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/team.info"""
    team = call.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain}}


def conversations_open(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.open"""
    if call.text("channel"):
        return {"channel": {"id": world.visible(call.team, call.text("channel")).id}}
    named = [name for name in call.text("users").split(",") if name]
    if len(named) != 1:
        raise ApiError("users_list_not_supplied" if not named else "not_enough_users")
    account = world.account(call.team, named[0])
    if account.is_bot:
        raise ApiError("cannot_dm_bot")
    if account.deleted:
        raise ApiError("user_disabled")
    return {"channel": {"id": world.dm(call.team, account.id).id}}


def conversations_info(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/conversations.info"""
    channel = world.visible(call.team, call.required("channel"))
    shared = bool(channel.shared_with)
    told: Json = {"id": channel.id, "name": channel.name, "is_im": channel.kind == "im"}
    told |= {"is_archived": channel.archived, "is_ext_shared": shared, "is_shared": shared}
    return {"channel": told | {"is_member": call.team.bot_user_id in channel.members}}


def set_status(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/assistant.threads.setStatus"""
    _assistant_thread(world, call)
    if "status" not in call.arguments:
        raise ApiError("invalid_arguments", "missing required field: status")
    world.record.statuses.append((call.text("channel_id"), call.text("status")))
    return {}


def set_title(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/assistant.threads.setTitle"""
    _assistant_thread(world, call)
    world.record.titles.append(call.required("title"))
    return {}


def set_suggested_prompts(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts

    Without a thread they stand at the latest message; an agent's app that names one is told `ok`
    and nothing is shown.
    """
    channel = world.reachable(call.team, call.required("channel_id"))
    if channel.kind != "im":
        raise ApiError("channel_not_found")
    thread = call.text("thread_ts")
    if world.view == ASSISTANT and thread and channel.message(thread) is None:
        raise ApiError("invalid_thread_ts")
    if world.view == ASSISTANT and not thread and not channel.messages:
        raise ApiError("message_not_found")
    prompts = call.json("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= PROMPTS:
        raise ApiError("invalid_arguments", f"prompts: from 1 to {PROMPTS} items")
    for prompt in prompts:
        if not isinstance(prompt, dict) or {"title", "message"} != prompt.keys():
            raise ApiError("invalid_arguments", "a prompt has a title and a message")
    if not (world.view == AGENT and thread):
        world.record.prompts.append(prompts)
    return {}


def _assistant_thread(world: World, call: Call) -> Channel:
    channel = world.reachable(call.team, call.required("channel_id"))
    if channel.kind != "im" or channel.message(call.required("thread_ts")) is None:
        raise ApiError("channel_not_found" if channel.kind != "im" else "invalid_thread_ts")
    return channel
