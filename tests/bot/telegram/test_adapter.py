"""Starting, stopping, and sharing Telegram with nobody: the adapter over its whole life."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.app import App
from bot.clock import SetClock
from bot.telegram.adapter import TelegramAdapter, TokenRefused
from storage.engine import Database
from tests.bot.telegram.serving import NOW, Pauses, Served, Skills, serving
from tests.fakes.botapi import BotApi


def adapter_for(api: BotApi, database: Database, token: str = "") -> TelegramAdapter:
    app = App(database, SetClock(NOW))
    token = token or api.token
    return TelegramAdapter(app, token, api.base_url, api.base_file_url, sleep=Pauses())


async def test_a_token_telegram_does_not_know_is_said_without_showing_it(
    api: BotApi, database: Database
) -> None:
    token = "7000000001:" + "wrong" * 7
    adapter = adapter_for(api, database, token)
    with pytest.raises(TokenRefused, match="@BotFather") as refused:
        await adapter.start()
    assert token not in str(refused.value)
    assert refused.value.__suppress_context__
    await adapter.stop()


async def test_stopping_before_or_without_a_start_is_harmless(
    api: BotApi, database: Database
) -> None:
    adapter = adapter_for(api, database)
    await adapter.stop()
    await adapter.start()
    await adapter.stop()
    await adapter.stop()


async def test_it_starts_before_telegram_can_be_reached_and_serves_when_it_can(
    api: BotApi, database: Database
) -> None:
    api.fail_next("getMe", 502, times=3)
    async with serving(api, database) as served:
        api.user(1, wrote=True).says("hello")
        await served.answered(1)
    assert api.calls["getMe"] == 4


async def test_a_stale_webhook_is_deleted_and_nothing_of_it_lost(
    api: BotApi, database: Database
) -> None:
    api.world.webhook_url = "https://old.example.com/hook"
    api.user(1, wrote=True).says("while the webhook stood")
    async with serving(api, database) as served:
        await served.answered(1)
        assert api.world.webhook_url == ""
        api.world.webhook_url = "https://again.example.com/hook"
        api.user(1, wrote=True).says("and again")
        await served.answered(2)
    assert api.world.webhook_url == ""


async def test_a_second_receiver_is_named_in_the_log_and_waited_for(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    served.api.fail_next("getUpdates", 409, times=3)
    served.api.user(1).says("hello")
    await served.answered(1)
    assert "another program receives this bot's updates" in caplog.text
    assert len([wait for wait in served.pauses.seconds if wait >= 2.5]) == 3


async def test_two_bots_on_one_token_answer_each_update_once(
    api: BotApi, database: Database
) -> None:
    skills = Skills()
    ann = api.user(1, wrote=True)
    async with serving(api, database, skills) as first, serving(api, database, skills):
        # Both receive: what is kept while one still starts is taken for an earlier process's.
        await api.wait_for(lambda: api.calls["getUpdates"] >= 2)
        for number in range(20):
            ann.says(f"{number}")
        await first.answered(20)
        assert sorted(first.effects(), key=int) == [f"{number}" for number in range(20)]
        assert len(api.chat(1).texts) == 20


async def test_receiving_outlives_a_bad_network_and_whatever_a_proxy_answers(
    served: Served,
) -> None:
    served.api.fail_next("getUpdates", 502, "<html>Bad Gateway</html>")
    served.api.fail_next("getUpdates", 200, {"ok": True, "result": {"no": "list"}})
    served.api.fail_next("getUpdates", 200, {"ok": True, "result": [{"no": "id"}]})
    served.api.fail_next("getUpdates", 401)
    served.api.fail_next("getUpdates", 429, retry_after=7)
    served.api.drop_next("getUpdates", applied=True)
    served.api.user(1).says("hello")
    await served.answered(1)
    assert served.effects() == ["hello"]
    assert 7.0 in served.pauses.seconds


async def test_receiving_outlives_a_surprise_of_our_own(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = served.app.clock.now
    surprises = [RuntimeError("surprise")]

    def surprised() -> object:
        if surprises:
            raise surprises.pop()
        return real()

    monkeypatch.setattr(served.app.clock, "now", surprised)
    served.api.user(1).says("hello")
    await served.answered(1)
    assert "receiving failed" in caplog.text


async def test_stopping_finishes_the_answer_under_way(api: BotApi, database: Database) -> None:
    async with serving(api, database) as served:
        api.user(1, wrote=True).says("hello")
        await api.wait_for(lambda: not api.updates.waiting)
    assert [sent.text for sent in api.sent] in (["heard: hello"], [])
    # Whether or not it had begun, it has one effect and one answer after the next start.
    async with serving(api, database) as served:
        await served.answered(1)
    assert [sent.text for sent in api.sent] == ["heard: hello"]
    assert served.effects() == ["hello"]


async def test_an_invite_is_a_link_to_this_bot(served: Served) -> None:
    link = served.app.invite_links["telegram"]("abc_DEF-123")
    assert link == "https://t.me/RepmateBot?start=abc_DEF-123"


async def test_the_token_is_in_no_log_line_and_no_repr(
    api: BotApi, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    secret = api.token.partition(":")[2]
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    async with serving(api, database) as served:
        adapter = served.adapter
        shown = [repr(adapter), repr(vars(adapter)), repr(adapter._api), str(adapter._api)]
        ann = api.user(1, wrote=True)
        for fault in (401, 403, 404, 500):
            api.fail_next("sendMessage", fault)
            ann.says(f"{fault}")
        api.drop_next("getUpdates")
        ann.sends_document("a.vcf", b"BEGIN:VCARD", "text/vcard")
        ann.inline("x")
        await served.answered(6)
    await api.stop()
    with pytest.raises(Exception, match=r"refus|closed") as error:
        await adapter._api.get_me()
    await api.start()
    told = [record.getMessage() + (record.exc_text or "") for record in caplog.records]
    assert len(told) > 10
    for text in (*told, *shown, str(error.value), repr(error.value), caplog.text):
        assert secret not in text
