"""The fake fails as Slack fails: refusals, lost answers, sockets that break in every way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slackapi import SlackApi
from tests.fakes.slackapp import client_of

Json = dict[str, Any]


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    async with SlackApi() as api:
        yield api


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def address(api: SlackApi) -> str:
    opened = await AsyncWebClient(base_url=api.base_url).apps_connections_open(
        app_token=api.app_token
    )
    return str(opened["url"])


async def linked(api: SlackApi, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    ws = await session.ws_connect(await address(api), autoping=False)
    assert (await heard(ws))["type"] == "hello"
    return ws


async def heard(ws: aiohttp.ClientWebSocketResponse) -> Json:
    told = json.loads(await ws.receive_str(timeout=5))
    assert isinstance(told, dict)
    return told


async def acks(ws: aiohttp.ClientWebSocketResponse, envelope: Json) -> None:
    await ws.send_str(json.dumps({"envelope_id": envelope["envelope_id"]}))


async def test_an_app_token_opens_a_socket_and_a_bot_token_does_not(api: SlackApi) -> None:
    for token, error in ((api.bot_token, "not_allowed_token_type"), ("xapp-x", "invalid_auth")):
        with pytest.raises(SlackApiError) as refused:
            await client_of(api).apps_connections_open(app_token=token)
        assert refused.value.response["error"] == error


async def test_an_address_opens_one_socket_and_a_refused_one_none(
    api: SlackApi, session: aiohttp.ClientSession
) -> None:
    url = await address(api)
    async with session.ws_connect(url):
        pass
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(url)
    api.sockets.refuse_handshakes = 1
    url = await address(api)
    for _ in range(2):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
    await linked(api, session)


async def test_what_is_not_acknowledged_in_three_seconds_comes_again_and_says_so(
    api: SlackApi, session: aiohttp.ClientSession
) -> None:
    ws, ann = await linked(api, session), api.user("Ann")
    delivery = ann.says("hello")
    first = await heard(ws)
    assert (first["type"], first["retry_attempt"]) == ("events_api", 0)
    api.advance(3)
    second = await heard(ws)
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert second["payload"] == first["payload"]
    await acks(ws, first)
    await acks(ws, second)
    await api.idle()
    assert delivery is not None
    assert delivery.state == "acked"
    await acks(ws, second)


async def test_what_a_dead_socket_carried_goes_through_the_next(
    api: SlackApi, session: aiohttp.ClientSession
) -> None:
    first, ann = await linked(api, session), api.user("Ann")
    second = await linked(api, session)
    for text in ("one", "two"):
        ann.says(text)
    assert (await heard(first))["type"] == (await heard(second))["type"] == "events_api"
    await first.close()
    again = await heard(second)
    assert again["retry_attempt"] == 1


async def test_a_command_that_is_not_acknowledged_is_trouble_for_the_person(
    api: SlackApi, session: aiohttp.ClientSession
) -> None:
    ws, ann = await linked(api, session), api.user("Ann")
    ann.commands("/lead", "a & b")
    assert (await heard(ws))["payload"]["text"] == "a &amp; b"
    api.advance(3)
    assert len(ann.troubles) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_slack_asks_to_come_again_and_sends_nothing_more(
    api: SlackApi, session: aiohttp.ClientSession, reason: str
) -> None:
    old, ann = await linked(api, session), api.user("Ann")
    api.sockets.disconnect(reason)
    assert (await heard(old))["reason"] == reason
    new = await linked(api, session)
    ann.says("hello")
    assert (await heard(new))["type"] == "events_api"


async def test_the_eleventh_socket_is_one_too_many(
    api: SlackApi, session: aiohttp.ClientSession
) -> None:
    ten = [await linked(api, session) for _ in range(10)]
    eleventh = await session.ws_connect(await address(api))
    assert (await heard(eleventh))["reason"] == "too_many_websockets"
    assert not any(ws.closed for ws in ten)


async def test_sockets_break_in_every_way(api: SlackApi, session: aiohttp.ClientSession) -> None:
    ws = await linked(api, session)
    api.sockets.garbage()
    assert await ws.receive_str() == "{not json"
    await ws.ping(b"x")
    assert (await ws.receive()).type == aiohttp.WSMsgType.PONG
    api.sockets.half_open()
    await ws.ping(b"y")
    with pytest.raises(TimeoutError):
        await ws.receive(timeout=0.05)
    assert not ws.closed
    other = await linked(api, session)
    api.sockets.drop()
    assert (await other.receive()).type == aiohttp.WSMsgType.CLOSED
    third = await linked(api, session)
    api.sockets.close()
    assert (await third.receive()).type == aiohttp.WSMsgType.CLOSE


async def test_a_call_is_refused_limited_cut_or_left_hanging_once(api: SlackApi) -> None:
    ann, client = api.user("Ann"), client_of(api)
    api.limits_next("chat.postMessage", 7)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ann.id, text="x")
    assert refused.value.response.headers["Retry-After"] == "7"
    api.fail_next("chat.postMessage", status=503)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ann.id, text="x")
    assert refused.value.response.status_code == 503
    api.drop_next("chat.postMessage", applied=True)
    with pytest.raises(aiohttp.ClientError):
        await client.api_call("chat.postMessage", json={"channel": ann.id, "text": "lost"})
    assert [sent.text for sent in api.sent] == ["lost"]
    api.hang_next("chat.postMessage")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.chat_postMessage(channel=ann.id, text="x")
