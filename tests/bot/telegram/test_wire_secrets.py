"""The token, part of every address, gets into no log and no error."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable
from contextlib import AsyncExitStack

import pytest
from telegram.error import NetworkError, TelegramError

from bot.telegram.wire import AiohttpRequest
from tests.bot.telegram.connecting import connected
from tests.fakes.botapi import BotApi


def told_by(error: BaseException) -> str:
    """Everything that a log or a person could get to see of an error."""
    return "".join([str(error), repr(error), *traceback.format_exception(error)])


async def attempt(call: Awaitable[object]) -> str:
    try:
        return f"{await call!r}"
    except TelegramError as error:
        return told_by(error)


async def rough_day(api: BotApi) -> list[str]:
    """Every way to succeed and to fail; gives all that the calls said."""
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(connected(api, AiohttpRequest(read_timeout=0.05)))
        told = [await attempt(bot.send_message(1, "hello"))]
        file = api.world.store("a.csv", "text/csv", b"x", "documents")
        got = await bot.get_file(file.id)
        told.append(await attempt(got.download_as_bytearray()))
        page = f"<p>No route to /bot{api.token}/getMe"
        for status, body in ((200, page), (302, ""), (404, None), (409, None), (502, page)):
            api.fail_next("getMe", status, body)
            told.append(await attempt(bot.get_me()))
        api.drop_next("getMe")
        api.hang_next("getMe")
        told += [await attempt(bot.get_me()) for _ in range(2)]
        told.append(await attempt(bot.send_message(404, "hello")))
        await api.stop()
        told.append(await attempt(bot.get_me()))
    return [*told, await attempt(bot.get_me())]


async def test_the_token_is_in_no_log_and_no_error(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0  # asyncio then logs what every step was busy with
    told = await rough_day(api)
    loop.set_debug(False)
    assert len(told) == 12
    assert len(caplog.records) > 20
    secret = api.token.partition(":")[2]
    assert secret not in "".join(told)
    assert secret not in caplog.text
    assert not any(secret in repr(vars(record)) for record in caplog.records)


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://[::1/botSECRET/getMe", None),
        ("nonsense://botSECRET", None),
        ("http://127.0.0.1:99999/botSECRET/getMe", None),
        ("http://127.0.0.1:1/botSECRET/getMe", None),
        ("http://no-such-host.invalid/botSECRET/getMe", None),
        ("http://127.0.0.1:1/botSECRET/getMe", "http://user:SECRET@127.0.0.1:1"),
        ("https://127.0.0.1:1/botSECRET/getMe", "http://user:SECRET@127.0.0.1:1"),
    ],
)
async def test_no_address_however_broken_is_repeated(url: str, proxy: str | None) -> None:
    async with AiohttpRequest(proxy=proxy) as request:
        with pytest.raises(NetworkError) as failure:
            await request.post(url)
    error = failure.value
    # The call's own line, with the address in the test, is part of no traceback text.
    assert "SECRET" not in f"{error} {error!r} {error.__cause__!r}"
