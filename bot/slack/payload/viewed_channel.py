"""The channel somebody has open in Slack beside our chat, as an event's context names it.

An app with the agent's view is told in `context` of `app_home_opened` and `app_context_changed`
(https://docs.slack.dev/reference/events/app_context_changed), one with the assistant's view in
`assistant_thread`. What is there is only what the person looks at: it proves no access to anything.
"""

from __future__ import annotations

from bot.inbound.json_fields import Raw, part
from bot.slack.payload.kinds import read_id

ENTITIES = 20  # Slack puts the most relevant first
_CHANNEL, _MESSAGE = "slack#/types/channel_id", "slack#/types/message_context"


def find_viewed_channel(event: Raw) -> str:
    """The id of the channel in view; empty where none is, or a chat of two."""
    pane = read_id(part(part(event, "assistant_thread"), "context"), "channel_id")
    entities = part(event, "context").get("entities")
    listed = entities[:ENTITIES] if isinstance(entities, list) else []
    found = [pane, *(_find_channel(each) for each in listed if isinstance(each, dict))]
    return next((channel for channel in found if channel.startswith(("C", "G"))), "")


def _find_channel(entity: Raw) -> str:
    if entity.get("type") == _CHANNEL:
        return read_id(entity, "value")
    return read_id(part(entity, "value"), "channel_id") if entity.get("type") == _MESSAGE else ""
