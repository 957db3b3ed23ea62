"""The fake refuses what Slack refuses: in blocks, views, triggers, addresses and standing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.blockmaking import asks, plain, section
from tests.fakes.slackapi import SlackApi
from tests.fakes.slackapp import client_of

Json = dict[str, Any]


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    async with SlackApi() as api:
        yield api


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


def post(api: SlackApi, channel: str, **more: Any) -> Any:
    """The call as it is, without what the SDK would say about it first."""
    return client_of(api).api_call("chat.postMessage", json={"channel": channel, **more})


async def test_a_refused_block_is_named_in_the_answer(api: SlackApi) -> None:
    ann = api.user("Ann")
    assert await refusal(post(api, ann.id, text="x", blocks=[section("x" * 3001)])) == (
        "invalid_blocks"
    )
    assert "/blocks/0/text/text" in api.refusals[-1].messages[0]


async def test_blocks_that_are_too_long_together_are_refused(api: SlackApi) -> None:
    ann = api.user("Ann")
    long = [section("x" * 2640) for _ in range(5)]
    await post(api, ann.id, text="x", blocks=long)
    longer = [*long, section("x")]
    assert await refusal(post(api, ann.id, text="x", blocks=longer)) == "msg_blocks_too_long"


async def test_a_text_has_its_limits_when_posted_and_when_changed(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    assert await refusal(post(api, ann.id, text="x" * 40_001)) == "msg_too_long"
    sent = await post(api, ann.id, text="x")
    where = {"channel": sent["channel"], "ts": sent["ts"]}
    assert await refusal(client.chat_update(**where, text="x" * 4001)) == "msg_too_long"
    assert await refusal(client.chat_update(**where | {"ts": "1.2"}, text="x")) == (
        "message_not_found"
    )


async def test_only_ones_own_messages_can_be_changed(api: SlackApi) -> None:
    ann = api.user("Ann")
    ann.says("mine")
    where: Json = {"channel": ann.dm.id, "ts": ann.dm.messages[-1].ts}
    assert await refusal(client_of(api).chat_update(**where, text="x")) == "cant_update_message"
    assert await refusal(client_of(api).chat_delete(**where)) == "cant_delete_message"


async def test_an_ephemeral_message_is_only_for_a_member_and_cannot_be_changed(
    api: SlackApi,
) -> None:
    ann, bo = api.user("Ann"), api.user("Bo")
    sales = api.channel("sales", [ann])
    client = client_of(api)
    whisper: Json = {"channel": sales.id, "text": "psst"}
    assert await refusal(client.chat_postEphemeral(**whisper, user=bo.id)) == "user_not_in_channel"
    sent = await client.chat_postEphemeral(**whisper, user=ann.id)
    changed = client.chat_update(channel=sales.id, ts=sent["message_ts"], text="x")
    assert await refusal(changed) == "message_not_found"


MODAL: Json = {"type": "modal", "title": plain("T"), "submit": plain("Ok"), "blocks": [asks()]}
BAD_VIEWS: list[Json] = [
    MODAL | {"title": plain("x" * 25)},
    MODAL | {"close": plain("x" * 25)},
    MODAL | {"private_metadata": "x" * 3001},
    MODAL | {"callback_id": "x" * 256},
    MODAL | {"colour": "red"},
    MODAL | {"type": "home"},
    MODAL | {"blocks": [{"type": "divider"}] * 101},
    MODAL | {"blocks": [{"type": "markdown", "text": "x"}]},
    {name: value for name, value in MODAL.items() if name != "submit"},
    {name: value for name, value in MODAL.items() if name != "title"},
]


def trigger(api: SlackApi, user_id: str) -> str:
    return api.world.trigger(user_id, api.team)


@pytest.mark.parametrize("view", BAD_VIEWS, ids=range(len(BAD_VIEWS)))
async def test_a_view_beyond_a_limit_is_refused(api: SlackApi, view: Json) -> None:
    ann = api.user("Ann")
    call = client_of(api).views_open(trigger_id=trigger(api, ann.id), view=view)
    assert await refusal(call) == "invalid_arguments"


async def test_a_view_that_is_too_large_is_refused(api: SlackApi) -> None:
    ann = api.user("Ann")
    field = {"type": "section", "fields": [plain("x" * 2000)] * 10}
    view = MODAL | {"blocks": [field] * 13}
    assert await refusal(client_of(api).views_open(trigger_id=trigger(api, ann.id), view=view)) == (
        "view_too_large"
    )


async def test_a_trigger_is_good_once_and_for_three_seconds(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    once = trigger(api, ann.id)
    await client.views_open(trigger_id=once, view=MODAL)
    assert await refusal(client.views_open(trigger_id=once, view=MODAL)) == "exchanged_trigger_id"
    late = trigger(api, ann.id)
    api.advance(3.1)
    assert await refusal(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"


async def test_a_view_is_changed_by_its_newest_hash_only_and_while_it_is_open(
    api: SlackApi,
) -> None:
    ann, client = api.user("Ann"), client_of(api)
    opened = await client.views_open(trigger_id=trigger(api, ann.id), view=MODAL)
    view = {"view_id": opened["view"]["id"], "view": MODAL}
    changed = await client.views_update(**view, hash=opened["view"]["hash"])
    old = client.views_update(**view, hash=opened["view"]["hash"])
    assert await refusal(old) == "hash_conflict"
    await client.views_update(**view, hash=changed["view"]["hash"])
    ann.closes()
    assert await refusal(client.views_update(**view)) == "not_found"


async def test_views_stack_three_deep(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    await client.views_open(trigger_id=trigger(api, ann.id), view=MODAL)
    for _ in range(2):
        top = api.world.trigger(ann.id, api.team, ann.modal.id)
        await client.views_push(trigger_id=top, view=MODAL)
    top = api.world.trigger(ann.id, api.team, ann.modal.id)
    pushed = client.views_push(trigger_id=top, view=MODAL)
    assert await refusal(pushed) == "push_limit_reached"


async def test_what_is_typed_stays_when_the_view_changes_around_it(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    named = asks() | {"block_id": "name"}
    view = MODAL | {"blocks": [named]}
    opened = await client.views_open(trigger_id=trigger(api, ann.id), view=view)
    ann.modal.values["name"]["v"]["value"] = "Acme"
    wider = MODAL | {"blocks": [section("More"), named]}
    await client.views_update(view_id=opened["view"]["id"], view=wider)
    assert ann.modal.values["name"]["v"]["value"] == "Acme"


async def answered(url: str, body: Json) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=json.dumps(body)) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_response_address_is_good_five_times_and_for_half_an_hour(api: SlackApi) -> None:
    ann = api.user("Ann")
    url = ann.commands("/lead").payload["response_url"]
    for _ in range(5):
        assert await answered(url, {"text": "x"}) == (200, "ok")
    status, said = await answered(url, {"text": "x"})
    assert (status, "used_url" in said) == (404, True)
    url = ann.commands("/lead").payload["response_url"]
    api.advance(30 * 60 + 1)
    status, said = await answered(url, {"text": "x"})
    assert (status, "expired_url" in said) == (404, True)


@pytest.mark.parametrize(
    ("state", "error"),
    [("revoked", "token_revoked"), ("uninstalled", "account_inactive")],
)
async def test_a_token_that_is_gone_is_refused_in_its_own_workspace_only(
    api: SlackApi, state: str, error: str
) -> None:
    other = api.workspace("T0OTHER", "Other Ltd")
    api.team.state = state
    assert await refusal(client_of(api).auth_test()) == error
    assert (await client_of(api, other.bot_token).auth_test())["team_id"] == "T0OTHER"


async def test_a_method_needs_its_scope(api: SlackApi) -> None:
    api.team.scopes = frozenset(["chat:write"])
    ann = api.user("Ann")
    await post(api, ann.id, text="x")
    assert await refusal(client_of(api).users_info(user=ann.id)) == "missing_scope"


async def test_channels_of_another_workspace_are_not_there(api: SlackApi) -> None:
    other = api.workspace("T0OTHER", "Other Ltd")
    eve = api.user("Eve", other)
    assert await refusal(post(api, eve.dm.id, text="x")) == "channel_not_found"
    assert await refusal(post(api, eve.id, text="x")) == "channel_not_found"
    sales = api.channel("sales")
    sales.archived = True
    assert await refusal(post(api, sales.id, text="x")) == "is_archived"


async def test_rates_are_held_for_each_channel_and_workspace_alone(api: SlackApi) -> None:
    api.enforce_rates = True
    ann, bo = api.user("Ann"), api.user("Bo")
    for _ in range(3):
        await post(api, ann.dm.id, text="x")
    limited: AsyncWebClient = client_of(api)
    with pytest.raises(SlackApiError) as refused:
        await limited.chat_postMessage(channel=ann.dm.id, text="x")
    assert refused.value.response.headers["Retry-After"] == "1"
    await post(api, bo.dm.id, text="x")
    api.advance(1)
    await post(api, ann.dm.id, text="x")
