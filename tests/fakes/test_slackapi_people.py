"""The fake's people see and do what people do in Slack, and are who `users.info` says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slackapi import Live, SlackApi, User
from tests.fakes.slackapi.reading import read_mrkdwn
from tests.fakes.slackapi.wording import typed
from tests.fakes.slackapp import client_of

Json = dict[str, Any]


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    async with SlackApi() as api:
        yield api


def event_of(api: SlackApi) -> Json:
    return dict(api.deliveries.all[-1].payload["event"])


async def info(api: SlackApi, user: User) -> Json:
    told = await client_of(api).users_info(user=user.id, include_locale=True)
    return dict(told["user"])


async def test_slack_says_who_is_a_member_a_guest_a_bot_or_from_elsewhere(api: SlackApi) -> None:
    ann = await info(api, api.user("Ann", locale="zh-CN", tz="Asia/Shanghai"))
    assert (ann["locale"], ann["tz"]) == ("zh-CN", "Asia/Shanghai")
    assert not ann["is_restricted"]
    single = await info(api, api.user("Gus", guest="single"))
    assert single["is_restricted"]
    assert single["is_ultra_restricted"]
    assert (await info(api, api.user("Bot", is_bot=True)))["is_bot"]
    stranger = await info(api, api.user("Sam", home_team_id="T0ELSEWHERE"))
    assert stranger["is_stranger"]
    assert stranger["team_id"] == "T0ELSEWHERE"


async def test_the_locale_is_told_only_when_asked_for(api: SlackApi) -> None:
    ann = api.user("Ann")
    told = await client_of(api).users_info(user=ann.id)
    assert "locale" not in told["user"]


def test_what_is_typed_is_escaped_and_its_links_are_marked() -> None:
    words = typed("a & b <c> x.com ann@x.example https://x.example/?a=1&b=2 👍")
    assert words.text == (
        "a &amp; b &lt;c&gt; <http://x.com|x.com> <mailto:ann@x.example|ann@x.example>"
        " <https://x.example/?a=1&b=2> :thumbs_up_sign:"
    )
    kinds = [piece["type"] for piece in words.blocks[0]["elements"][0]["elements"]]
    assert [kind for kind in kinds if kind != "text"] == ["link", "link", "link", "emoji"]


@pytest.mark.parametrize(
    ("mrkdwn", "shown"),
    [
        ("*bold* and _it_ and ~no~ and `code`", "bold and it and no and code"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("&lt;b&gt; &amp; &amp;amp;", "<b> & &amp;"),
        ("<https://x.example|the site> <!channel>", "the site !channel"),
    ],
)
def test_mrkdwn_is_read_as_slack_shows_it(mrkdwn: str, shown: str) -> None:
    assert read_mrkdwn(mrkdwn) == shown


async def test_what_calls_somebody_is_kept_and_what_is_only_text_is_not(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    hostile = "<!channel> <@U1> <https://evil.example|bank>"
    safe = {"type": "rich_text_section", "elements": [{"type": "text", "text": hostile}]}
    escaped = hostile.replace("<", "&lt;").replace(">", "&gt;")
    blocks: list[Json] = [
        {"type": "rich_text", "elements": [safe]},
        {"type": "section", "text": {"type": "plain_text", "text": hostile}},
    ]
    await client.chat_postMessage(channel=ann.id, text=escaped, blocks=blocks)
    assert api.record.live == []
    assert api.sent[-1].text == f"{hostile}\n{hostile}"
    await client.chat_postMessage(channel=ann.id, text=hostile)
    assert api.live_mentions == [
        Live("broadcast", "channel", "!channel"),
        Live("user", "U1", "@U1"),
    ]
    assert [live.target for live in api.live_links] == ["https://evil.example"]


async def test_a_channel_tells_the_app_of_mentions_only_and_a_closed_one_of_nothing(
    api: SlackApi,
) -> None:
    ann = api.user("Ann")
    sales, closed = api.channel("sales", [ann]), api.channel("closed", [ann], bot=False)
    assert ann.says("hello", sales) is None
    assert ann.says("hello", closed, mention=True) is None
    told = ann.says("hello", sales, mention=True)
    assert told is not None
    assert event_of(api)["type"] == "app_mention"
    assert event_of(api)["text"] == f"<@{api.team.bot_user_id}> hello"


async def test_somebody_from_a_shared_channel_is_told_apart(api: SlackApi) -> None:
    sam = api.user("Sam", home_team_id="T0ELSEWHERE")
    both = api.channel("both", [sam], shared_with=["T0ELSEWHERE"])
    told = sam.says("hello", both, mention=True)
    assert told is not None
    assert told.payload["team_id"] == api.team.id
    assert told.payload["is_ext_shared_channel"]
    assert event_of(api)["user_team"] == "T0ELSEWHERE"


async def test_enterprise_grid_names_its_organisation_everywhere(api: SlackApi) -> None:
    grid = api.workspace("T0GRID", "Grid Ltd", enterprise_id="E0GRID", org_wide=True)
    ann = api.user("Ann", grid)
    told = ann.says("hello")
    assert told is not None
    assert told.payload["enterprise_id"] == "E0GRID"
    assert told.payload["authorizations"][0]["is_enterprise_install"]
    assert ann.commands("/lead").payload["enterprise_id"] == "E0GRID"
    assert ann.takes_shortcut("lead").payload["enterprise"]["id"] == "E0GRID"


async def test_a_message_shortcut_shows_the_message_and_a_whisper_is_not_shown(
    api: SlackApi,
) -> None:
    ann = api.user("Ann")
    sales = api.channel("sales", [ann])
    ann.says("they say it is too dear", sales)
    taken = ann.takes_shortcut("find_answer", sales.messages[-1])
    assert taken.payload["type"] == "message_action"
    assert taken.payload["message"]["text"] == "they say it is too dear"
    tap = {"type": "button", "text": {"type": "plain_text", "text": "Tap"}, "action_id": "a"}
    blocks = [{"type": "actions", "elements": [tap]}]
    await client_of(api).chat_postEphemeral(channel=sales.id, user=ann.id, text="x", blocks=blocks)
    pressed = ann.presses("Tap", sales)
    assert pressed.payload["container"]["is_ephemeral"]
    assert "message" not in pressed.payload


async def test_home_opens_with_what_was_published(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    ann.opens_home()
    assert "view" not in event_of(api)
    await client.views_publish(user_id=ann.id, view={"type": "home", "blocks": [DIVIDER]})
    ann.opens_home()
    assert event_of(api)["view"]["type"] == "home"


async def test_an_agents_prompts_stand_in_the_chat_and_in_no_thread(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    sales = api.channel("sales", [ann])
    ann.opens_chat(viewing=sales)
    opened = event_of(api)
    assert opened["tab"] == "messages"
    assert opened["context"]["entities"][0]["value"] == sales.id
    ann.looks_at(None)
    assert event_of(api) == {"type": "app_context_changed", "context": {}}
    prompts = [{"title": "Today", "message": "today"}]
    where = {"channel_id": ann.dm.id, "prompts": prompts}
    await client.api_call("assistant.threads.setSuggestedPrompts", json=where | {"thread_ts": "1"})
    assert api.record.prompts == []
    await client.api_call("assistant.threads.setSuggestedPrompts", json=where)
    assert api.record.prompts == [prompts]


async def test_an_assistants_pane_opens_with_a_thread() -> None:
    async with SlackApi(view="assistant") as api:
        ann, client = api.user("Ann"), client_of(api)
        ann.opens_assistant()
        thread = event_of(api)["assistant_thread"]
        where = {"channel_id": thread["channel_id"], "thread_ts": thread["thread_ts"]}
        prompts = [{"title": "Today", "message": "today"}]
        await client.assistant_threads_setSuggestedPrompts(**where, prompts=prompts)
        await client.assistant_threads_setStatus(**where, status="is thinking…")
        assert api.record.prompts == [prompts]


DIVIDER = {"type": "divider"}


async def test_an_installation_gives_its_code_for_a_token_once(api: SlackApi) -> None:
    kim = api.user("Kim", is_admin=True)
    code = api.installs(kim)
    app = api.app
    given = {"client_id": app.client_id, "client_secret": app.client_secret, "code": code}
    client = client_of(api, "not-needed")
    answer = await client.api_call("oauth.v2.access", data=given)
    assert answer["access_token"] == api.bot_token
    assert answer["authed_user"]["id"] == kim.id
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("oauth.v2.access", data=given)
    assert refused.value.response["error"] == "invalid_code"


@pytest.mark.parametrize("tokens_first", [False, True])
async def test_throwing_the_app_out_is_told_in_either_order(
    api: SlackApi, tokens_first: bool
) -> None:
    told = [one.payload["event"] for one in api.uninstalls(api.team, tokens_first=tokens_first)]
    kinds = ["app_uninstalled", "tokens_revoked"]
    assert [event["type"] for event in told] == (kinds[::-1] if tokens_first else kinds)
    assert {event["type"]: event for event in told}["tokens_revoked"]["tokens"]["bot"] == [
        api.team.bot_user_id
    ]
