"""The fake Bot API plays Telegram to the real library: what the bot does, and what shows of it."""

from __future__ import annotations

import asyncio

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest, ChatMigrated
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.telegram.wire import AiohttpRequest
from tests.fakes.botapi import BotApi, User
from tests.fakes.keyboards import keyboard

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x08\x08\x02\0\0\0"


async def test_the_library_talks_to_it_with_its_own_transport(api: BotApi) -> None:
    async with Bot(api.token, base_url=api.base_url, base_file_url=api.base_file_url) as bot:
        assert (await bot.get_me()).username == "RepmateBot"
        api.user(1).starts("invite-1")
        [update] = await bot.get_updates()
        assert update.message is not None
        assert update.message.text == "/start invite-1"
        assert (await bot.send_document(1, b"a,b", filename="leads.csv")).document is not None


async def test_the_chat_shows_messages_with_edits_applied(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    html = "<b>Acme</b> <a href='https://e.com'>site</a>"
    sent = await bot.send_message(1, html, parse_mode="HTML", reply_markup=keyboard("Won", "Lost"))
    assert api.chat(1).last.styled("bold") == ["Acme"]
    assert api.chat(1).last.labels == ["Won", "Lost"]
    await bot.edit_message_text("Acme is won", 1, sent.message_id)
    assert api.chat(1).texts == ["Acme is won"]
    assert api.chat(1).last.labels == []
    await bot.edit_message_reply_markup(1, sent.message_id, reply_markup=keyboard("Undo"))
    assert api.chat(1).last.labels == ["Undo"]
    assert [one.method for one in api.sent] == [
        "sendMessage",
        "editMessageText",
        "editMessageReplyMarkup",
    ]
    assert [button.data for button in api.sent[0].buttons] == ["Won", "Lost"]
    await bot.delete_message(1, sent.message_id)
    assert api.chat(1).texts == []


async def test_files_arrive_with_name_content_and_caption(api: BotApi, bot: Bot) -> None:
    api.user(1, wrote=True)
    sent = await bot.send_document(1, b"PK..", filename="报价 Q3.xlsx", caption="Q3")
    assert (api.sent[0].filename, api.sent[0].file, api.sent[0].text) == (
        "报价 Q3.xlsx",
        b"PK..",
        "Q3",
    )
    photo = await bot.send_photo(1, PNG, caption="<i>funnel</i>", parse_mode="HTML")
    assert (photo.photo[0].width, photo.photo[0].height) == (16, 8)
    assert api.chat(1).last.styled("italic") == ["funnel"]
    assert sent.document is not None
    again = await bot.send_document(1, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_name == "报价 Q3.xlsx"
    await bot.edit_message_caption(1, photo.message_id, caption="the funnel")
    assert api.chat(1).messages[1].text == "the funnel"


async def test_inline_queries_are_answered_and_chosen(api: BotApi, bot: Bot) -> None:
    ann = api.user(1)
    ann.inline("too expens")
    [update] = await bot.get_updates()
    assert update.inline_query is not None
    content = InputTextMessageContent("<b>Compared to what?</b>", parse_mode="HTML")
    result = InlineQueryResultArticle("card-1", "Price", content)
    await update.inline_query.answer([result], is_personal=True, cache_time=0)
    [answer] = api.inline_answers
    assert (answer.titles, answer.texts()) == (["Price"], ["Compared to what?"])
    assert (answer.query, answer.personal, answer.cache_time) == ("too expens", True, 0)
    ann.picks(answer, "card-1")
    chosen = (await bot.get_updates(offset=update.update_id + 1))[0].chosen_inline_result
    assert chosen is not None
    assert chosen.result_id == "card-1"


async def test_a_migrated_group_names_its_new_id(api: BotApi, bot: Bot) -> None:
    group = api.group(-99, "Sales", [api.user(1)])
    new = api.migrate(group)
    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(-99, "hello")
    assert refusal.value.new_chat_id == new.id
    await bot.send_message(new.id, "hello")
    told = [update.message for update in await bot.get_updates()]
    ids = [(one.migrate_to_chat_id, one.migrate_from_chat_id) for one in told if one]
    assert ids == [(new.id, None), (None, -99)]


async def test_commands_are_kept_by_scope_and_language(api: BotApi, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("today", "Your day")])
    await bot.set_my_commands([BotCommand("today", "今天")], language_code="zh")
    group = BotCommandScopeAllGroupChats()
    await bot.set_my_commands([BotCommand("find", "Look up")], scope=group)
    assert [c.description for c in await bot.get_my_commands(language_code="zh")] == ["今天"]
    assert api.commands() == [{"command": "today", "description": "Your day"}]
    assert [c["command"] for c in api.commands(type="all_group_chats")] == ["find"]
    await bot.delete_my_commands(scope=group)
    assert await bot.get_my_commands(scope=group) == ()


async def test_chats_and_actions(api: BotApi, bot: Bot) -> None:
    api.user(1, "Ann", wrote=True)
    await bot.send_chat_action(1, "typing")
    assert api.actions == [(1, "typing")]
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(1, "dancing")
    assert (await bot.get_chat(1)).first_name == "Ann"


async def test_a_test_waits_for_what_it_names(api: BotApi, bot: Bot) -> None:
    ann: User = api.user(1, wrote=True)
    waiting = asyncio.create_task(api.wait_for(1))
    await bot.send_message(1, "first", disable_notification=True)
    assert [(one.text, one.silent) for one in await waiting] == [("first", True)]
    await api.wait_for(lambda: api.calls["sendMessage"] == 1)
    ann.says("hi")
    with pytest.raises(AssertionError, match=r"1 updates not confirmed; last sent .*'first'"):
        await api.wait_for(2, timeout=0.01)
    with pytest.raises(AssertionError, match="not idle"):
        await api.idle(timeout=0.01)
    [update] = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    await api.idle(quiet=0.01)


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(f"you said {update.message.text}")


async def test_a_polling_application_answers_everyone_once(api: BotApi) -> None:
    wire = AiohttpRequest()
    builder = ApplicationBuilder().token(api.token).base_url(api.base_url).job_queue(None)
    app = builder.request(wire).get_updates_request(wire).build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    people = [api.user(number) for number in range(1, 31)]
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling(poll_interval=0, timeout=30)
        for person in people:
            person.says(f"hello from {person.id}")
        await api.wait_for(len(people))
        await api.idle()
        await app.updater.stop()
        await app.stop()
    assert [api.chat(one.id).texts for one in people] == [
        [f"you said hello from {one.id}"] for one in people
    ]
