"""The kind of a Slack payload, its workspace, its event id and the lane it stays in order in."""

from __future__ import annotations

import hashlib
import json

from bot.inbound.json_fields import Raw, part, string

PLATFORM = "slack"
ID_CHARACTERS = 30
KINDS = ("view_submission", "block_actions", "shortcut", "message_action", "block_suggestion")
ENTERPRISE = "E"  # what the ids of organisations begin with
Tenant = tuple[str, str]  # enterprise (empty outside of a Grid) and workspace


def find_tenant(raw: Raw) -> Tenant:
    """The enterprise and workspace a payload belongs to; empty where it names none.

    An event in a channel that is shared names the workspace that installed us in
    `authorizations`; a modal opened there in `app_installed_team_id`.
    """
    view = part(raw, "view")
    installed = raw.get("authorizations")
    if isinstance(installed, list) and installed and isinstance(installed[0], dict):
        first: Raw = installed[0]
        return read_id(first, "enterprise_id"), read_id(first, "team_id") or read_id(raw, "team_id")
    team = part(raw, "team")
    enterprise = read_id(part(raw, "enterprise"), "id") or read_id(raw, "enterprise_id")
    return (
        enterprise or read_id(team, "enterprise_id"),
        read_id(view, "app_installed_team_id")
        or read_id(team, "id")
        or read_id(raw, "team_id")
        or read_id(part(raw, "user"), "team_id")
        or read_id(view, "team_id"),
    )


def find_user(raw: Raw) -> str:
    """The person who did it; empty where there is none."""
    return (
        read_id(part(raw, "user"), "id")
        or read_id(raw, "user_id")
        or read_id(part(raw, "event"), "user")
        or read_id(part(part(raw, "event"), "assistant_thread"), "user_id")
        or _find_authorized_person(raw)
    )


def make_event_id(raw: Raw) -> str:
    """The payload's id, the same in a redelivery: unique within Slack, at most 100 characters.

    A submitted view has no id of its own: it is made of the view, its version and the values.
    """
    own = string(raw, "event_id") or _make_own_id(raw)
    _, team = find_tenant(raw)
    full = f"{team}:{own}"
    return full if len(full) <= 100 else f"{team}:{hashlib.sha256(own.encode()).hexdigest()}"


def find_lane(raw: Raw) -> str:
    """The lane in which it stays in order: its person, else its workspace."""
    enterprise, team = find_tenant(raw)
    return make_account_id(enterprise, team, find_user(raw))


def make_account_id(enterprise: str, team: str, user: str) -> str:
    """The account id of a person in a workspace, unique among all tenants."""
    return ".".join(filter(None, (enterprise, team, user)))


def parse_tenant(account: str) -> Tenant:
    """The enterprise and workspace in an account id."""
    *before, team, _user = ("", "", *account.split("."))
    if not before[-1] and team.startswith(ENTERPRISE):
        return team, ""
    return before[-1], team


def _find_authorized_person(raw: Raw) -> str:
    """Whose view has changed: `app_context_changed` may name them in `authorizations` alone.

    https://docs.slack.dev/reference/events/app_context_changed
    """
    granted = raw.get("authorizations")
    first = granted[0] if isinstance(granted, list) and granted else None
    is_about_view = part(raw, "event").get("type") == "app_context_changed"
    if not is_about_view or not isinstance(first, dict) or first.get("is_bot") is not False:
        return ""
    return read_id(first, "user_id")


def _make_own_id(raw: Raw) -> str:
    kind = string(raw, "type", 40)
    if kind == "view_submission":
        view = part(raw, "view")
        state = json.dumps(part(view, "state"), sort_keys=True)
        filled = hashlib.sha256(state.encode()).hexdigest()[:32]
        return f"view:{read_id(view, 'id')}:{string(view, 'hash', 60)}:{filled}"
    if trigger := string(raw, "trigger_id", 200):
        return f"{kind or 'command'}:{trigger}"
    event = part(raw, "event")
    stamp = string(event, "event_ts", 40) or string(event, "ts", 40)
    return f"event:{string(event, 'type', 60)}:{read_id(event, 'channel')}:{stamp}"


def read_id(raw: Raw, name: str) -> str:
    """An id of Slack's in a field; empty for anything else."""
    found = string(raw, name, ID_CHARACTERS)
    return found if found.isascii() and found.isalnum() else ""
