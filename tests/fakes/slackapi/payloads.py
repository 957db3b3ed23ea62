"""The shapes of what Slack tells an app: events, commands, actions, submissions, shortcuts.

https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import copy

from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.views import View
from tests.fakes.slackapi.workspaces import Account, Channel, Message, Workspace
from tests.fakes.slackapi.world import World

TOKEN = "verification-token-not-used"


def event_callback(world: World, team: Workspace, event: Json, *, shared: bool = False) -> Json:
    """An event as the Events API wraps it."""
    return {
        "token": TOKEN,
        "team_id": team.id,
        "enterprise_id": team.enterprise_id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise_id,
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock.now()),
        "authorizations": [
            {
                "enterprise_id": team.enterprise_id,
                "team_id": team.id,
                "user_id": team.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": team.org_wide,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{world.new_id('ec')}",
    }


def message_event(team: Workspace, channel: Channel, message: Message, account: Account) -> Json:
    """A message as message.im, message.channels and app_mention tell it."""
    event = copy.deepcopy(message.raw)
    event |= {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}
    if account.team_id != team.id:
        event |= {"user_team": account.team_id, "source_team": account.team_id}
    return event


def command(
    world: World, team: Workspace, account: Account, channel: Channel, said: tuple[str, str]
) -> Json:
    """A slash command: its name and the words after it."""
    payload: Json = {
        "token": TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel.json["name"],
        "user_id": account.id,
        "user_name": account.name.lower(),
        "command": said[0],
        "text": said[1],
        "api_app_id": world.app.id,
        "is_enterprise_install": str(team.org_wide).lower(),
        "response_url": world.response_url(channel, account.id, team),
        "trigger_id": world.trigger(account.id, team),
    }
    if team.enterprise_id:
        payload |= {"enterprise_id": team.enterprise_id, "enterprise_name": f"{team.name} Grid"}
    return payload


def interaction(world: World, team: Workspace, account: Account, kind: str) -> Json:
    """What every interaction says."""
    named = {"id": account.id, "username": account.name.lower(), "name": account.name.lower()}
    return {
        "type": kind,
        "user": named | {"team_id": account.team_id},
        "api_app_id": world.app.id,
        "token": TOKEN,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": team.enterprise,
        "is_enterprise_install": team.org_wide,
    }


def in_message(
    world: World, team: Workspace, account: Account, channel: Channel, message: Message
) -> Json:
    """What an action says of the message it stands in: an ephemeral one is not shown."""
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = bool(message.only_for)
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    told: Json = {"container": container, "channel": channel.json}
    if not message.only_for:
        told["message"] = copy.deepcopy(message.raw)
    url = world.response_url(channel, account.id, team, message.ts, message.thread_ts)
    return told | {"response_url": url}


def in_view(view: View) -> Json:
    """What an action says of the view it stands in."""
    container = {"type": "view", "view_id": view.id}
    return {"container": container, "view": copy.deepcopy(view.raw)}


def action(world: World, element: Json, block: Json, chosen: Json) -> Json:
    """One entry of an interaction's `actions`."""
    told: Json = {"type": element["type"], "action_id": element["action_id"]}
    told |= {"block_id": block["block_id"], "action_ts": world.clock.stamp()}
    if element["type"] == "button":
        told["text"] = copy.deepcopy(element["text"])
        told |= {name: element[name] for name in ("value", "style") if name in element}
    return told | chosen
