"""The methods chat.*: messages posted, shown to one person, changed and taken back."""

from __future__ import annotations

import copy

from tests.fakes.slackapi.calls import Call
from tests.fakes.slackapi.content import TEXT_POSTED, TEXT_UPDATED, content
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.workspaces import Channel, Message
from tests.fakes.slackapi.world import World


def post_message(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postMessage"""
    channel = world.reachable(call.team, call.required("channel"))
    told = content(world, call.arguments, TEXT_POSTED)
    message = world.post(channel, by_app(world, call) | told | _thread(call, channel))
    world.keep(call.method, message)
    return {"channel": channel.id, "ts": message.ts, "message": copy.deepcopy(message.raw)}


def post_ephemeral(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral"""
    channel = world.reachable(call.team, call.required("channel"))
    user = call.required("user")
    told = content(world, call.arguments, TEXT_POSTED)
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    thread = _thread(call, channel)
    message = world.post(channel, by_app(world, call) | told | thread, only_for=user)
    world.keep(call.method, message)
    return {"message_ts": message.ts}


def update(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.update"""
    message = _own(world, call, "cant_update_message")
    told = content(world, call.arguments, TEXT_UPDATED)
    for name in ("text", "blocks", "files"):
        message.raw.pop(name, None)
    message.raw |= told | {"edited": {"user": call.team.bot_user_id, "ts": world.clock.stamp()}}
    message.edits += 1
    world.keep(call.method, message)
    shown = {"channel": message.channel_id, "ts": message.ts, "text": message.raw["text"]}
    return shown | {"message": copy.deepcopy(message.raw)}


def delete(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.delete"""
    message = _own(world, call, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel_id, "ts": message.ts}


def get_permalink(world: World, call: Call) -> Json:
    """https://docs.slack.dev/reference/methods/chat.getPermalink"""
    channel = world.visible(call.team, call.required("channel"))
    message = channel.message(call.required("message_ts"))
    if message is None or message.only_for:
        raise ApiError("message_not_found")
    path = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": f"https://{call.team.domain}.slack.com/{path}"}


def by_app(world: World, call: Call) -> Json:
    """The fields that say the app wrote it."""
    team = call.team
    return {
        "user": team.bot_user_id,
        "bot_id": team.bot_id,
        "app_id": world.app.id,
        "team": team.id,
    }


def _thread(call: Call, channel: Channel) -> Json:
    ts = call.text("thread_ts")
    if not ts:
        return {}
    root = channel.message(ts)
    if root is None or root.only_for:
        raise ApiError("thread_not_found")
    root.raw.setdefault("thread_ts", root.ts)
    return {"thread_ts": root.thread_ts}


def _own(world: World, call: Call, error: str) -> Message:
    channel = world.reachable(call.team, call.required("channel"))
    message = channel.message(call.required("ts"))
    if message is None or message.only_for:
        raise ApiError("message_not_found")
    if message.raw.get("bot_id") != call.team.bot_id:
        raise ApiError(error)
    return message
