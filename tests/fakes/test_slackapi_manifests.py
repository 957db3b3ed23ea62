"""The tests' Slack refuses of a manifest what Slack refuses."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import yaml

from bot.slack.manifest import render_manifest
from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.manifests import ASSISTANT, find_faults

NEW: Json = yaml.safe_load(render_manifest())
OLD: Json = yaml.safe_load(render_manifest(assistant_view=True))
PROMPT = {"title": "Today", "message": "today"}


def view(manifest: Json) -> Json:
    """The agent's view of a manifest."""
    found: Json = manifest["features"]["agent_view"]
    return found


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda m: view(m).update(agent_description="x" * 301), "agent_description: 1 to 300"),
        (lambda m: view(m).update(suggested_prompts=[PROMPT] * 5), "suggested_prompts: 1 to 4"),
        (lambda m: view(m).update(suggested_prompts=[{"title": "x"}]), "a title and a message"),
        (lambda m: view(m).update(assistant_description="x"), "is not known"),
        (lambda m: m["features"].pop("agent_view"), "should include assistant_view"),
        (lambda m: m["oauth_config"]["scopes"]["bot"].remove("im:history"), "im:history"),
        (lambda m: m["features"]["slash_commands"].extend([{}] * 50), "slash_commands: 1 to 50"),
    ],
)
def test_a_manifest_that_slack_would_not_take(spoil: Callable[[Json], object], fault: str) -> None:
    manifest = copy.deepcopy(NEW)
    assert find_faults(manifest) == []
    spoil(manifest)
    assert any(fault in each for each in find_faults(manifest)), find_faults(manifest)


def test_the_assistants_view_needs_to_be_told_of_its_threads() -> None:
    manifest = copy.deepcopy(OLD)
    assert find_faults(manifest, ASSISTANT) == []
    manifest["settings"]["event_subscriptions"]["bot_events"].remove("assistant_thread_started")
    assert "assistant_thread_started" in find_faults(manifest, ASSISTANT)[0]
