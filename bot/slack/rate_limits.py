"""Slack's published rates: about one message a second in a channel, calls a minute by method.

The calls are counted for each workspace (https://docs.slack.dev/apis/web-api/rate-limits/).
"""

from __future__ import annotations

import asyncio

from bot.limits.rate_limiter import Key, Rate, RateLimiter
from bot.slack.payload.kinds import Tenant

CHANNEL = Rate(0.95, 3.0)
_CALLS_A_MINUTE = {
    "assistant.threads.setSuggestedPrompts": 100,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.info": 50,
    "conversations.open": 50,
    "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100,
    "users.info": 100,
    "views.open": 100,
    "views.publish": 100,
    "views.update": 100,
}
MARGIN = 0.9  # of what is allowed: clocks differ
POSTING = Rate(12.0, 24.0, 8.0)  # a workspace's messages in all; Slack gives no number
OTHER_CALLS_A_MINUTE = 20


def make_limiter(*, keeps: bool) -> RateLimiter:
    """A rate limiter with Slack's rates; without any unless `keeps`."""
    return RateLimiter(_now, _find_rate if keeps else lambda _key: None)


def make_keys(tenant: Tenant, method: str, channel: str = "") -> tuple[Key, ...]:
    """The keys that a call counts for: its method in its workspace, and for a post the channel.

    The last is the key that a wait is saved for.
    """
    keys: tuple[Key, ...] = (("method", *tenant, method),)
    posts = channel and method.startswith("chat.post")
    return (*keys, ("channel", *tenant, channel)) if posts else keys


def _find_rate(key: Key) -> Rate:
    if key[0] == "channel":
        return CHANNEL
    if key[-1] == "chat.postMessage":
        return POSTING
    allowed = _CALLS_A_MINUTE.get(key[-1], OTHER_CALLS_A_MINUTE) * MARGIN
    return Rate(allowed / 60.0, max(2.0, allowed / 4.0))


def _now() -> float:
    return asyncio.get_running_loop().time()
