"""What Slack takes for an app's manifest, and what it refuses.

The limits are those of Slack's published schema, version 0.5.0
(https://github.com/slackapi/manifest-schema); the rules between fields are of
https://docs.slack.dev/reference/app-manifest and
https://docs.slack.dev/ai/migrating-to-agent-messaging. Only the words of the two refusals about
`assistant:write` and `assistant_thread_started` are known to be Slack's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.fakes.slackapi.errors import Json

AGENT, ASSISTANT = "agent", "assistant"
KEYS: Mapping[str, set[str]] = {
    "agent_view": {"agent_description", "suggested_prompts", "actions"},
    "assistant_view": {"assistant_description", "suggested_prompts"},
    "app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "bot_user": {"display_name", "always_online"},
    "suggested_prompts": {"title", "message"},
    "shortcuts": {"name", "type", "callback_id", "description"},
    "slash_commands": {"command", "url", "description", "usage_hint", "should_escape"},
}
LONGEST: Mapping[tuple[str, str], int] = {  # characters, or items of a list
    ("agent_view", "agent_description"): 300,
    ("agent_view", "suggested_prompts"): 4,
    ("bot_user", "display_name"): 80,
    ("display_information", "name"): 35,
    ("display_information", "description"): 140,
    ("features", "shortcuts"): 10,
    ("features", "slash_commands"): 50,
    ("shortcuts", "name"): 24,
    ("shortcuts", "callback_id"): 255,
    ("shortcuts", "description"): 150,
    ("slash_commands", "command"): 32,
    ("slash_commands", "description"): 2000,
    ("event_subscriptions", "bot_events"): 100,
}
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "user_change": "users:read",
}


def find_view(manifest: Json) -> str:
    """Which messaging experience the app has by it; empty for neither."""
    features = manifest.get("features", {})
    return AGENT if "agent_view" in features else ASSISTANT if "assistant_view" in features else ""


def find_faults(manifest: Json, existing: str = "") -> list[str]:
    """Why Slack refuses a manifest; `existing` is the view of an app that is changed."""
    return [*_find_view_faults(manifest, existing), *_find_limit_faults("manifest", manifest)]


def _find_view_faults(manifest: Json, existing: str) -> Iterator[str]:
    features = manifest.get("features", {})
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    if "assistant_view" in features and not existing:
        yield "assistant_view is not available to new apps: use agent_view"
    if "assistant_view" in features and existing == AGENT:
        yield "an app with agent_view cannot go back to assistant_view"
    if "assistant:write" in scopes and not find_view(manifest):
        yield "Assistant:write scope should include assistant_view feature"
    if "assistant_view" in features and "assistant_thread_started" not in events:
        yield "Assistant View should use `assistant_thread_started` bot event subscription"
    for event in events:
        if SCOPE_OF_EVENT.get(event, scopes[0]) not in scopes:
            yield f"{event} needs the scope {SCOPE_OF_EVENT[event]}"


def _find_limit_faults(name: str, part: Json) -> Iterator[str]:
    if name in KEYS:
        yield from (f"{name}.{key} is not known" for key in part.keys() - KEYS[name])
    if name == "suggested_prompts" and part.keys() != KEYS[name]:
        yield "a prompt has a title and a message"
    for key, value in part.items():
        most = LONGEST.get((name, key))
        if most is not None and not 0 < len(value) <= most:
            yield f"{name}.{key}: 1 to {most}"
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _find_limit_faults(key, inner)
