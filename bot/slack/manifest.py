"""The app's manifest, made from the catalogue of commands: names, events and permissions.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from bot.slack.inbound import OWN_COMMANDS, PREFIX
from bot.slack.payload.shortcuts import FROM_ANYWHERE, OF_A_MESSAGE
from bot.slack.web import EVENTS
from handlers.contract.catalog import CATALOG, Command
from handlers.contract.words import Words

DESCRIPTION_CHARACTERS = 100
SHORTCUT_CHARACTERS = 24
# Words of Slack's own commands, which no app may take: https://slack.com/help/articles/201259356
SLACK_WORDS = frozenset(
    """apps archive away call collapse dm dnd expand feed help invite join kick leave me msg mute
    open part prefs remind remove rename search settings shrug star status team todo topic unarchive
    who""".split()
)
# The commands that have a slash of their own, what a rep needs most first; every other is asked for
# under our own name: `/rep compare`. One place is ours, so these are one fewer than Slack takes.
SLASHES = tuple(
    """lead deal deals move next today obj note call won lost park offer advance back undo done edit
    contact nudges snooze away funnel forecast report goal help settings card objections rate team
    reopen delivered happy refer play proof pool take losses why whatif odds invite link start
    slipping compare""".split()
)
# Each with the calls and events that need it.
SCOPES = (
    "app_mentions:read",  # app_mention
    "assistant:write",  # assistant.threads.setSuggestedPrompts
    "channels:read",  # conversations.info: the name of the channel in view
    "chat:write",  # chat.postMessage, chat.postEphemeral, chat.update
    "commands",  # slash commands and shortcuts
    "files:read",  # what people send us
    "files:write",  # files.getUploadURLExternal, files.completeUploadExternal
    "im:history",  # message.im
    "im:write",  # conversations.open
    "users:read",  # users.info: name, zone, locale, whether a guest; user_change
)
EVENTS_WANTED = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "tokens_revoked",
    "user_change",
)
AGENT_EVENTS = ("app_context_changed",)
ASSISTANT_EVENTS = ("assistant_thread_context_changed", "assistant_thread_started")
AGENT_DESCRIPTION_CHARACTERS = 300
# What stands at the top of our chat until the first prompts of a member's own; Slack takes four.
PROMPTS: Mapping[str, str] = {
    "today": "today",
    "deals": "deals",
    "objection": "obj",
    "help": "help",
}
OAUTH_CALLBACK = "/slack/oauth_redirect"
_HEAD = """# Written by `python -m bot slack manifest`; a test says when it is out of date.
# For a new app. Over an app that has `assistant_view` it brings the agent's view, and Slack takes
# no way back; `--assistant-view` keeps the old one, which ends in February 2027.
"""
_ASSISTANT_HEAD = """# Written by `python -m bot slack manifest --assistant-view`.
# Only for an app that has `assistant_view` already: Slack refuses it for a new one, and ends it in
# February 2027. The manifest without that option brings the agent's view, and there is no way back.
"""


def render_manifest(
    public_url: str = "", *, one_command: bool = False, assistant_view: bool = False
) -> str:
    """The manifest as YAML: for Socket Mode, or for HTTP at a public URL.

    With `one_command` everything stands under `/rep`. `assistant_view` is for an app that has that
    view already; Slack refuses it for a new one.
    """
    words = Words("en")
    url = public_url.rstrip("/") + EVENTS if public_url else ""
    content: dict[str, Any] = {
        "display_information": {
            "name": "Repmate",
            "description": words.line("platforms.slack.app_description"),
            "background_color": "#1f3b4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Repmate", "always_online": True},
            **_describe_view(words, assistant_view=assistant_view),
            "shortcuts": _list_shortcuts(words),
            "slash_commands": _list_commands(words, url, one_command=one_command),
        },
        "oauth_config": _describe_oauth(public_url),
        "settings": _describe_settings(url, assistant_view=assistant_view),
    }
    return (_ASSISTANT_HEAD if assistant_view else _HEAD) + yaml.safe_dump(
        content, sort_keys=False, allow_unicode=True, width=100
    )


def _describe_view(words: Words, *, assistant_view: bool) -> dict[str, Any]:
    """How the app's chat looks: as an agent's, or as an assistant's, which ends in February 2027.

    https://docs.slack.dev/ai/migrating-to-agent-messaging
    """
    if assistant_view:
        described = words.line("platforms.slack.app_description")
        return {"assistant_view": {"assistant_description": described}}
    prompts = [
        {"title": words.line(f"platforms.slack.prompt_{key}"), "message": message}
        for key, message in PROMPTS.items()
    ]
    described = words.line("platforms.slack.agent_description")
    return {
        "agent_view": {
            "agent_description": described[:AGENT_DESCRIPTION_CHARACTERS],
            "suggested_prompts": prompts,
        }
    }


def make_slash_name(command: Command) -> str:
    """The slash command of one of ours: under our own name where Slack has that word itself."""
    word = command.name.replace("_", "-")
    return f"{PREFIX}{word}" if word in SLACK_WORDS else f"/{word}"


def _list_commands(words: Words, url: str, *, one_command: bool) -> list[dict[str, Any]]:
    known = {command.name: command for command in CATALOG.commands()}
    commands = [] if one_command else [known[name] for name in SLASHES]
    own_command = _describe_command(
        OWN_COMMANDS[0], words.line("platforms.slack.app_description"), url
    )
    return [
        own_command,
        *(_describe_command(make_slash_name(c), words.line(c.help_key), url) for c in commands),
    ]


def _describe_command(name: str, description: str, url: str) -> dict[str, Any]:
    content: dict[str, Any] = {
        "command": name,
        "description": description[:DESCRIPTION_CHARACTERS],
        "should_escape": False,
    }
    return content | ({"url": url} if url else {})


def _list_shortcuts(words: Words) -> list[dict[str, str]]:
    kinds = [
        *((key, "message") for key in OF_A_MESSAGE),
        *((key, "global") for key in FROM_ANYWHERE),
    ]
    return [
        {
            "name": words.line(f"platforms.slack.shortcut_{key}")[:SHORTCUT_CHARACTERS],
            "type": kind,
            "callback_id": key,
            "description": words.line(f"platforms.slack.shortcut_{key}_does"),
        }
        for key, kind in kinds
    ]


def _describe_oauth(public_url: str) -> dict[str, Any]:
    back = {"redirect_urls": [public_url.rstrip("/") + OAUTH_CALLBACK]} if public_url else {}
    return {**back, "scopes": {"bot": list(SCOPES)}}


def _describe_settings(url: str, *, assistant_view: bool) -> dict[str, Any]:
    events = sorted((*EVENTS_WANTED, *(ASSISTANT_EVENTS if assistant_view else AGENT_EVENTS)))
    at = {"request_url": url} if url else {}
    menus = {"message_menu_options_url": url} if url else {}
    return {
        "event_subscriptions": {**at, "bot_events": events},
        "interactivity": {"is_enabled": True, **at, **menus},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": False,
    }
