"""Telegram did what was asked, and what it answered can't be read: that is no failed send."""

from __future__ import annotations

import pytest

from bot.app import App
from bot.clock import SetClock
from bot.port import Address
from bot.telegram.adapter import NotTelegram, TelegramAdapter
from bot.telegram.poller import EMPTY_WAIT
from handlers.contract.reply import Button, File, Reply, text_of
from storage.engine import Database
from tests.bot.telegram.serving import NOW, Pauses, Served, message
from tests.fakes.botapi import BotApi

ANN = Address("telegram", "1", "1")
UNREADABLE = [
    '{"ok":true}',
    '{"ok":true,"result":null}',
    '{"ok":true,"result":[]}',
    '{"ok":true,"result":{}}',
    '{"ok":true,"result":{"message_id":"seven"}}',
    '{"ok":true,"result":{"message_id":7,"chat":{"id":1}}}',
    '{"ok":true,"result":{"message_id":7,"date":"soon","chat":{"id":1,"type":"private"}}}',
    '{"ok":true,"resu',
    "[]",
    "",
]


@pytest.mark.parametrize("body", UNREADABLE)
async def test_an_answer_goes_out_once_whatever_telegram_says_of_it(
    served: Served, body: str
) -> None:
    served.api.garble_next("sendMessage", body, times=9)
    served.api.user(1).says("lead Acme")
    await served.answered(1)
    assert served.api.chat(1).texts == ["heard: lead Acme"]
    assert served.states() == ["answered"]
    assert served.effects() == ["lead Acme"]
    [(reference,)] = served.rows("select message_ref from inbox")
    assert reference == ("1:7" if '"message_id":7' in body else "")


@pytest.mark.parametrize("body", UNREADABLE)
@pytest.mark.parametrize("method", ["sendPhoto", "sendDocument", "editMessageText"])
async def test_files_and_edits_go_out_once_too(served: Served, method: str, body: str) -> None:
    served.api.user(1).says("hi")
    await served.answered(1)
    file = File("a.png", b"content", alt="a picture")
    reply = {
        "sendPhoto": Reply(text_of("x"), picture=file),
        "sendDocument": Reply(text_of("x"), document=file),
        "editMessageText": Reply(text_of("x"), replaces="1:2"),
    }[method]
    served.api.garble_next(method, body, times=9)
    await served.adapter.send(ANN, reply)
    assert served.api.calls[method] == 1


async def test_what_repmate_says_by_itself_counts_as_sent(served: Served) -> None:
    served.api.garble_next("sendMessage", '{"ok":true,"result":{}}')
    sent = await served.adapter.send(ANN, Reply(text_of("Call Acme"), ((Button("ok", "ok"),),)))
    assert sent.message_ref == ""
    assert served.api.chat(1).texts == ["Call Acme"]


async def test_a_refusal_with_a_good_status_is_a_refusal(served: Served) -> None:
    body = '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'
    served.member(1)
    served.api.garble_next("sendMessage", body, times=9)
    served.api.user(1).says("one")
    await served.answered(1)
    assert served.api.calls["sendMessage"] == 1
    assert not served.reachable(1)


@pytest.mark.parametrize(
    "result",
    [
        '{"id":7,"first_name":"Rep","username":"rep_bot"}',
        '{"id":7,"is_bot":false,"first_name":"Rep"}',
        '{"id":"7","is_bot":true,"first_name":"Rep"}',
        '{"is_bot":true,"first_name":"Rep"}',
        '"hello"',
        "null",
        "[]",
    ],
)
async def test_a_server_whose_get_me_describes_no_bot_is_said_to_be_no_telegram(
    api: BotApi, database: Database, result: str
) -> None:
    api.garble_next("getMe", f'{{"ok":true,"result":{result}}}')
    app = App(database, SetClock(NOW))
    adapter = TelegramAdapter(app, api.token, api.base_url, api.base_file_url, sleep=Pauses())
    with pytest.raises(NotTelegram, match="TELEGRAM_BASE_URL"):
        await adapter.start()
    await adapter.stop()
    app.close()


async def test_a_server_that_does_not_keep_the_long_poll_is_asked_once_a_second(
    served: Served,
) -> None:
    served.api.fail_next("getUpdates", 200, {"ok": True, "result": []}, times=20)
    served.api.user(1).says("hi")  # ends the poll that is under way
    await served.pauses.until(20)
    assert served.pauses.seconds[:20] == [EMPTY_WAIT] * 20
    await served.answered(1)
    served.api.user(1).says("still here")
    await served.answered(2)
    assert len(served.pauses.seconds) == 20


async def test_a_server_that_repeats_the_same_updates_is_asked_once_a_second(
    served: Served,
) -> None:
    same = {"ok": True, "result": [message(500, "again")]}
    served.api.fail_next("getUpdates", 200, same, times=10)
    served.api.user(1).says("hi")
    await served.pauses.until(9)
    await served.api.idle(quiet=0.05)
    assert served.pauses.seconds == [EMPTY_WAIT] * 9
    assert served.effects().count("again") == 1
