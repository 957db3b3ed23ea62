"""The app's manifest, made from the catalogue of commands: names, events and permissions.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

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
    "chat:write",  # chat.postMessage, chat.postEphemeral, chat.update
    "commands",  # slash commands and shortcuts
    "files:read",  # what people send us
    "files:write",  # files.getUploadURLExternal, files.completeUploadExternal
    "im:history",  # message.im
    "im:write",  # conversations.open
    "users:read",  # users.info: name, zone, locale, whether a guest
)
EVENTS_WANTED = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "assistant_thread_context_changed",
    "assistant_thread_started",
    "message.im",
    "tokens_revoked",
)
OAUTH_CALLBACK = "/slack/oauth_redirect"


def render_manifest(public_url: str = "", *, one_command: bool = False) -> str:
    """The manifest as YAML: for Socket Mode, or for HTTP at a public URL.

    With `one_command` everything stands under `/rep`.
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
            "assistant_view": {
                "assistant_description": words.line("platforms.slack.app_description")
            },
            "shortcuts": _list_shortcuts(words),
            "slash_commands": _list_commands(words, url, one_command=one_command),
        },
        "oauth_config": _describe_oauth(public_url),
        "settings": _describe_settings(url),
    }
    head = "# Written by `python -m bot slack manifest`; a test says when it is out of date.\n"
    return head + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


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


def _describe_settings(url: str) -> dict[str, Any]:
    at = {"request_url": url} if url else {}
    menus = {"message_menu_options_url": url} if url else {}
    return {
        "event_subscriptions": {**at, "bot_events": list(EVENTS_WANTED)},
        "interactivity": {"is_enabled": True, **at, **menus},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": False,
    }
