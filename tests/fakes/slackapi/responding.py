"""Answers to an interaction through its response_url: five in half an hour.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from typing import Any

from tests.fakes.slackapi.content import TEXT_POSTED, content
from tests.fakes.slackapi.errors import ApiError, Json
from tests.fakes.slackapi.workspaces import Channel, Message, Workspace
from tests.fakes.slackapi.world import RESPONSE_SECONDS, RESPONSE_USES, ResponseUrl, World


def respond(world: World, key: str, told: Any) -> None:
    """What was posted to the address. Raises ApiError."""
    url = world.response_urls.get(key)
    if url is None:
        raise ApiError("invalid_url", status=404)
    if world.clock.now() - url.made_at > RESPONSE_SECONDS:
        raise ApiError("expired_url", status=404)
    if url.uses >= RESPONSE_USES:
        raise ApiError("used_url", status=404)
    if not isinstance(told, dict):
        raise ApiError("invalid_payload", status=400)
    if world.workspaces[url.team_id].state != "active":
        raise ApiError("account_inactive", status=403)
    show(world, url, told)
    url.uses += 1


def show(world: World, url: ResponseUrl, told: Json) -> None:
    """Does what the answer says: show, replace or delete a message. Raises ApiError."""
    channel = world.channels[url.channel_id]
    original = channel.message(url.message_ts) if url.message_ts else None
    if told.get("delete_original"):
        _original(original).deleted = True
        return
    words = content(world, told, TEXT_POSTED)
    if told.get("replace_original") and original is not None:
        for name in ("text", "blocks"):
            original.raw.pop(name, None)
        original.raw |= words
        original.edits += 1
        world.keep("response_url", original)
    else:
        world.keep("response_url", _new(world, url, channel, told, words))


def _new(world: World, url: ResponseUrl, channel: Channel, told: Json, words: Json) -> Message:
    team = world.workspaces[url.team_id]
    only_for = "" if told.get("response_type") == "in_channel" else url.user_id
    thread_ts = str(told.get("thread_ts") or "")
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    return world.post(channel, _author(world, team) | words | thread, only_for)


def _author(world: World, team: Workspace) -> Json:
    return {
        "subtype": "bot_message",
        "user": team.bot_user_id,
        "bot_id": team.bot_id,
        "app_id": world.app.id,
        "team": team.id,
    }


def _original(original: Message | None) -> Message:
    if original is None:
        raise ApiError("message_not_found", status=404)
    return original
