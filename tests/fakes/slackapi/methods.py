"""Which methods there are, the scope each needs, and its rate tier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.fakes.slackapi import chat, looks, lookups, uploads
from tests.fakes.slackapi.calls import Call
from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.world import World


@dataclass(frozen=True)
class Method:
    """What it does; tier 0 is chat.postMessage's own."""

    act: Callable[[World, Call], Json]
    scope: str = ""
    tier: int = 4


APP_LEVEL = "apps.connections.open"
OPEN = frozenset(("oauth.v2.access",))
METHODS: Mapping[str, Method] = {
    "auth.test": Method(lookups.auth_test),
    "auth.revoke": Method(lookups.auth_revoke, tier=3),
    "oauth.v2.access": Method(uploads.oauth_access),
    "chat.postMessage": Method(chat.post_message, "chat:write", 0),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.update": Method(chat.update, "chat:write", 3),
    "chat.delete": Method(chat.delete, "chat:write", 3),
    "chat.getPermalink": Method(chat.get_permalink),
    "views.open": Method(looks.open_view),
    "views.push": Method(looks.push_view),
    "views.update": Method(looks.update_view),
    "views.publish": Method(looks.publish_view),
    "users.info": Method(lookups.users_info, "users:read"),
    "team.info": Method(lookups.team_info, "team:read", 3),
    "conversations.open": Method(lookups.conversations_open, "im:write", 3),
    "conversations.info": Method(lookups.conversations_info, "channels:read", 3),
    "files.getUploadURLExternal": Method(uploads.get_upload_url, "files:write"),
    "files.completeUploadExternal": Method(uploads.complete_upload, "files:write"),
    "assistant.threads.setStatus": Method(lookups.set_status, "assistant:write", 3),
    "assistant.threads.setTitle": Method(lookups.set_title, "assistant:write", 3),
    "assistant.threads.setSuggestedPrompts": Method(
        lookups.set_suggested_prompts, "assistant:write", 4
    ),
}
