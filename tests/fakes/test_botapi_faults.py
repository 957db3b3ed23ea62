"""Delivery, faults and rates of the fake Bot API are Telegram's, seen through the real library."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter, TimedOut

from tests.fakes.botapi import BotApi


async def ids(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[int]:
    return [update.update_id for update in await bot.get_updates(offset, limit=limit)]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(
    api: BotApi, bot: Bot
) -> None:
    ann = api.user(1)
    first, second, third = (ann.says(text)["update_id"] for text in "abc")
    assert [second - first, third - second] == [1, 1]
    assert await ids(bot) == await ids(bot) == [first, second, third]
    assert await ids(bot, offset=second) == [second, third]
    assert await ids(bot) == [second, third]
    assert await ids(bot, offset=third + 1) == []
    assert api.updates.waiting == []


async def test_a_negative_offset_keeps_the_newest_only(api: BotApi, bot: Bot) -> None:
    ann = api.user(1)
    newest = [ann.says(text)["update_id"] for text in "abc"][-1]
    assert await ids(bot, offset=-1) == await ids(bot) == [newest]


async def test_a_batch_has_at_most_100_updates(api: BotApi, bot: Bot) -> None:
    ann = api.user(1)
    for number in range(120):
        ann.says(str(number))
    assert len(await ids(bot)) == len(await ids(bot, limit=500)) == 100
    assert len(await ids(bot, limit=7)) == 7


async def test_a_long_poll_ends_when_something_happens(api: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await api.wait_for(lambda: api.calls["getUpdates"] == 1)
    assert not poll.done()
    api.user(1).says("hi")
    assert len(await asyncio.wait_for(poll, 60)) == 1


async def test_the_newer_of_two_pollers_wins(api: BotApi, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await api.wait_for(lambda: api.calls["getUpdates"] == 1)
    newer = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="make sure that only one bot instance is running"):
        await older
    api.user(1).says("hi")
    assert len(await newer) == 1


async def test_a_webhook_left_behind_stops_polling(api: BotApi, bot: Bot) -> None:
    api.world.webhook_url = "https://old.example.com"
    api.user(1).says("hi")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert len(await ids(bot)) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await ids(bot) == []


async def test_only_wanted_kinds_of_updates_are_sent(api: BotApi, bot: Bot) -> None:
    ann = api.user(1)
    await bot.get_updates(allowed_updates=["inline_query"])
    ann.says("unwanted")
    wanted = ann.inline("x")["update_id"]
    assert await ids(bot) == [wanted]
    await bot.get_updates(allowed_updates=[])
    assert ann.says("now wanted")["update_id"] in await ids(bot)


async def test_an_update_can_be_delivered_twice_and_with_an_older_id(api: BotApi, bot: Bot) -> None:
    update = api.user(1).says("hi")
    [number] = await ids(bot)
    api.push(update)
    assert await ids(bot, offset=number + 1) == [number]
    assert await ids(bot, offset=number + 1) == []
    api.push(update | {"update_id": 7})
    assert await ids(bot, offset=number + 1) == [7]
    assert await ids(bot, offset=number + 1) == []


async def test_ids_may_start_anew_below_the_old_ones(api: BotApi, bot: Bot) -> None:
    ann = api.user(1)
    last = ann.says("before the holiday")["update_id"]
    assert await ids(bot, offset=last + 1) == []
    api.updates.renumber(1_000)
    ann.says("after the holiday")
    assert await ids(bot, offset=last + 1) == [1_000]
    assert await ids(bot, offset=1_001) == []


async def test_raw_updates_pass_as_they_are(api: BotApi, bot: Bot) -> None:
    api.push({"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}}})
    [update] = await bot.get_updates()
    assert update.channel_post is not None
    assert update.effective_user is None


async def test_a_refusal_is_scripted_for_one_chat(api: BotApi, bot: Bot) -> None:
    for number in (1, 2):
        api.user(number, wrote=True)
    api.fail_next("sendMessage", 429, retry_after=35, times=2, chat=1)
    for _ in range(2):
        with pytest.raises(RetryAfter) as refusal:
            await bot.send_message(1, "x")
        assert refusal.value.retry_after == timedelta(seconds=35)
        await bot.send_message(2, "x")
    await bot.send_message(1, "x")
    assert [one.chat_id for one in api.sent] == [2, 2, 1]
    assert [one.code for one in api.refusals] == [429, 429]
    assert api.faults.left == 0


async def test_over_plain_http_it_answers_as_telegram_does(api: BotApi) -> None:
    api.user(1, wrote=True)
    api.fail_next("getMe", 429, retry_after=3)
    async with aiohttp.ClientSession(f"{api.base_url}{api.token}/") as http:
        slow = await http.get("GETME")
        assert (slow.status, slow.headers["Retry-After"]) == (429, "3")
        assert await slow.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
        sent = await http.post("sendMessage", json={"chat_id": 1, "text": "x"})
        assert (await sent.json())["result"]["text"] == "x"
        again = await http.get("sendmessage", params={"chat_id": "1", "text": "y"})
        assert (await again.json())["ok"]
        unknown = await http.post("sendTelepathy")
        assert await unknown.json() == {
            "ok": False,
            "error_code": 404,
            "description": "Not Found: method not found",
        }


async def test_any_method_can_fail_with_any_body(api: BotApi, bot: Bot) -> None:
    api.fail_next("*", 502, "<html>bad gateway</html>")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_me()
    api.fail_next("getMe", 400, {"ok": False, "error_code": 400, "description": "Bad Request: no"})
    with pytest.raises(BadRequest, match="No"):
        await bot.get_me()
    assert (await bot.get_me()).is_bot


@pytest.mark.parametrize("applied", [True, False])
async def test_a_lost_answer_leaves_the_message_there_or_not(
    api: BotApi, bot: Bot, applied: bool
) -> None:
    api.user(1, wrote=True)
    api.drop_next("sendMessage", applied=applied)
    with pytest.raises(NetworkError):
        await bot.send_message(1, "x")
    assert len(api.sent) == applied


async def test_a_server_that_hangs_answers_nothing(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    api.hang_next("sendMessage", applied=True)
    with pytest.raises(TimedOut):
        await bot.send_message(1, "x", read_timeout=0.05)
    assert len(api.sent) == 1
    await api.idle(quiet=0.01)


async def test_a_server_that_is_down_comes_back_at_the_same_address(api: BotApi, bot: Bot) -> None:
    await api.stop()
    with pytest.raises(NetworkError):
        await bot.get_me()
    await api.start()
    assert (await bot.get_me()).is_bot


async def test_stopping_ends_polls_and_hanging_calls(api: BotApi, bot: Bot) -> None:
    api.hang_next("getMe")
    calls = [asyncio.create_task(bot.get_updates(timeout=30)), asyncio.create_task(bot.get_me())]
    await api.wait_for(lambda: api.calls.total() == 2)
    await asyncio.wait_for(api.stop(), 60)
    polled, asked = await asyncio.gather(*calls, return_exceptions=True)
    assert polled == ()
    assert isinstance(asked, NetworkError)


async def test_rates_are_telegrams_when_enforced() -> None:
    now = 1_000.0
    async with BotApi(monotonic=lambda: now) as api:
        for number in range(1, 41):
            api.user(number, wrote=True)
        api.group(-5)
        api.enforce_rates = True
        async with Bot(api.token, base_url=api.base_url) as bot:

            async def accepted(chat_ids: list[int]) -> int:
                before = len(api.sent)
                for chat_id in chat_ids:
                    try:
                        await bot.send_message(chat_id, "x")
                    except RetryAfter:
                        continue
                return len(api.sent) - before

            assert await accepted([1] * 5) == 3  # a short burst in a private chat
            now += 1
            assert await accepted([1] * 5) == 1  # then one a second
            now += 60
            assert await accepted([-5] * 25) == 20  # 20 a minute in a group
            now += 60
            assert await accepted(list(range(1, 41))) == 30  # 30 a second in all
            now += 0.5
            assert await accepted(list(range(1, 41))) == 15


async def test_a_bug_of_the_fake_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    async def meet_the_bug() -> None:
        async with BotApi() as api, Bot(api.token, base_url=api.base_url) as bot:
            monkeypatch.setitem(api.door.methods, "getMe", lambda world, call: 1 / 0)
            await bot.get_me()

    with pytest.raises(ZeroDivisionError):
        await meet_the_bug()
