"""The manifest that people paste at Slack's is what the catalogue says, and asks for no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli.slack import cli
from bot.slack.inbound import Incoming, read
from bot.slack.manifest import (
    AGENT_EVENTS,
    ASSISTANT_EVENTS,
    DESCRIPTION_CHARACTERS,
    SCOPES,
    SLACK_WORDS,
    SLASHES,
    make_slash_name,
    render_manifest,
)
from bot.slack.workspaces import Workspace
from handlers.contract.catalog import CATALOG, Command
from handlers.contract.words import Words
from handlers.team.help import FIRST
from tests.bot.slack.serving import serving
from tests.fakes.slackapi import SlackApi
from tests.fakes.slackapi.errors import ApiError
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


async def test_slack_takes_the_manifest_for_a_new_app_and_the_bot_serves_it(
    tmp_path: Path,
) -> None:
    """What people paste is all it takes: its scopes and events are those that the bot needs."""
    async with SlackApi() as api:
        api.create_app(yaml.safe_load(KEPT.read_text(encoding="utf-8")))
        assert api.world.view == "agent"
        async with serving(api, tmp_path / "slack.db") as served:
            ann = api.user("Ann")
            served.member(ann)
            ann.says("lead Acme, 12k")
            await served.answered(1)
            ann.opens_chat(viewing=api.channel("acme", [ann]))
            ann.opens_home()
            await served.answered(3)
            assert "Lead: Acme" in ann.seen()[-1].text
            assert api.record.prompts[0][0]["message"] == "deal Acme"
            assert ann.home is not None
            assert api.refusals == []


@pytest.mark.parametrize("url", ["", "https://bot.example"])
@pytest.mark.parametrize("one_command", [False, True])
def test_every_manifest_is_taken_where_it_belongs(url: str, one_command: bool) -> None:
    new = yaml.safe_load(render_manifest(url, one_command=one_command))
    old = yaml.safe_load(render_manifest(url, one_command=one_command, assistant_view=True))
    SlackApi().create_app(new)
    SlackApi(view="assistant").update_app(old)
    SlackApi(view="assistant").update_app(new)


def test_slack_refuses_the_assistants_view_for_a_new_app_and_as_a_way_back() -> None:
    old = yaml.safe_load(render_manifest(assistant_view=True))
    with pytest.raises(ApiError, match="invalid_manifest"):
        SlackApi().create_app(old)
    moved = SlackApi(view="assistant")
    moved.update_app(yaml.safe_load(render_manifest()))
    with pytest.raises(ApiError, match="invalid_manifest"):
        moved.update_app(old)


def test_the_older_view_differs_in_nothing_but_the_view_and_its_events() -> None:
    new, old = (yaml.safe_load(render_manifest(assistant_view=each)) for each in (False, True))
    assert new["features"].pop("agent_view")
    assert old["features"].pop("assistant_view")
    events = [each["settings"]["event_subscriptions"].pop("bot_events") for each in (new, old)]
    assert new == old
    assert set(events[0]) ^ set(events[1]) == {*AGENT_EVENTS, *ASSISTANT_EVENTS}


def test_what_the_agent_says_of_itself_is_as_long_and_as_many_as_slack_takes() -> None:
    """Slack's published schema 0.5.0: a description up to 300 characters, at most 4 prompts."""
    view = yaml.safe_load(render_manifest())["features"]["agent_view"]
    assert 0 < len(view["agent_description"]) <= 300
    assert 0 < len(view["suggested_prompts"]) <= 4
    for language in ("en", "zh"):
        assert len(Words(language).line("platforms.slack.agent_description")) <= 300
    for prompt in view["suggested_prompts"]:
        assert prompt.keys() == {"title", "message"}
        assert CATALOG.find_command(prompt["message"].split()[0]) is not None


def test_the_command_says_that_there_is_no_way_back() -> None:
    told = CliRunner().invoke(cli, ["manifest", "--help"], env={"COLUMNS": "300"}).output
    for words in ("--assistant-view", "February 2027", "no way back", "for good"):
        assert words in told
    out = CliRunner().invoke(cli, ["manifest", "--out", "-", "--assistant-view"]).output
    assert "assistant_view" in yaml.safe_load(out)["features"]


def _slashes(written: str) -> list[str]:
    features = yaml.safe_load(written)["features"]
    return [each["command"] for each in features["slash_commands"]]


def _named(name: str) -> Command:
    [found] = [each for each in CATALOG.commands() if each.name == name]
    return found
