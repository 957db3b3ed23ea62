"""The transport under telegram.Bot: what arrives, and what fails how."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.telegram import wire
from bot.telegram.wire import AiohttpRequest
from tests.bot.telegram.connecting import connected
from tests.fakes.botapi import BotApi

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """An HTTP server with one answer to everything; gives its address."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_texts_arrive_in_every_script(api: BotApi) -> None:
    text = "a&b=c+d%20 你好 🙂 مرحبا \U0001f469\u200d\U0001f467"
    async with connected(api) as bot:
        await bot.send_message(1, text)
    assert api.sent[0].text == text


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"x" * 3_000_000, io.BytesIO(b"stream")])
async def test_files_arrive_with_their_names(api: BotApi, content: bytes | io.BytesIO) -> None:
    async with connected(api) as bot:
        await bot.send_document(1, content, filename='报价 "Q3"\\a.xlsx', caption="你好")
    expected = content if isinstance(content, bytes) else content.getvalue()
    assert (api.sent[0].file, api.sent[0].text) == (expected, "你好")
    assert api.sent[0].filename == '报价 "Q3"\\a.xlsx'


async def test_a_file_name_cannot_write_headers(api: BotApi) -> None:
    async with connected(api) as bot:
        await bot.send_document(1, b"x", filename="a\r\nX-Evil: 1\x00.csv")
    assert api.sent[0].filename == "a__X-Evil: 1_.csv"


async def test_a_long_poll_may_take_longer_than_a_call(api: BotApi) -> None:
    async with connected(api, AiohttpRequest(read_timeout=0.05)) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        done, _ = await asyncio.wait({poll}, timeout=0.15)
        assert not done
        api.world.updates.add("message", {"message_id": 1, "date": 1, "chat": CHAT})
        assert len(await poll) == 1
        api.hang_next("getMe")
        with pytest.raises(TimedOut, match="may have been sent"):
            await bot.get_me()


CHAT = {"id": 1, "type": "private"}


async def test_a_call_can_bring_its_own_timeout(api: BotApi) -> None:
    async with connected(api, AiohttpRequest(read_timeout=None)) as bot:
        api.hang_next("getMe")
        with pytest.raises(TimedOut):
            await bot.get_me(read_timeout=0.05)


async def test_waiting_for_a_free_connection_ends_before_anything_is_sent(api: BotApi) -> None:
    request = AiohttpRequest(connections=1, pool_timeout=0.03, connect_timeout=0.03)
    async with connected(api, request) as bot:
        await bot.get_me()
        api.hang_next("sendMessage")
        stuck = asyncio.create_task(bot.send_message(1, "x"))
        await api.wait_for(lambda: api.calls["sendMessage"] == 1)
        with pytest.raises(TimedOut, match="nothing was sent"):
            await bot.get_me()
        assert api.calls["getMe"] == 2  # initialize and the first one
        stuck.cancel()


async def test_a_server_that_is_not_there_is_a_network_error_that_says_why(api: BotApi) -> None:
    await api.stop()
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as failure:
            await request.post(f"{api.base_url}{api.token}/getMe")
    assert type(failure.value) is NetworkError
    assert failure.value.message == "ClientConnectorError ECONNREFUSED"


async def test_an_answer_cut_short_is_a_network_error(api: BotApi) -> None:
    async with connected(api) as bot:
        api.drop_next("sendMessage")
        with pytest.raises(NetworkError):
            await bot.send_message(1, "x")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, "<html>log in to the hotel network</html>", "not one of Telegram's"),
        (200, "[1]", "not one of Telegram's"),
        (502, "<html>secret page</html>", "^Bad Gateway \\(502\\)$"),
        (500, '{"broken', "^Internal Server Error \\(500\\)$"),
    ],
)
async def test_a_page_that_is_not_telegrams_is_a_network_error(
    api: BotApi, status: int, body: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(api) as bot:
        api.fail_next("getMe", status, body)
        with pytest.raises(NetworkError, match=reason):
            await bot.get_me()
    assert body not in caplog.text


async def test_a_redirect_is_not_followed(api: BotApi) -> None:
    seen: list[str] = []

    async def redirect(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        raise web.HTTPTemporaryRedirect("/elsewhere")

    async with serving(redirect) as address, AiohttpRequest() as request:
        status, _ = await request.do_request(f"{address}/bot{api.token}/getMe", "POST")
    assert (status, seen) == (307, [f"/bot{api.token}/getMe"])


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER_BYTES", 100_000)

    async def chatter(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not request.transport or not request.transport.is_closing():
            await response.write(b"x" * 10_000)
        return response

    async with serving(chatter) as address, AiohttpRequest() as request:
        with pytest.raises(NetworkError, match="longer than any"):
            await request.do_request(f"{address}/x", "GET")


async def test_what_cannot_be_encoded_is_refused_without_repeating_it(api: BotApi) -> None:
    async with connected(api) as bot:
        with pytest.raises(BadRequest) as refusal:
            await bot.send_message(1, "Acme owes us \ud83d")
    assert refusal.value.message == "strings must be encoded in UTF-8"
    assert refusal.value.__cause__ is None


async def test_it_opens_and_closes_once_however_often_it_is_asked(api: BotApi) -> None:
    request = AiohttpRequest()
    for _ in range(2):
        await request.initialize()
        await request.initialize()
        status, _ = await request.do_request(f"{api.base_url}{api.token}/getMe", "POST")
        assert status == 200
        await request.shutdown()
        await request.shutdown()
    with pytest.raises(NetworkError, match="closed"):
        await request.do_request(f"{api.base_url}{api.token}/getMe", "POST")
