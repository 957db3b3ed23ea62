"""The manifest that people paste at Slack's is what the catalogue says, and asks for no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.slack.inbound import Incoming, read
from bot.slack.manifest import (
    DESCRIPTION_CHARACTERS,
    SCOPES,
    SLACK_WORDS,
    SLASHES,
    make_slash_name,
    render_manifest,
)
from bot.slack.workspaces import Workspace
from handlers.contract.catalog import CATALOG, Command
from handlers.team.help import FIRST
from tests.fakes.slackapi.methods import METHODS

COMMANDS = 50  # Slack takes no more
HOUSE = Path(__file__).resolve().parents[3]
KEPT = HOUSE / "bot" / "slack" / "manifest.yaml"
SOURCES = (HOUSE / "bot" / "slack").rglob("*.py")


def test_the_manifest_is_up_to_date() -> None:
    written = KEPT.read_text(encoding="utf-8")
    assert written == render_manifest(), "write it anew: python -m bot slack manifest"


def test_what_a_rep_needs_most_has_a_slash_of_its_own() -> None:
    most = """lead deal move next today obj deals note call won lost park offer advance back undo
    nudges snooze away funnel forecast report goal""".split()
    assert set(most) | set(FIRST) <= set(SLASHES)
    assert set(SLASHES[:16]) <= set(most)
    assert _slashes(render_manifest()) == [
        "/rep",
        *(make_slash_name(_named(name)) for name in SLASHES),
    ]


def test_a_command_without_a_slash_of_its_own_is_asked_for_under_ours() -> None:
    workspace = Workspace("", "T0HARBOUR", "xoxb-not-a-real-token", "UB0HARBOUR")
    for command in CATALOG.commands():
        payload = {"team_id": "T0HARBOUR", "user_id": "U0ANN", "trigger_id": "1.2.3"}
        typed = {"command": "/rep", "text": f"{command.name} acme"}
        heard = read(payload | typed, workspace)
        assert isinstance(heard, Incoming)
        assert CATALOG.find_command(heard.request.text.split()[0].lstrip("/")) == command


@pytest.mark.parametrize("one_command", [False, True])
def test_slack_takes_the_commands(one_command: bool) -> None:
    """Its rules: https://docs.slack.dev/reference/app-manifest#features."""
    listed = yaml.safe_load(render_manifest(one_command=one_command))["features"]["slash_commands"]
    named = [each["command"] for each in listed]
    assert len(named) == len(set(named)) <= COMMANDS
    assert all(re.fullmatch(r"/[a-z0-9_-]{1,31}", name) for name in named)
    assert not {name.removeprefix("/") for name in named} & SLACK_WORDS
    assert all(0 < len(each["description"]) <= DESCRIPTION_CHARACTERS for each in listed)


def test_by_setting_everything_stands_under_one_command() -> None:
    assert _slashes(render_manifest(one_command=True)) == ["/rep"]


def test_only_scopes_are_asked_for_that_a_call_or_event_of_ours_needs() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    called = {name for name in METHODS if f'"{name}"' in source}
    needed = {METHODS[name].scope for name in called if METHODS[name].scope}
    by_events = {"app_mentions:read", "im:history", "files:read", "commands", "assistant:write"}
    assert set(SCOPES) == needed | by_events


@pytest.mark.parametrize("url", ["https://bot.example", "https://bot.example/"])
def test_over_http_every_address_is_the_public_one(url: str) -> None:
    written = yaml.safe_load(render_manifest(url))
    events = "https://bot.example/slack/events"
    assert written["settings"]["event_subscriptions"]["request_url"] == events
    assert written["settings"]["interactivity"]["request_url"] == events
    assert not written["settings"]["socket_mode_enabled"]
    assert {each["url"] for each in written["features"]["slash_commands"]} == {events}
    assert written["oauth_config"]["redirect_urls"] == ["https://bot.example/slack/oauth_redirect"]


def _slashes(written: str) -> list[str]:
    features = yaml.safe_load(written)["features"]
    return [each["command"] for each in features["slash_commands"]]


def _named(name: str) -> Command:
    [found] = [each for each in CATALOG.commands() if each.name == name]
    return found
