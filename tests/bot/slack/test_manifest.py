"""The manifest that people paste at Slack's is what the catalogue says, and asks for no more."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.slack.manifest import SCOPES, TAKEN, manifest, slash_name
from handlers.catalog import CATALOG
from handlers.helps import FIRST
from tests.fakes.slackapi.methods import METHODS

HOUSE = Path(__file__).resolve().parents[3]
KEPT = HOUSE / "slack" / "manifest.yaml"
SOURCES = (HOUSE / "bot" / "slack").rglob("*.py")


def test_the_manifest_is_up_to_date() -> None:
    written = KEPT.read_text(encoding="utf-8")
    assert written == manifest(), "write it anew: python -m bot slack manifest"


def test_the_commands_of_the_catalogue_are_slash_commands_under_free_names() -> None:
    features = yaml.safe_load(manifest())["features"]
    named = [each["command"] for each in features["slash_commands"]]
    assert len(named) == len(set(named)) <= 50
    ours = {slash_name(command) for command in CATALOG.commands()}
    # Slack takes 50; what does not fit is asked for under our own name: /rep compare.
    assert set(named) - {"/rep"} <= ours
    assert len(named) == min(50, len(ours) + 1)
    assert {f"/{name}" for name in FIRST} <= set(named)
    assert not {name.removeprefix("/") for name in named} & TAKEN
    assert all(len(each["description"]) <= 100 for each in features["slash_commands"])


def test_by_setting_everything_stands_under_one_command() -> None:
    features = yaml.safe_load(manifest(one_command=True))["features"]
    assert [each["command"] for each in features["slash_commands"]] == ["/rep"]


def test_only_scopes_are_asked_for_that_a_call_or_event_of_ours_needs() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    called = {name for name in METHODS if f'"{name}"' in source}
    needed = {METHODS[name].scope for name in called if METHODS[name].scope}
    by_events = {"app_mentions:read", "im:history", "files:read", "commands", "assistant:write"}
    assert set(SCOPES) == needed | by_events


@pytest.mark.parametrize("url", ["https://bot.example", "https://bot.example/"])
def test_over_http_every_address_is_the_public_one(url: str) -> None:
    written = yaml.safe_load(manifest(url))
    events = "https://bot.example/slack/events"
    assert written["settings"]["event_subscriptions"]["request_url"] == events
    assert written["settings"]["interactivity"]["request_url"] == events
    assert not written["settings"]["socket_mode_enabled"]
    assert {each["url"] for each in written["features"]["slash_commands"]} == {events}
    assert written["oauth_config"]["redirect_urls"] == ["https://bot.example/slack/oauth_redirect"]
